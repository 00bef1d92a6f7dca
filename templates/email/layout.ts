import { type Html, html, oneLine } from '../html.ts'
import { type Block, blockToHtml, blockToText, wrap } from './blocks.ts'

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

const subjectLength = 150
const lineLength = 300
const reasonLength = 1000

const fonts = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;"
const style = {
  page: `margin:0;padding:0;background:#eef1f4;${fonts}`,
  card: 'width:100%;max-width:560px;background:#ffffff;border-radius:8px;',
  company: `padding:24px 24px 0;font-size:14px;line-height:20px;font-weight:600;color:#0b5a66;${wrap}`,
  title: `margin:0;padding:6px 24px 0;font-size:22px;line-height:28px;font-weight:700;color:#1b2430;${wrap}`,
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
  .warning { color: #f2b84b !important; }
  .blocking { color: #ff9a91 !important; }
  .rule { border-color: #38414b !important; }
  .main { background: #6cc5d1 !important; }
  .main-label { color: #0c2226 !important; border-color: #6cc5d1 !important; }
  .quiet-label { color: #6cc5d1 !important; border-color: #7b8794 !important; }
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
<div style="${style.preview}">${oneLine(content.preview, lineLength)}</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#eef1f4;">
<tr><td align="center" style="padding:20px 10px;">
<table role="presentation" class="card" width="560" cellpadding="0" cellspacing="0" border="0" style="${style.card}">
<tr><td class="accent" style="${style.company}">${oneLine(content.company, lineLength)}</td></tr>
<tr><td><h1 class="ink" style="${style.title}">${oneLine(content.title, lineLength)}</h1></td></tr>
${content.blocks.map(blockToHtml)}
<tr><td class="muted" style="${style.reason}">${oneLine(content.reason, reasonLength)}</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`
}

function renderText(content: MailContent): string {
  const blocks = content.blocks.map(blockToText)
  const head = [oneLine(content.company, lineLength), oneLine(content.title, lineLength)].join('\n')
  const foot = `-- \n${oneLine(content.reason, reasonLength)}`
  return `${[head, ...blocks, foot].join('\n\n')}\n`
}
