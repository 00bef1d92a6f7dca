import { type ResponseSchema, SchemaType } from '@google/generative-ai'
import { z } from 'zod'
import { addDays, type CalendarDate, isCalendarDate } from '../../../kernel/calendar-date.ts'
import { isCurrency, parseAmount, toDecimal } from '../../../kernel/money.ts'
import { type ExtractedFields, extractFields } from './extract/extract.ts'
import { plain } from './extract/plain-text.ts'
import { makeLine, type TextLine } from './lines.ts'
import { maxTextLength, type ReadField, type ReadingHints } from './reading.ts'

const text = (description: string): ResponseSchema => ({ type: SchemaType.STRING, description })
const textOrNull = (description: string): ResponseSchema => ({ ...text(description), nullable: true })
const object = (properties: Record<string, ResponseSchema>): ResponseSchema => ({
  type: SchemaType.OBJECT,
  properties,
  required: Object.keys(properties),
})
const list = (items: ResponseSchema): ResponseSchema => ({ type: SchemaType.ARRAY, items })
const field = (description: string): ResponseSchema =>
  object({
    value: textOrNull(description),
    confidence: { type: SchemaType.NUMBER, description: '0 to 1: how likely the value is right' },
  })

/** What Gemini is asked to answer. The text comes first, so that the fields are taken from what was transcribed. */
export const geminiSchema: ResponseSchema = object({
  text: text('All printed text, row by row from top to bottom, a label and its amount in one row'),
  merchant: field('Name of the shop or company that was paid'),
  date: field('Date of the purchase, YYYY-MM-DD'),
  total: field('Amount paid, tip included: digits and a decimal point only, such as 1234.56'),
  currency: field('ISO 4217 code, such as EUR'),
  taxLines: list(object({ rate: textOrNull('Percentage, such as 7.7'), amount: text('Such as 1.20') })),
  tip: textOrNull('Such as 5.00'),
  cardLastFour: textOrNull('Last four digits of the card'),
  lineItems: list(
    object({ description: text('As printed'), amount: text('Price of the row; - before a discount') }),
  ),
})

const stated = z.object({ value: z.string().nullable(), confidence: z.number().min(0).max(1).catch(0) })
type Stated = z.infer<typeof stated>

/** The same schema as a check: the service is asked for a form, and may answer anything. */
const answerSchema = z.object({
  text: z.string(),
  merchant: stated,
  date: stated,
  total: stated,
  currency: stated,
  taxLines: z.array(z.object({ rate: z.string().nullable(), amount: z.string() })),
  tip: z.string().nullable(),
  cardLastFour: z.string().nullable(),
  lineItems: z.array(z.object({ description: z.string(), amount: z.string() })),
})
type Answer = z.infer<typeof answerSchema>

/** Far more than the longest receipt: what is longer is not worth parsing. */
const maxAnswerLength = 200_000

/**
 * Gemini's answer as fields, or null where it is not what was asked for. A value that cannot be (a total of `NaN`, a
 * date to come, an unknown currency) becomes null by itself.
 *
 * Gemini's own confidences say little: they are mostly near 1. So each field is checked by the rules that read receipts
 * on this machine, over the text that Gemini transcribed, and this decides:
 *
 * - both found the same: the smaller of the two confidences. Both meet the same ambiguity (`03/04`, `$`), and only
 *   Gemini saw how legible the print is, so agreement does not raise either;
 * - the rules found nothing: at most 0.7, unless several items, tax and tip add up to the total;
 * - the rules found something else: at most 0.4.
 *
 * 0.7 and below is asked of a person. A receipt that tells its reader what to answer contradicts its own print.
 */
export function parseAnswer(json: string, hints: ReadingHints): ExtractedFields | null {
  const answer = answerSchema.safeParse(json.length > maxAnswerLength ? null : parseJson(json))
  return answer.success ? toFields(answer.data, hints) : null
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}

function toFields(answer: Answer, hints: ReadingHints): ExtractedFields {
  const printed = cleanRows(answer.text)
  const rules = extractFields([linesOf(printed)], hints)
  const code = answer.currency.value?.trim().toUpperCase() ?? ''
  const currency = isCurrency(code) ? code : null
  const money = moneyIn(currency ?? hints.companyCurrency)
  const minor = positive(money.read(answer.total.value))
  const total = minor === null ? null : money.write(minor)
  const { addUp, ...details } = detailsOf(answer, money, minor)
  return {
    merchant: merchantOf(answer.merchant, printed),
    date: weigh(toDate(answer.date.value, hints.today), answer.date, rules.date),
    total: weigh(total, answer.total, inDigitsOf(total, rules.total), addUp),
    currency: weigh(currency, answer.currency, rules.currency),
    ...details,
    cardLastFour: /^\d{4}$/.test(answer.cardLastFour ?? '') ? answer.cardLastFour : null,
    text: cut(printed, maxTextLength),
  }
}

/** 1200 and 1200.00 are the same total: the rules may have taken it for another currency. */
function inDigitsOf(total: string | null, rules: ReadField<string> | null): ReadField<string> | null {
  if (total === null || rules === null || Number(total) !== Number(rules.value)) return rules
  return { ...rules, value: total }
}

/** Tax, tip and items that can be, and whether they make the total: some print prices without tax, some with it. */
function detailsOf(answer: Answer, money: MoneyIn, total: number | null) {
  const part = (value: string | null): number | null => {
    const minor = positive(money.read(value))
    return total !== null && minor !== null && minor >= total ? null : minor
  }
  const taxes = answer.taxLines.flatMap(({ rate, amount }) => {
    const minor = part(amount)
    return minor === null ? [] : [{ rate: toRate(rate), minor }]
  })
  const items = answer.lineItems.flatMap(({ description, amount }) => {
    const [name, minor] = [cleanRow(description), money.read(amount)]
    return name === '' || minor === null ? [] : [{ description: cut(name, 200), minor }]
  })
  const tip = part(answer.tip)
  const [net, tax] = [sum(items), sum(taxes)]
  const sums = [net, net + tax, net + (tip ?? 0), net + tax + (tip ?? 0)]
  return {
    taxLines: taxes.slice(0, 20).map(({ rate, minor }) => ({ rate, amount: money.write(minor) })),
    lineItems: items
      .slice(0, 200)
      .map(({ description, minor }) => ({ description, amount: money.write(minor) })),
    tip: tip === null ? null : money.write(tip),
    // One row is no sum: an amount that was taken for the total may be taken for a row as well.
    addUp: total !== null && items.length > 1 && sums.includes(total),
  }
}

function sum(rows: { minor: number }[]): number {
  return rows.reduce((total, { minor }) => total + minor, 0)
}

const highest = 0.97
const unchecked = 0.7
const contradicted = 0.4

function weigh(
  value: string | null,
  { confidence }: Stated,
  rules: ReadField<string> | null,
  addUp = false,
): ReadField<string> | null {
  if (value === null) return null
  const own = Math.min(confidence, highest)
  if (rules !== null && rules.value !== value) return { value, confidence: Math.min(own, contradicted) }
  const support = Math.max(rules?.confidence ?? unchecked, addUp ? highest : 0)
  return { value, confidence: Math.min(own, support) }
}

/** The rules are worse at names than Gemini is, so a name only has to be printed. */
function merchantOf({ value, confidence }: Stated, printed: string): ReadField<string> | null {
  const name = cleanRow(value ?? '')
  if (name === '' || name.length > 200) return null
  const letters = (from: string) => plain(from).replace(/[^\p{L}\p{N}]/gu, '')
  const isPrinted = letters(printed).includes(letters(name))
  return { value: name, confidence: Math.min(confidence, isPrinted ? highest : unchecked) }
}

type MoneyIn = ReturnType<typeof moneyIn>

/** Amounts in minor units of `currency`, from and to plain decimals; what is none is null. */
function moneyIn(currency: string) {
  return {
    read(value: string | null): number | null {
      const match = /^(-?)([\d.]+)$/.exec(value?.trim() ?? '')
      if (!match) return null
      try {
        const { minor } = parseAmount(match[2] ?? '', currency)
        return match[1] === '-' ? -minor : minor
      } catch {
        return null
      }
    },
    write: (minor: number): string => toDecimal({ minor, currency }),
  }
}

function positive(minor: number | null): number | null {
  return minor !== null && minor > 0 ? minor : null
}

function toDate(value: string | null, today: CalendarDate): CalendarDate | null {
  const date = value?.trim() ?? ''
  return isCalendarDate(date) && date >= '2000-01-01' && date <= addDays(today, 1) ? date : null
}

function toRate(rate: string | null): string | null {
  return /^\d{1,2}(\.\d{1,3})?$/.test(rate ?? '') ? rate : null
}

/** Control and direction characters and halves of characters mislead people, and the database refuses some of them. */
function cleanRow(row: string): string {
  return row.replace(/\p{C}/gu, ' ').replace(/\s+/g, ' ').trim()
}

/** The first `length` units of a text; half of a character at the cut is replaced. */
function cut(long: string, length: number): string {
  return long.slice(0, length).toWellFormed()
}

function cleanRows(rows: string): string {
  return rows.split('\n').map(cleanRow).filter(Boolean).join('\n')
}

/** Longer texts and rows than receipts have would keep the rules' patterns busy in this process. */
const maxRows = 300
const maxRowLength = 200

/** Transcribed rows in the form that the rules read: as OCR would give them, and sure of every word. */
function linesOf(printed: string): TextLine[] {
  const rows = printed.split('\n').filter(Boolean).slice(0, maxRows)
  return rows.map((row, index) => {
    let x0 = 0
    const words = row
      .slice(0, maxRowLength)
      .split(' ')
      .filter(Boolean)
      .map((word) => {
        const box = { x0, y0: index * 30, x1: x0 + word.length * 10, y1: index * 30 + 20 }
        x0 = box.x1 + 10
        return { text: word, confidence: 1, box }
      })
    return makeLine(words)
  })
}
