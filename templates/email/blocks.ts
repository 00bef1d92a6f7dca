import { type Html, html, oneLine } from '../html.ts'

/** One part of a mail. Values may be whatever people wrote: a block bounds them and keeps them on their line. */
export type Block =
  | { kind: 'paragraph'; text: string }
  /** The figure that matters, and a line that explains it. */
  | { kind: 'amount'; text: string; note: string }
  /** Labels and their values; a value of several lines is a list. */
  | { kind: 'facts'; rows: FactRow[] }
  /** Where one of several things begins. */
  | { kind: 'heading'; text: string }
  /** Sentences with a mark that says how grave they are, or with their number. */
  | { kind: 'list'; title: string | null; numbered: boolean; items: { mark: Mark; text: string }[] }
  /** What a person said, line by line. */
  | { kind: 'quote'; lines: string[] }
  /** Something to press; in plain text the bare address. A mail has one main button for each thing it asks. */
  | { kind: 'button'; label: string; url: string; rank: 'main' | 'quiet'; note: string | null }
  /** Ways to several things, or to what the mail is not about; in plain text the bare addresses. */
  | { kind: 'links'; title: string | null; items: { label: string; url: string }[] }
  /** Characters to be typed elsewhere, large and spaced. */
  | { kind: 'code'; text: string; note: string }

export type FactRow = [label: string, ...values: string[]]
export type Mark = 'info' | 'warning' | 'blocking'

const valueLength = 300
const paragraphLength = 1000

export const wrap = 'overflow-wrap:anywhere;word-break:break-word;'
const ink = 'color:#1b2430;'
const muted = 'color:#5a6675;'
const small = 'font-size:14px;line-height:20px;'
const ruled = 'border-top:1px solid #e1e5ea;'
const pressed = 'display:inline-block;padding:12px 22px;font-size:16px;line-height:22px;font-weight:600;'
// Inline, because many mail programs drop style sheets; the classes are only for dark mode, where one is honoured.
const style = {
  block: 'padding:16px 24px 0;',
  paragraph: `margin:0;font-size:15px;line-height:22px;${ink}${wrap}`,
  amount: `margin:0;font-size:30px;line-height:38px;font-weight:700;${ink}${wrap}`,
  note: `margin:0;${small}${muted}${wrap}`,
  heading: `margin:0;padding:16px 0 0;${ruled}font-size:17px;line-height:24px;font-weight:700;${ink}${wrap}`,
  listTitle: `margin:0 0 4px;${small}font-weight:700;${ink}`,
  item: `padding:3px 0;font-size:15px;line-height:22px;vertical-align:top;${ink}${wrap}`,
  label: `padding:9px 12px 9px 0;width:104px;${small}font-weight:400;text-align:left;vertical-align:top;${muted}${ruled}`,
  value: `padding:9px 0;${small}vertical-align:top;${ink}${ruled}${wrap}`,
  quote: `margin:0;padding:2px 0 2px 14px;border-left:3px solid #b9c2cc;font-size:15px;line-height:22px;${ink}${wrap}`,
  link: `display:block;padding:12px 0;${small}color:#0b5a66;${wrap}`,
  code: `margin:0;font:700 34px/42px Consolas,Menlo,'DejaVu Sans Mono',monospace;letter-spacing:6px;${ink}`,
  main: `${pressed}color:#ffffff;text-decoration:none;border:1px solid #0b5a66;border-radius:8px;`,
  quiet: `${pressed}color:#0b5a66;text-decoration:none;border:1px solid #8a96a3;border-radius:8px;`,
  buttonNote: `margin:8px 0 0;${small}${muted}${wrap}`,
}

const marks: Record<Mark, { sign: string; plain: string; className: string; colour: string }> = {
  info: { sign: '•', plain: '-', className: 'muted', colour: '#5a6675' },
  warning: { sign: '!', plain: '!', className: 'warning', colour: '#8a5300' },
  blocking: { sign: '×', plain: 'x', className: 'blocking', colour: '#b3261e' },
}

export function blockToHtml(block: Block): Html {
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
    case 'heading':
      return html`<h2 class="ink rule" style="${style.heading}">${oneLine(block.text, valueLength)}</h2>`
    case 'list':
      return html`${listTitle(block.title)}<table role="presentation" cellpadding="0" cellspacing="0" border="0">
${block.items.map((item, index) => listItem(item, block.numbered ? index + 1 : null))}</table>`
    case 'quote':
      return html`<blockquote class="ink rule" style="${style.quote}">${block.lines.map((line) => html`<div>${oneLine(line, paragraphLength)}</div>`)}</blockquote>`
    case 'button':
      return button(block)
    case 'links':
      return html`${listTitle(block.title)}${block.items.map(({ label, url }) => html`<a class="accent rule" href="${url}" style="${style.link}">${oneLine(label, valueLength)}</a>`)}`
    case 'code':
      return html`<p class="ink" style="${style.code}">${block.text}</p>
<p class="muted" style="${style.note}">${oneLine(block.note, valueLength)}</p>`
  }
}

function listTitle(title: string | null): Html {
  return title === null ? html`` : html`<p class="ink" style="${style.listTitle}">${title}</p>`
}

function factRow([label, ...values]: FactRow): Html {
  const lines = values.map(
    (value) => html`<div style="padding-bottom:2px;">${oneLine(value, valueLength)}</div>`,
  )
  return html`<tr><th scope="row" class="muted rule" style="${style.label}">${label}</th><td class="ink rule" style="${style.value}">${lines}</td></tr>
`
}

function listItem({ mark, text }: { mark: Mark; text: string }, number: number | null): Html {
  const { sign, className, colour } = marks[mark]
  return html`<tr><td class="${className}" style="${style.item}width:20px;font-weight:700;color:${colour};">${number === null ? sign : `${number}.`}</td><td class="ink" style="${style.item}">${oneLine(text, paragraphLength)}</td></tr>
`
}

function button({ label, url, rank, note }: Block & { kind: 'button' }): Html {
  const main = rank === 'main'
  // The cell carries the colour and its own padding for Outlook, which ignores that of a link.
  const cell = `border-radius:8px;mso-padding-alt:12px 22px;${main ? 'background:#0b5a66;' : ''}`
  const below = note === null ? '' : html`<p class="muted" style="${style.buttonNote}">${note}</p>`
  return html`<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr><td class="${rank}" style="${cell}"><a class="${rank}-label" href="${url}" style="${style[rank]}">${label}</a></td></tr></table>${below}`
}

export function blockToText(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return oneLine(block.text, paragraphLength)
    case 'amount':
      return `${oneLine(block.text, valueLength)}\n${oneLine(block.note, valueLength)}`
    case 'facts':
      return factsToText(block.rows)
    case 'heading':
      return `* ${oneLine(block.text, valueLength)}`
    case 'list':
      return [
        ...(block.title === null ? [] : [block.title]),
        ...block.items.map(({ mark, text }, index) => {
          const sign = block.numbered ? `${index + 1}.` : marks[mark].plain
          return `${sign} ${oneLine(text, paragraphLength)}`
        }),
      ].join('\n')
    case 'quote':
      return block.lines.map((line) => `> ${oneLine(line, paragraphLength)}`).join('\n')
    case 'button':
      return [`${block.label}:`, block.url, ...(block.note === null ? [] : [block.note])].join('\n')
    case 'links': {
      const items = block.items.map(({ label, url }) => `${oneLine(label, valueLength)}:\n${url}`)
      return [...(block.title === null ? [] : [block.title]), ...items].join('\n')
    }
    case 'code':
      return `${block.text}\n${oneLine(block.note, valueLength)}`
  }
}

function factsToText(rows: FactRow[]): string {
  const widest = Math.max(...rows.map(([label]) => label.length)) + 2
  return rows
    .flatMap(([label, ...values]) =>
      values.map((value, index) => {
        const head = index === 0 ? `${label}:` : ''
        return `${head.padEnd(widest)}${oneLine(value, valueLength)}`
      }),
    )
    .join('\n')
}
