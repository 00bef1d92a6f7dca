import { exponentOf } from '../../../../kernel/money.ts'
import type { TextLine } from '../lines.ts'
import type { LineItem, TaxLine } from '../reading.ts'
import { type AmountRow, amountOf } from './amount-rows.ts'
import { toDecimalString } from './amounts.ts'
import { plain } from './plain-text.ts'

/** Tax rows below or above the total: their rate, where printed, and their amount, which is less than the total. */
export function findTaxLines(
  lines: TextLine[],
  rows: AmountRow[],
  total: number | null,
  currency: string,
): TaxLine[] {
  const found = new Map<string, TaxLine>()
  for (const row of rows) {
    const amount = amountOf(row)
    if (row.kind !== 'tax' || !amount || amount.thousandths <= 0) continue
    if (total !== null && amount.thousandths >= total * 0.5) continue
    const rate =
      /(\d{1,2}(?:[.,]\d{1,3})?) ?%/.exec(lines[row.line]?.text ?? '')?.[1]?.replace(',', '.') ?? null
    const decimal = toDecimalString(amount.thousandths, exponentOf(currency))
    found.set(decimal, { rate: rate ?? found.get(decimal)?.rate ?? null, amount: decimal })
  }
  return [...found.values()].slice(0, 20)
}

export function findTip(rows: AmountRow[], total: number | null, currency: string): string | null {
  for (const row of rows) {
    const amount = amountOf(row)
    if (row.kind !== 'tip' || !amount || amount.thousandths <= 0) continue
    if (total === null || amount.thousandths < total)
      return toDecimalString(amount.thousandths, exponentOf(currency))
  }
  return null
}

/** The digits that a card slip leaves visible: `**** **** **** 4242`, `XXXX1234`, `ending in 1234`. */
export function findCardLastFour(lines: TextLine[]): string | null {
  for (const line of lines) {
    const text = plain(line.text)
    const match =
      /(?:[*X#•.]{3,}[\s-]?|ENDING (?:IN )?|\bCARD(?: NO| NUMBER|#)?[.: ]+)(\d{4})(?!\d|[.,/-]\d)/.exec(text)
    if (match?.[1]) return match[1]
  }
  return null
}

/** Rows above the first subtotal or total that have a name and a price. */
export function findLineItems(lines: TextLine[], rows: AmountRow[], currency: string): LineItem[] {
  const end = rows.findIndex(
    (row) => row.kind === 'subtotal' || row.kind === 'total' || row.kind === 'grandTotal',
  )
  const items: LineItem[] = []
  for (const row of rows.slice(0, Math.max(0, end))) {
    const amount = amountOf(row)
    const line = lines[row.line]
    if (row.kind !== null || !amount || !line || amount.decimals === 0) continue
    const description =
      (line.text.slice(0, row.amounts[0]?.start ?? 0).trim() || lines[row.line - 1]?.text.trim()) ?? ''
    if (!/\p{L}{3}/u.test(description)) continue
    items.push({
      description: description.slice(0, 200),
      amount: toDecimalString(amount.thousandths, exponentOf(currency)),
    })
  }
  return items.slice(0, 200)
}
