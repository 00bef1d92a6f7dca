import type { TextLine } from '../lines.ts'
import type { Amount } from './amounts.ts'
import { classifyLabel, type LabelKind, opensTaxTable } from './labels.ts'

/** One row of the receipt with what its words and numbers mean. */
export interface AmountRow {
  line: number
  kind: LabelKind | null
  amounts: Amount[]
  /** Inside the tax table at the foot, whose totals are not the receipt's. */
  inTaxTable: boolean
  height: number
}

/** Joins each line with its amounts; a label whose amount is printed on the next row takes that one. */
export function makeRows(
  lines: TextLine[],
  amountsOf: (line: TextLine, index: number) => Amount[],
): AmountRow[] {
  let inTaxTable = false
  const rows = lines.map((line, index): AmountRow => {
    if (opensTaxTable(line.text)) inTaxTable = true
    return {
      line: index,
      kind: classifyLabel(line.text),
      amounts: amountsOf(line, index),
      inTaxTable,
      height: line.box.y1 - line.box.y0,
    }
  })
  for (const [index, row] of rows.entries()) {
    const next = rows[index + 1]
    const bare =
      next?.kind === null && next.amounts.length === 1 && !/\p{L}{3}/u.test(lines[index + 1]?.text ?? '')
    if (row.kind !== null && row.amounts.length === 0 && next && bare) {
      row.amounts = next.amounts
      next.amounts = []
    }
  }
  for (const row of rows) joinLostPoint(row, lines[row.line]?.text ?? '', usualDecimals(rows))
  for (const row of rows) {
    // "Rounding 182.00" is the total after rounding: nobody rounds by that much.
    if (row.kind === 'rounding' && Math.abs(amountOf(row)?.thousandths ?? 0) > 1000) row.kind = 'grandTotal'
  }
  return rows
}

/** A faint point reads as a gap: `Total 30 45` is 30.45 where prices have two decimals. */
function joinLostPoint(row: AmountRow, text: string, decimals: number): void {
  const [whole, fraction] = row.amounts.slice(-2)
  if (row.kind === null || decimals !== 2 || !whole || !fraction || whole.decimals + fraction.decimals > 0)
    return
  if (!/\d \d{2}$/.test(text.slice(0, fraction.end)) || fraction.start - whole.end > 1) return
  const thousandths = whole.thousandths + (Math.sign(whole.thousandths || 1) * fraction.thousandths) / 100
  const confidence = 0.8 * Math.min(whole.confidence, fraction.confidence)
  row.amounts.splice(-2, 2, { ...whole, thousandths, decimals, confidence, end: fraction.end })
}

/** The amount that a row is about: the one at its right end. */
export function amountOf(row: AmountRow): Amount | undefined {
  return row.amounts.at(-1)
}

/** The decimals of this receipt's prices: numbers without are quantities, postcodes, or lost their point. */
export function usualDecimals(rows: AmountRow[]): number {
  return Math.max(0, ...rows.flatMap((row) => row.amounts.map((amount) => amount.decimals)))
}
