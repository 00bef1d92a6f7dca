import type { KnownBlock, PlainTextElement, SectionBlock } from '@slack/types'
import type { Reader } from '../../src/features/people/index.ts'
import { formatDate, formatDay, formatInstant, formatOwnInstant } from '../../src/kernel/calendar-date.ts'
import { formatMoney, type Money } from '../../src/kernel/money.ts'
import { joined as joinedBy } from '../expense-words.ts'
import { wordsOf } from './words/index.ts'

/** A message or card: `text` says everything for notifications and screen readers, `blocks` show it. */
export interface SlackMessage {
  text: string
  blocks: KnownBlock[]
}

/** `A, B and C`; none: empty. What is joined is escaped already. */
export function joined(names: string[], word: 'and' | 'or', locale: string): string {
  return joinedBy(names, wordsOf(locale).common[word])
}

/** Limits of https://docs.slack.dev/reference/block-kit/blocks, with room for what stands around the text. */
const sectionLimit = 2900
const fieldLimit = 1900

/** Marks format only at the edge of a word; there they are replaced, as nothing takes their meaning from them. */
const atWordEdge = /(?<![\p{L}\p{N}])[*_~`]|[*_~`](?![\p{L}\p{N}])/gu
const lookAlikes: Record<string, string> = { '*': '∗', _: 'ˍ', '~': '∼', '`': 'ˋ' }

/**
 * Makes text that a person or a receipt wrote harmless in mrkdwn: `&`, `<` and `>` as
 * https://docs.slack.dev/messaging/formatting-message-text asks, so that `<!channel>` stays text; characters that
 * would format, hide or draw an emoji are taken out of their meaning. Blocks are `verbatim`: what looks like an address or a
 * channel is not made a link.
 */
export function escapeText(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/\p{Cc}+/gu, ' ')
    .replace(atWordEdge, (mark) => lookAlikes[mark] ?? mark)
    .replace(/:(?=[\w+-]+:)/g, ':\u200b')
}

/** The first `length` UTF-16 units, which is how Slack counts; half a character at the end is left out. */
export function beginning(text: string, length: number): string {
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, '')
}

/** The same with an ellipsis in place of what is left out. */
export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${beginning(text, length - 1)}…`
}

/** What a person wrote, short enough and escaped. */
export function quote(text: string, length = 150): string {
  return escapeText(shorten(text.trim(), length))
}

/** What a person wrote, as a quotation that keeps its lines. */
export function blockQuote(text: string, length = 600): string {
  const lines = shorten(text.trim(), length).split(/\r\n|[\n\r\u2028\u2029]/)
  return lines.map((line) => `>${escapeText(line)}`).join('\n')
}

export function plain(text: string, limit = 75): PlainTextElement {
  return { type: 'plain_text', text: shorten(text, limit) || '—', emoji: true }
}

export function section(blockId: string, mrkdwn: string): SectionBlock {
  return {
    type: 'section',
    block_id: blockId,
    text: { type: 'mrkdwn', verbatim: true, text: cut(mrkdwn, sectionLimit) },
  }
}

/** A section with something to press beside its words. */
export function sectionWith(
  blockId: string,
  mrkdwn: string,
  accessory: NonNullable<SectionBlock['accessory']>,
): KnownBlock {
  return { ...section(blockId, mrkdwn), accessory }
}

/** Lines in as few sections as Slack's limit allows; a line is never torn apart. */
export function sections(blockId: string, lines: string[]): KnownBlock[] {
  const texts: string[] = []
  for (const line of lines) {
    const last = texts.at(-1)
    if (last !== undefined && last.length + line.length < sectionLimit)
      texts.splice(-1, 1, `${last}\n${line}`)
    else texts.push(line)
  }
  return texts.map((text, index) => section(index === 0 ? blockId : `${blockId}_${index + 1}`, text))
}

/** Label and value pairs in two columns; at most ten, as Slack allows. */
export function fields(blockId: string, pairs: [label: string, value: string][]): KnownBlock {
  return {
    type: 'section',
    block_id: blockId,
    fields: pairs.slice(0, 10).map(([label, value]) => ({
      type: 'mrkdwn',
      verbatim: true,
      text: cut(`*${label}*\n${value}`, fieldLimit),
    })),
  }
}

/** The same for any number of pairs. */
export function allFields(blockId: string, pairs: [label: string, value: string][]): KnownBlock[] {
  const blocks: KnownBlock[] = []
  for (let start = 0; start < pairs.length; start += 10) {
    blocks.push(fields(start === 0 ? blockId : `${blockId}_${start}`, pairs.slice(start, start + 10)))
  }
  return blocks
}

export function header(blockId: string, text: string): KnownBlock {
  return { type: 'header', block_id: blockId, text: plain(text, 150) }
}

export function context(blockId: string, mrkdwn: string): KnownBlock {
  return {
    type: 'context',
    block_id: blockId,
    elements: [{ type: 'mrkdwn', verbatim: true, text: cut(mrkdwn, fieldLimit) }],
  }
}

/** A message whose `text` is short enough for chat.update, which takes 4,000 characters. */
export function message(text: string, blocks: KnownBlock[]): SlackMessage {
  return { text: cut(text, sectionLimit), blocks }
}

/** Keeps Slack's limit (empty is refused too) without leaving half an escape or half a date token at the end. */
function cut(text: string, limit: number): string {
  if (text.length <= limit) return text || '—'
  return `${beginning(text, limit - 1).replace(/(&[a-z]*|<[^>]*)$/, '')}…`
}

/** `USD 12.50`, with the company's currency beside it where it is another one. */
export function amountText(amount: Money | null, companyAmount: Money | null, locale: string): string {
  if (!amount) return '—'
  const own = formatMoney(amount, locale)
  return companyAmount ? `${own} (${formatMoney(companyAmount, locale)})` : own
}

export function dateText(date: string | null, locale: string): string {
  return date ? formatDate(date, locale) : '—'
}

/** An instant that Slack shows in the reader's own time zone, with our text where it cannot or has another language. */
export function instantText(at: Date, reader: Reader): string {
  const { timeZone, locale, isNotSlacks } = reader
  // Slack names no zone either to somebody who reads it in their own.
  const ours = (isNotSlacks ? formatOwnInstant : formatInstant)(at, timeZone, locale)
  return bySlack(at, wordsOf(locale).common.instant, ours, reader)
}

/** The day of an instant, likewise. */
export function dayText(at: Date, reader: Reader): string {
  return bySlack(at, '{date_short}', formatDay(at, reader.timeZone, reader.locale), reader)
}

function bySlack(at: Date, format: string, ours: string, { isNotSlacks = false }: Reader): string {
  const text = escapeText(ours)
  return isNotSlacks ? text : `<!date^${Math.floor(at.getTime() / 1000)}^${format}|${text}>`
}
