import { exponentOf } from '../../../../kernel/money.ts'
import type { TextLine } from '../lines.ts'
import { maxTextLength, type ReadingHints, type ReceiptReading } from '../reading.ts'
import { makeRows } from './amount-rows.ts'
import { findAmounts, inferStyle, toDecimalString } from './amounts.ts'
import { findCurrency } from './currency.ts'
import { findDate } from './dates.ts'
import { findCardLastFour, findLineItems, findTaxLines, findTip } from './details.ts'
import { findMerchant } from './merchant.ts'
import { plain } from './plain-text.ts'
import { findTotal } from './total.ts'
import { vote } from './vote.ts'

export type ExtractedFields = Omit<ReceiptReading, 'engine' | 'engineVersion' | 'seconds'>

/**
 * Finds a receipt's fields in its printed rows. `passes` holds the rows as each pass of the OCR over the same receipt
 * saw them, the plainest first; what several passes agree on is surer. Pure: the same rows give the same fields.
 */
export function extractFields(passes: TextLine[][], hints: ReadingHints): ExtractedFields {
  const lines = passes[0] ?? []
  const text = lines.map((line) => line.text).join('\n')
  if (!/\p{L}|\d/u.test(text)) return nothing
  const currency = vote(passes.map((pass) => findCurrency(pass, hints.companyCurrency)))
  if (currency === null) return nothing
  const exponent = exponentOf(currency.value)
  const style = inferStyle(passes.flat(), exponent)
  const rowsOf = (pass: TextLine[]) => makeRows(pass, (line, index) => findAmounts(line, index, style))
  const rows = rowsOf(lines)
  const total = findTotal([rows, ...passes.slice(1).map(rowsOf)])
  const date = findDate(passes, { today: hints.today, monthFirst: monthFirstOf(currency, hints.locale) })
  return {
    merchant: vote(passes.map(findMerchant), sameName),
    date,
    total: total && {
      value: toDecimalString(total.thousandths, exponent),
      confidence: total.confidence,
    },
    currency,
    taxLines: findTaxLines(lines, rows, total?.thousandths ?? null, currency.value),
    tip: findTip(rows, total?.thousandths ?? null, currency.value),
    cardLastFour: findCardLastFour(lines),
    lineItems: findLineItems(lines, rows, currency.value),
    text: text.slice(0, maxTextLength),
  }
}

/** Names differ in points, spaces and capitals without being others. */
function sameName(name: string): string {
  return plain(name).replace(/[^A-Z0-9]/g, '')
}

/** How sure the least sure of merchant, date and total is; 0 when one is missing. */
export function sureness(fields: ExtractedFields): number {
  return Math.min(...[fields.merchant, fields.date, fields.total].map((field) => field?.confidence ?? 0))
}

const nothing: ExtractedFields = {
  merchant: null,
  date: null,
  total: null,
  currency: null,
  taxLines: [],
  tip: null,
  cardLastFour: null,
  lineItems: [],
  text: '',
}

/** Dollars of the United States are spent month-first, other currencies day-first; else the locale decides. */
function monthFirstOf(
  currency: { value: string; confidence: number },
  locale: string | undefined,
): boolean | null {
  if (currency.confidence >= 0.75) return currency.value === 'USD' || currency.value === 'PHP'
  if (locale === undefined) return null
  const parts = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeZone: 'UTC' }).formatToParts(0)
  return parts.findIndex((part) => part.type === 'month') < parts.findIndex((part) => part.type === 'day')
}
