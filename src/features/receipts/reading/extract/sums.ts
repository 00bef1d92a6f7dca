import { type AmountRow, amountOf, usualDecimals } from './amount-rows.ts'
import type { Amount } from './amounts.ts'
import type { LabelKind } from './labels.ts'

/** `paid`: what was given less the change, which is good even where the total's print is lost. */
export type SumKind = 'sum' | 'paid'

export interface Sum {
  amount: { thousandths: number; decimals: number; confidence: number }
  score: number
  kind: SumKind
}

/** Amounts that follow from others, each with how much that speaks for it. */
export function findSums(rows: AmountRow[]): Sum[] {
  const of = (...kinds: LabelKind[]) =>
    rows.flatMap((row) => {
      const amount = amountOf(row)
      return row.kind !== null && kinds.includes(row.kind) && amount && !row.inTaxTable ? [amount] : []
    })
  return [
    ...paidLessChange(of),
    ...subtotalPlus(rows, of),
    ...taxTable(rows),
    ...roundedTotals(of),
    ...items(rows, of),
  ]
}

type Of = (...kinds: LabelKind[]) => Amount[]

function sum(score: number, ...parts: Amount[]): Sum {
  const confidence = Math.min(...parts.map((part) => part.confidence))
  const thousandths = parts.reduce((total, part) => total + part.thousandths, 0)
  return {
    amount: { thousandths, decimals: Math.max(...parts.map((part) => part.decimals)), confidence },
    score: score * (0.4 + 0.6 * confidence),
    kind: 'sum',
  }
}

const negated = (amount: Amount): Amount => ({ ...amount, thousandths: -Math.abs(amount.thousandths) })
const positive = (amount: Amount): Amount => ({ ...amount, thousandths: Math.abs(amount.thousandths) })

function paidLessChange(of: Of): Sum[] {
  return of('cash', 'card')
    .slice(0, 4)
    .flatMap((paid) =>
      of('change')
        .slice(0, 3)
        .filter((change) => change.thousandths !== 0)
        .map((change) => ({ ...sum(2.4, positive(paid), negated(change)), kind: 'paid' as const })),
    )
}

function subtotalPlus(rows: AmountRow[], of: Of): Sum[] {
  const found: Sum[] = []
  for (const row of rows) {
    const subtotal = amountOf(row)
    if (row.inTaxTable || !subtotal || (row.kind !== 'subtotal' && row.kind !== 'total')) continue
    const below = rows.slice(row.line + 1, row.line + 8)
    let parts: Amount[] = [subtotal]
    for (const next of below) {
      const amount = amountOf(next)
      if (!amount || next.inTaxTable) continue
      if (next.kind === 'discount') parts = [...parts, negated(amount)]
      else if (next.kind && ['tax', 'service', 'tip', 'rounding'].includes(next.kind))
        parts = [...parts, amount]
      else break
      found.push(sum(row.kind === 'subtotal' ? 1.8 : 1.2, ...parts))
    }
  }
  for (const subtotal of of('subtotal')) for (const tax of of('tax')) found.push(sum(1, subtotal, tax))
  return found
}

/** Net + tax of a row in the tax table, or of its rows together. */
function taxTable(rows: AmountRow[]): Sum[] {
  const pairs = rows
    .filter((row) => row.inTaxTable && row.amounts.length >= 2)
    .map((row) => row.amounts.slice(0, 2))
  const found = pairs.map((pair) => sum(0.8, ...pair))
  if (pairs.length > 1) found.push(sum(0.9, ...pairs.flat()))
  return found
}

function roundedTotals(of: Of): Sum[] {
  return of('total', 'grandTotal').flatMap((total) =>
    of('rounding')
      .filter((rounding) => rounding.thousandths !== 0 && Math.abs(rounding.thousandths) <= 50)
      .map((rounding) => sum(1, total, rounding)),
  )
}

/** The prices above the first subtotal or total. */
function items(rows: AmountRow[], of: Of): Sum[] {
  const end = rows.findIndex(
    (row) => row.kind === 'subtotal' || row.kind === 'total' || row.kind === 'grandTotal',
  )
  const above = rows.slice(0, Math.max(0, end)).filter((row) => row.kind === null)
  const decimals = usualDecimals(rows)
  const prices = above.flatMap((row) => row.amounts.slice(-1)).filter((price) => price.decimals === decimals)
  if (prices.length === 0 || prices.length > 60) return []
  return [
    sum(1.2, ...prices),
    ...of('tax')
      .slice(0, 2)
      .map((tax) => sum(0.7, ...prices, tax)),
  ]
}
