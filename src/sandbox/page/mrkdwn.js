import { el, momentOf, nearDay } from './common.js'
import { emoji } from './emoji.js'

/**
 * Slack's mrkdwn as DOM nodes. Whatever is not one of its few forms stays text.
 * https://docs.slack.dev/messaging/formatting-message-text
 */

const forms = [
  { pattern: /`([^`\n]+)`/, make: (m) => el('code', {}, plain(m[1])) },
  { pattern: /<([^<>\n]+)>/, make: (m, names) => reference(m[1], names) },
  {
    pattern: /(?<![\w*])\*(?=\S)([^*\n]*[^*\s])\*(?![\w*])/,
    make: (m, names) => el('b', {}, inline(m[1], names)),
  },
  { pattern: /(?<!\w)_(?=\S)([^_\n]*[^_\s])_(?!\w)/, make: (m, names) => el('i', {}, inline(m[1], names)) },
  {
    pattern: /(?<![\w~])~(?=\S)([^~\n]*[^~\s])~(?![\w~])/,
    make: (m, names) => el('s', {}, inline(m[1], names)),
  },
  { pattern: /:([a-z0-9_+-]+):/, make: (m) => emoji[m[1]] ?? m[0] },
]

/** Texts as Slack stores them, as DOM nodes. `names(kind, id)` tells people's and channels' names. */
export function mrkdwn(text, names) {
  const parts = text.split(/```\n?([\s\S]*?)```/)
  return parts.flatMap((part, i) => (i % 2 === 1 ? [el('pre', {}, plain(part))] : quoted(part, names)))
}

/** A plain_text object: emoji only. */
export function plainText(text, withEmoji = true) {
  if (!withEmoji) return [text]
  return [text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => emoji[name] ?? whole)]
}

/** Lines that start with `>` become quotes. */
function quoted(text, names) {
  const nodes = []
  let quote
  const lines = text.split('\n')
  for (const [i, line] of lines.entries()) {
    const isQuote = /^(&gt;|>)/.test(line)
    if (isQuote) {
      if (quote === undefined) {
        quote = el('blockquote')
        nodes.push(quote)
      } else quote.append(el('br'))
      quote.append(...inline(line.replace(/^(&gt;|>)\s?/, ''), names))
      continue
    }
    if (i > 0 && quote === undefined) nodes.push(el('br'))
    quote = undefined
    nodes.push(...inline(line, names))
  }
  return nodes
}

function inline(text, names) {
  const nodes = []
  let rest = text
  while (rest !== '') {
    let first
    for (const form of forms) {
      const match = form.pattern.exec(rest)
      if (match && (first === undefined || match.index < first.match.index)) first = { form, match }
    }
    if (first === undefined) break
    if (first.match.index > 0) nodes.push(plain(rest.slice(0, first.match.index)))
    nodes.push(first.form.make(first.match, names))
    rest = rest.slice(first.match.index + first.match[0].length)
  }
  if (rest !== '') nodes.push(plain(rest))
  return nodes
}

function plain(text) {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}

function reference(inner, names) {
  const [target = '', label] = inner.split('|')
  if (target.startsWith('@'))
    return el('span', { class: 'mention' }, `@${names('user', target.slice(1)) ?? label ?? target}`)
  if (target.startsWith('#'))
    return el('span', { class: 'mention' }, `#${names('channel', target.slice(1)) ?? label ?? ''}`)
  if (target.startsWith('!date^')) return date(target, label)
  if (target.startsWith('!'))
    return el('span', { class: 'mention' }, `@${label ?? target.slice(1).split('^')[0]}`)
  if (!/^(https?:|mailto:)/i.test(target)) return plain(`<${inner}>`)
  const href = plain(target)
  return el(
    'a',
    { href, target: '_blank', rel: 'noopener noreferrer' },
    plain(label ?? target.replace(/^mailto:/, '')),
  )
}

const dateForms = {
  date_num: { year: 'numeric', month: '2-digit', day: '2-digit' },
  date_slash: { year: 'numeric', month: '2-digit', day: '2-digit' },
  date: { dateStyle: 'long' },
  date_short: { dateStyle: 'medium' },
  date_long: { dateStyle: 'full' },
  time: { timeStyle: 'short' },
  time_secs: { timeStyle: 'medium' },
}

/** `<!date^seconds^{date_short_pretty} at {time}^link|fallback>`: near days by their names where it says `pretty`. */
function date(target, label) {
  const [, seconds, format = '', link] = target.split('^')
  if (!/^\d+$/.test(seconds ?? '')) return plain(label ?? '')
  const words = plain(format).replace(/\{(\w+)\}/g, (whole, name) => {
    if (name === 'ago') return ago(Number(seconds))
    const form = dateForms[name.replace(/_pretty$/, '')]
    const near = name.endsWith('_pretty') ? nearDay(seconds) : undefined
    return form === undefined ? whole : (near ?? momentOf(seconds, form))
  })
  if (!/^https?:/i.test(link ?? '')) return words
  return el('a', { href: plain(link), target: '_blank', rel: 'noopener noreferrer' }, words)
}

function ago(seconds) {
  const past = Date.now() / 1000 - seconds
  const [size, unit] = [
    [86_400, 'day'],
    [3_600, 'hour'],
    [60, 'minute'],
  ].find(([most]) => Math.abs(past) >= most) ?? [1, 'second']
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(-Math.round(past / size), unit)
}
