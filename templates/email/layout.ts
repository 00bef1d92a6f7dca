import { type Html, html, oneLine } from './html.ts'

/** A mail as its sender hands it on: `subject` is one safe line. */
export interface Mail {
  subject: string
  html: string
  text: string
}

/** What a mail says; `renderMail` shapes it alike in HTML and in plain text. Values may be whatever people wrote. */
export interface MailContent {
  subject: string
  /** Shown by mail programs in the list, after the subject. */
  preview: string
  /** Who the mail speaks for, at its head. */
  company: string
  title: string
  blocks: Block[]
  /** Why this person gets this mail, at its foot. */
  reason: string
}

export type Block =
  | { kind: 'paragraph'; text: string }
  /** The figure that matters, and a line that explains it. */
  | { kind: 'amount'; text: string; note: string }
  /** Labels and their values; a value of several lines is a list. */
  | { kind: 'facts'; rows: [label: string, ...values: string[]][] }

const subjectLength = 150
const valueLength = 300
const paragraphLength = 1000

// Inline, because many mail programs drop style sheets; the classes are only for dark mode, where one is honoured.
const fonts = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;"
const wrap = 'overflow-wrap:anywhere;word-break:break-word;'
const style = {
  page: `margin:0;padding:0;background:#eef1f4;${fonts}`,
  card: 'width:100%;max-width:560px;background:#ffffff;border-radius:8px;',
  company: `padding:24px 24px 0;font-size:14px;line-height:20px;font-weight:600;color:#0b5a66;${wrap}`,
  title: `margin:0;padding:6px 24px 0;font-size:22px;line-height:28px;font-weight:700;color:#1b2430;${wrap}`,
  block: 'padding:16px 24px 0;',
  paragraph: `margin:0;font-size:15px;line-height:22px;color:#1b2430;${wrap}`,
  amount: `margin:0;font-size:32px;line-height:40px;font-weight:700;color:#1b2430;${wrap}`,
  note: `margin:0;font-size:14px;line-height:20px;color:#5a6675;${wrap}`,
  label: `padding:9px 12px 9px 0;width:104px;font-size:14px;line-height:20px;font-weight:400;text-align:left;vertical-align:top;color:#5a6675;border-top:1px solid #e1e5ea;`,
  value: `padding:9px 0;font-size:14px;line-height:20px;vertical-align:top;color:#1b2430;border-top:1px solid #e1e5ea;${wrap}`,
  reason: `padding:24px;font-size:12px;line-height:18px;color:#5a6675;${wrap}`,
  preview: 'display:none;max-height:0;overflow:hidden;mso-hide:all;',
}

const darkMode = html`<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background: #14181d !important; }
  .card { background: #1f252c !important; }
  .ink { color: #eef1f4 !important; }
  .muted { color: #a9b4c0 !important; }
  .accent { color: #6cc5d1 !important; }
  .rule { border-color: #38414b !important; }
}
</style>`

/** Shapes a mail in HTML (600 px and phones, light and dark, no remote content) and in plain text. */
export function renderMail(content: MailContent): Mail {
  return {
    subject: oneLine(content.subject, subjectLength),
    html: renderHtml(content).toString(),
    text: renderText(content),
  }
}

function renderHtml(content: MailContent): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${oneLine(content.subject, subjectLength)}</title>
${darkMode}
</head>
<body class="page" style="${style.page}">
<div style="${style.preview}">${oneLine(content.preview, valueLength)}</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#eef1f4;">
<tr><td align="center" style="padding:20px 10px;">
<table role="presentation" class="card" width="560" cellpadding="0" cellspacing="0" border="0" style="${style.card}">
<tr><td class="accent" style="${style.company}">${oneLine(content.company, valueLength)}</td></tr>
<tr><td><h1 class="ink" style="${style.title}">${oneLine(content.title, valueLength)}</h1></td></tr>
${content.blocks.map(blockToHtml)}
<tr><td class="muted" style="${style.reason}">${oneLine(content.reason, paragraphLength)}</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`
}

function blockToHtml(block: Block): Html {
  return html`<tr><td style="${style.block}">${blockBody(block)}</td></tr>
`
}

function blockBody(block: Block): Html {
  switch (block.kind) {
    case 'paragraph':
      return html`<p class="ink" style="${style.paragraph}">${oneLine(block.text, paragraphLength)}</p>`
    case 'amount':
      return html`<p class="ink" style="${style.amount}">${oneLine(block.text, valueLength)}</p>
<p class="muted" style="${style.note}">${oneLine(block.note, valueLength)}</p>`
    case 'facts':
      return html`<table width="100%" cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse;">
${block.rows.map(factRow)}</table>`
  }
}

function factRow([label, ...values]: [label: string, ...values: string[]]): Html {
  const lines = values.map(
    (value) => html`<div style="padding-bottom:2px;">${oneLine(value, valueLength)}</div>`,
  )
  return html`<tr><th scope="row" class="muted rule" style="${style.label}">${label}</th><td class="ink rule" style="${style.value}">${lines}</td></tr>
`
}

function renderText(content: MailContent): string {
  const blocks = content.blocks.map(blockToText)
  const head = [oneLine(content.company, valueLength), oneLine(content.title, valueLength)].join('\n')
  const foot = `-- \n${oneLine(content.reason, paragraphLength)}`
  return `${[head, ...blocks, foot].join('\n\n')}\n`
}

function blockToText(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return oneLine(block.text, paragraphLength)
    case 'amount':
      return `${oneLine(block.text, valueLength)}\n${oneLine(block.note, valueLength)}`
    case 'facts': {
      const widest = Math.max(...block.rows.map(([label]) => label.length)) + 2
      return block.rows
        .flatMap(([label, ...values]) =>
          values.map((value, index) => {
            const head = index === 0 ? `${label}:` : ''
            return `${head.padEnd(widest)}${oneLine(value, valueLength)}`
          }),
        )
        .join('\n')
    }
  }
}
