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

export interface FoundTotal {
  thousandths: number
  decimals: number
  confidence: number
}

interface Candidate {
  thousandths: number
  decimals: number
  score: number
  /** Best OCR confidence of a spot where it is printed; 0 when it follows from arithmetic only. */
  printed: number
  /** How many sums agree. */
  sums: number
  /** Whether it is what was given less the change: good even where the print is lost. */
  paid: boolean
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

/**
 * The amount that was to be paid. Every amount collects evidence: what its label says, and which sums agree with it
 * (given − change, subtotal + tax, the items, net + tax in the tax table). The confidence is the share of the evidence
 * that the best amount has against all others, lowered where the OCR was unsure and no sum agrees.
 *
 * Several passes of the OCR over the same receipt weigh together: what all of them saw counts for more than in one
 * pass, what one of them saw for less.
 */
export function findTotal(passes: AmountRow[][]): FoundTotal | null {
  const together = new Map<number, Candidate>()
  const weight = (1 + 0.25 * (passes.length - 1)) / passes.length
  for (const candidate of passes.flatMap(candidatesOf)) {
    const seen = together.get(candidate.thousandths)
    const score = candidate.score * weight
    if (!seen) together.set(candidate.thousandths, { ...candidate, score })
    else {
      seen.score += score
      seen.printed = Math.max(seen.printed, candidate.printed)
      seen.sums = Math.max(seen.sums, candidate.sums)
      seen.paid ||= candidate.paid
    }
  }
  return choose([...together.values()])
}

function candidatesOf(rows: AmountRow[]): Candidate[] {
  const candidates = new Map<number, Candidate>()
  const add: Add = (amount, score, kind = 'printed') => {
    if (amount.thousandths <= 0) return
    const { thousandths, decimals } = amount
    const seen = candidates.get(thousandths) ?? {
      thousandths,
      decimals,
      score: 0,
      printed: 0,
      sums: 0,
      paid: false,
    }
    seen.score += score
    if (kind === 'printed') seen.printed = Math.max(seen.printed, amount.confidence)
    else seen.sums++
    seen.paid ||= kind === 'paid'
    candidates.set(thousandths, seen)
  }
  addLabelled(rows, add)
  for (const sum of sums(rows)) add(sum.amount, sum.score, sum.kind)
  preferRounded(candidates, rows)
  return [...candidates.values()]
}

/**
 * Cash is rounded to the smallest coin (0.05 or 0.10; whole crowns), so receipts print a total before and one after.
 * The one after is paid; what speaks for the one before speaks for it as well.
 */
function preferRounded(candidates: Map<number, Candidate>, rows: AmountRow[]): void {
  const labelled = rows.filter((row) => !row.inTaxTable && row.kind !== null && payable.includes(row.kind))
  const totals = new Set(labelled.flatMap((row) => amountOf(row)?.thousandths ?? []))
  const hasRounding = rows.some((row) => row.kind === 'rounding')
  for (const after of totals) {
    for (const before of totals) {
      const coin = after % 1000 === 0 && hasRounding ? 1000 : 50
      const isRounded = after % coin === 0 && before % coin !== 0 && Math.abs(after - before) <= coin / 2
      const [winner, loser] = [candidates.get(after), candidates.get(before)]
      if (!isRounded || !winner || !loser) continue
      winner.score += 0.8 * Math.max(0, loser.score)
      loser.score *= 0.2
    }
  }
}

const payable: LabelKind[] = ['grandTotal', 'total', 'subtotal', 'cash', 'card']

type Kind = 'printed' | 'sum' | 'paid'
type Add = (
  amount: Pick<Amount, 'thousandths' | 'decimals' | 'confidence'>,
  score: number,
  kind?: Kind,
) => void

const labelScores: Partial<Record<LabelKind, number>> = {
  grandTotal: 3.4,
  total: 2.8,
  card: 1.6,
  cash: 0.9,
  subtotal: 0.5,
}

function addLabelled(rows: AmountRow[], add: Add): void {
  const heights = rows.map((row) => row.height).sort((a, b) => a - b)
  const usual = heights[heights.length >> 1] ?? 1
  const seen = new Map<string, number>()
  const decimals = usualDecimals(rows)
  for (const row of rows) {
    const amount = amountOf(row)
    if (!amount) continue
    const base = row.kind === null ? 0.1 : (labelScores[row.kind] ?? -0.5)
    let score = row.inTaxTable ? Math.min(base, 0.4) : base
    if (base >= 2.8 && !row.inTaxTable) {
      if (row.height > 1.25 * usual) score += 0.5
      if (amount.marked) score += 0.3
      if (row.amounts.length > 1) score -= 0.8
      // "Total" stands both before and after rounding or a tip: the last one is to be paid.
      score += (0.6 * row.line) / rows.length
    }
    // A second row of the same kind with the same amount says less than a first of another kind.
    const key = `${row.kind}:${amount.thousandths}`
    const repeats = seen.get(key) ?? 0
    seen.set(key, repeats + 1)
    score = (score * (0.6 + 0.4 * amount.confidence)) / 2 ** repeats
    const pointLost = decimals > 0 && amount.decimals === 0 && amount.thousandths >= 100_000
    add(amount, decimals > 0 && amount.decimals === 0 ? 0.3 * score : score)
    // OCR loses points: a total of 3045 where all else has two decimals may be 30.45.
    if (pointLost) add({ ...amount, thousandths: amount.thousandths / 10 ** decimals, decimals }, 0.6 * score)
  }
}

interface Sum {
  amount: { thousandths: number; decimals: number; confidence: number }
  score: number
  kind: Kind
}

/** Amounts that follow from others. */
function sums(rows: AmountRow[]): Sum[] {
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
  const prices = rows
    .slice(0, end < 0 ? 0 : end)
    .flatMap((row) => (row.kind === null ? row.amounts.slice(-1) : []))
  if (prices.length === 0 || prices.length > 60) return []
  return [
    sum(1.2, ...prices),
    ...of('tax')
      .slice(0, 2)
      .map((tax) => sum(0.7, ...prices, tax)),
  ]
}

/** The decimals of this receipt's prices: numbers without are quantities, postcodes, or lost their point. */
function usualDecimals(rows: AmountRow[]): number {
  return Math.max(0, ...rows.flatMap((row) => row.amounts.map((amount) => amount.decimals)))
}

function choose(candidates: Candidate[]): FoundTotal | null {
  const printed = candidates.filter(
    (candidate) => candidate.printed > 0 || candidate.sums >= 2 || candidate.paid,
  )
  const [best] = printed.sort((a, b) => b.score - a.score)
  if (!best || best.score < 0.4) return null
  const weight = (score: number) => Math.exp(1.3 * score)
  const all = printed.reduce((total, candidate) => total + weight(candidate.score), 0)
  const share = weight(best.score) / (all + weight(1.4))
  // Two sums that agree prove the digits, whatever the OCR thought of the print.
  const ocr = best.sums >= 2 ? 1 : best.sums === 1 ? 0.8 + 0.2 * best.printed : 0.4 + 0.6 * best.printed
  return {
    thousandths: best.thousandths,
    decimals: best.decimals,
    confidence: Math.min(0.99, share * ocr),
  }
}
