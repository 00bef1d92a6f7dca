const maxText = 20_000
const maxRead = 200_000

/**
 * What the person wrote: without quoted lines, the mail that follows below, and the signature, where they are marked
 * as such. A forwarded text without a word added is all there is, unless there is HTML that shows it better.
 */
export function writtenText(plain: string, html: string | null): string {
  const all = tidy(plain.trim() !== '' ? plain.slice(0, maxRead) : textOfHtml(html ?? ''))
  const own = tidy(withoutQuotes(all))
  return (own !== '' || html !== null ? own : all).slice(0, maxText).toWellFormed()
}

function tidy(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]|[\u202A-\u202E\u2066-\u2069]/gu, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** Where another mail begins: its sender and, few lines below, its subject, as the usual mail programs name them. */
const otherMail = new RegExp(
  '^[>* \\t]*(?:From|Von|De|Da|Van|Från|Fra|Od)\\*?[ \\t]?:[^\\n]*\\n(?:[^\\n]*\\n){0,6}?' +
    '[>* \\t]*(?:Subject|Betreff|Objet|Asunto|Assunto|Oggetto|Onderwerp|Ämne|Emne|Temat)\\*?[ \\t]?:',
  'm',
)
/** "On Friday Bob wrote:" above the lines that it introduces, sometimes broken into two. */
const attribution = /^(?:On|Am|Le|El|Il|Op|Em|Den|Dnia)\s[^\n]{0,300}(?:\n[^\n]{0,200})?:[ \t]*\n+(?=>)/gm

function withoutQuotes(text: string): string {
  const forwarded = otherMail.exec(text)
  const own = forwarded ? withoutMarker(text.slice(0, forwarded.index)) : text
  const signature = /^-- $/m.exec(own)
  return (signature ? own.slice(0, signature.index) : own)
    .replace(attribution, '')
    .split('\n')
    .filter((line) => !line.startsWith('>'))
    .join('\n')
}

/** Drops the line that announces another mail: dashes, underscores, "Begin forwarded message:". */
function withoutMarker(text: string): string {
  const lines = text.trimEnd().split('\n')
  const last = lines.at(-1) ?? ''
  return /(?:-{4,}|_{4,}|:)$/.test(last.slice(-200)) ? lines.slice(0, -1).join('\n') : text
}

const breaking = /^(?:address|blockquote|br|dd|div|dl|dt|h[1-6]|hr|li|ol|p|pre|table|tr|ul)$/
const hidden = /^(?:head|script|style|template|title)$/
const entities = new Map([
  ...Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }),
  ...Object.entries({ euro: '€', pound: '£', yen: '¥', cent: '¢', ndash: '–', mdash: '—' }),
])

/** The words in HTML, by one pass over its tags: a parser's tree of a hostile page costs seconds and gigabytes. */
function textOfHtml(html: string): string {
  const source = withoutComments(html.slice(0, maxRead))
  const words: string[] = []
  let from = 0
  let within: string | null = null
  for (const tag of source.matchAll(/<(\/?)([a-z][a-z0-9]*)[^<>]*>/gi)) {
    const name = (tag[2] ?? '').toLowerCase()
    if (within === null) words.push(source.slice(from, tag.index).replace(/\s+/g, ' '))
    if (within === null && hidden.test(name) && tag[1] === '') within = name
    else if (within === name) within = null
    if (breaking.test(name)) words.push('\n')
    else if (name === 'td' || name === 'th') words.push(' ')
    from = tag.index + tag[0].length
  }
  if (within === null) words.push(source.slice(from))
  return decodeEntities(words.join(''))
    .replace(/[ \t]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
}

function withoutComments(html: string): string {
  const kept: string[] = []
  let from = 0
  for (;;) {
    const start = html.indexOf('<!--', from)
    if (start < 0) return kept.join('') + html.slice(from)
    kept.push(html.slice(from, start))
    const end = html.indexOf('-->', start + 4)
    if (end < 0) return kept.join('')
    from = end + 3
  }
}

function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,6}));/gi, (all, decimal, hex, name) => {
    if (name) return entities.get(String(name).toLowerCase()) ?? all
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : all
  })
}
