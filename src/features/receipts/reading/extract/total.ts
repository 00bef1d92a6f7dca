import { type AmountRow, amountOf, usualDecimals } from './amount-rows.ts'
import type { Amount } from './amounts.ts'
import type { LabelKind } from './labels.ts'
import { findSums, type SumKind } from './sums.ts'

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
  for (const sum of findSums(rows)) add(sum.amount, sum.score, sum.kind)
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

type Kind = 'printed' | SumKind
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
