import type { CalendarDate } from '../../kernel/calendar-date.ts'
import type { Money } from '../../kernel/money.ts'
import { cleanText } from '../../kernel/text.ts'
import type { ExpenseField } from './expenses.entity.ts'
import { findBareAmounts, findLoneAmount, findTypedAmounts, type TypedAmount } from './typed-amounts.ts'
import { findTypedDate, type TypedDate } from './typed-date.ts'

export interface TypingContext {
  /** Today where the person is. */
  today: CalendarDate
  /** BCP 47: how they write days. */
  locale: string
  /** The company's. */
  currency: string
}

/** What a text says that may be an expense. */
export type TypedExpense =
  | {
      kind: 'expense'
      /** Where the money was spent, or what on; null where nothing else was written. */
      merchant: string | null
      amount: Money
      date: CalendarDate
      /** Everything else that was written, where the merchant does not say it all. */
      note: string | null
      /** What was guessed. */
      uncertain: ExpenseField[]
    }
  /** Which of them is meant, or whether they are several expenses, is the person's to say. */
  | { kind: 'several_amounts'; amounts: Money[] }
  | { kind: 'none' }

const none: TypedExpense = { kind: 'none' }

/** Longer is talk. */
const longestText = 300
const mostWords = 14

/**
 * Reads an expense out of a text such as `taxi 23.50 EUR yesterday` or `12,50 € Kaffee gestern`. What is none is not forced
 * into one: without an amount, as a question or as a long sentence it is talk. Without a day it is today's, without a
 * currency the company's, unsurely.
 */
export function parseTypedExpense(typed: string, context: TypingContext): TypedExpense {
  const text = cleanText(typed).replace(/\s+/g, ' ').trim()
  if (text.length > longestText || /\?["')\]]*$/.test(text)) return none
  const marked = findTypedAmounts(text, context.currency)
  const beside = without(text, marked)
  const bare = findBareAmounts(beside, context.currency).filter((amount) => !isDay(beside, amount))
  const written = distinct(marked, bare)
  const lone = written.length > 0 ? null : findLone(beside, context)
  const found = lone ? lone.day : findTypedDate(without(beside, bare), context.today, context.locale)
  const days = found?.spans ?? []
  const amounts = lone ? [lone.amount] : written
  const [amount] = amounts
  if (!amount) return none
  if (amounts.length > 1) return { kind: 'several_amounts', amounts: amounts.map(({ money }) => money) }
  const words = wordsOf(without(beside, [...bare, ...amounts, ...days]))
  if (words.split(' ').length > mostWords) return none
  const place = merchantIn(words)
  return {
    kind: 'expense',
    merchant: place.merchant,
    amount: amount.money,
    date: found?.date ?? context.today,
    note: place.merchant !== null && place.merchant.toLowerCase() !== words.toLowerCase() ? words : null,
    uncertain: [
      ...(place.isSure ? [] : ['merchant' as const]),
      ...amount.uncertain,
      ...(found?.isSure ? [] : ['date' as const]),
    ],
  }
}

/** A number that is an amount though it has no currency, and the day beside it: `taxi 23 yesterday` is of no 23rd. */
function findLone(
  text: string,
  { today, locale, currency }: TypingContext,
): { amount: TypedAmount; day: TypedDate | null } | null {
  const dayIn = (one: string) => findTypedDate(one, today, locale)
  const withNumbers = dayIn(text)
  const days = [withNumbers, ...(withNumbers ? [dayIn(text.replace(/\d/g, ' '))] : [])]
  for (const day of days) {
    const [amount] = findLoneAmount(without(text, day?.spans ?? []), currency)
    // Of “Nov 3” the number is no amount, though nothing is left of the day without it.
    if (amount && (day || !withNumbers)) return { amount, day }
  }
  return null
}

/** Whether a text says how much something cost. */
export function namesAmount(text: string): boolean {
  return findTypedAmounts(text, '').length > 0
}

/** Whether a text has a number with its cents: that is an amount, most likely, where a whole number may be of anything. */
export function namesCents(text: string): boolean {
  return findBareAmounts(text, 'EUR').some((amount) => !isDay(text, amount))
}

/** `on 03.11` and `03.11.` are days, not amounts. */
function isDay(text: string, { start, end }: TypedAmount): boolean {
  const isLed = /\b(on|am|vom|den|dated?)\s+$/i.test(text.slice(0, start))
  const [day, month] = text.slice(start, end).split('.').map(Number)
  const mayBe = day !== undefined && month !== undefined && day >= 1 && day <= 31 && month >= 1 && month <= 12
  return mayBe && (isLed || /^\.(\s|$)/.test(text.slice(end)))
}

/** Written twice, with its currency or without, it is the same. */
function distinct(marked: TypedAmount[], bare: TypedAmount[]): TypedAmount[] {
  const others = bare.filter(({ money }) => !marked.some((one) => one.money.minor === money.minor))
  const key = ({ money }: TypedAmount) => `${money.minor} ${money.currency}`
  return [...new Map([...marked, ...others].map((amount) => [key(amount), amount])).values()]
}

/** The text with blanks in the place of what was read already, so that positions stay. */
function without(text: string, spans: { start: number; end: number }[]): string {
  return spans.reduce(
    (left, { start, end }) => left.slice(0, start) + ' '.repeat(end - start) + left.slice(end),
    text,
  )
}

const fillers =
  /^(i|we|ich|wir|habe|haben|have|just|paid|spent|bezahlt|ausgegeben|for|für|fuer|on|of|von|der|the|a|ein|eine|einen|and|und|[-–—,;:.@()/+*•&]+)\s+/iu
const trailing = /\s+(for|für|fuer|on|at|am|um|of|von|vom|bezahlt|ausgegeben|and|und|[-–—,;:.@()/+*•&]+)$/iu

/** What is left of the text, without the words that only lead to an amount or a day. */
function wordsOf(text: string): string {
  let words = ` ${text} `
    .replace(/\(\s*\)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  for (let before = ''; before !== words; ) {
    before = words
    words = `${words} `.replace(fillers, '').trim()
    words = ` ${words}`.replace(trailing, '').trim()
    words = words.replace(/^[\s,;:.–—-]+|[\s,;:–—-]+$/g, '')
  }
  return words
}

/** `Lunch with Ann at Joe's` was spent at Joe's; `taxi` says all there is. */
function merchantIn(words: string): { merchant: string | null; isSure: boolean } {
  if (!/[\p{L}\p{N}]/u.test(words)) return { merchant: null, isSure: true }
  const place = /(?:^|\s)(?:at|bei|beim|@)\s+(?<name>.+?)(?=\s+(?:with|mit|for|für|on|in)\s|[,;(]|$)/iu.exec(
    words,
  )
  const name = place?.groups?.name
  if (name) return { merchant: name.slice(0, 200), isSure: true }
  const merchant = words.charAt(0).toUpperCase() + words.slice(1)
  return { merchant: merchant.slice(0, 200), isSure: words.split(' ').length <= 3 }
}
