import { exponentOf } from '../../../../kernel/money.ts'
import type { TextLine } from '../lines.ts'
import { maxTextLength, type ReadingHints, type ReceiptReading } from '../reading.ts'
import { findAmounts, inferStyle, toDecimalString } from './amounts.ts'
import { findCurrency } from './currency.ts'
import { findDate } from './dates.ts'
import { findCardLastFour, findLineItems, findTaxLines, findTip } from './details.ts'
import { findMerchant } from './merchant.ts'
import { findTotal, makeRows } from './total.ts'

export type ExtractedFields = Omit<ReceiptReading, 'engine' | 'engineVersion' | 'seconds'>

/** Finds a receipt's fields in its printed rows. Pure: the same rows and hints give the same fields. */
export function extractFields(lines: TextLine[], hints: ReadingHints): ExtractedFields {
  const text = lines.map((line) => line.text).join('\n')
  if (!/\p{L}|\d/u.test(text)) return nothing
  const currency = findCurrency(lines, hints.companyCurrency)
  const exponent = exponentOf(currency.value)
  const style = inferStyle(lines, exponent)
  const rows = makeRows(lines, (line, index) => findAmounts(line, index, style))
  const total = findTotal(rows)
  const date = findDate(lines, { today: hints.today, monthFirst: monthFirstOf(currency, hints.locale) })
  return {
    merchant: findMerchant(lines),
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
