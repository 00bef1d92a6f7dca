import type { ReadField } from '../reading.ts'

interface Candidate {
  value: string
  best: number
  doubt: number
}

/**
 * The value with the most support. Each reading in favour leaves its doubt (1 − confidence), and the doubts multiply;
 * the support of other values counts against it.
 */
export function vote(
  fields: (ReadField<string> | null)[],
  sameness = (value: string) => value,
): ReadField<string> | null {
  const candidates = new Map<string, Candidate>()
  for (const field of fields) {
    if (field === null) continue
    const key = sameness(field.value)
    const seen = candidates.get(key)
    if (!seen)
      candidates.set(key, { value: field.value, best: field.confidence, doubt: 1 - field.confidence })
    else {
      seen.doubt *= 1 - field.confidence
      if (field.confidence > seen.best) Object.assign(seen, { value: field.value, best: field.confidence })
    }
  }
  const sorted = [...candidates.values()].sort((a, b) => a.doubt - b.doubt)
  const [winner] = sorted
  if (!winner) return null
  const against = sorted.slice(1).reduce((product, other) => product * other.doubt, 1)
  // Odds of "the winner is right and the others are wrong" against the reverse; readings share part of their errors.
  const right = (1 - winner.doubt) * against
  const wrong = winner.doubt * Math.max(0.05, 1 - against)
  const share = sorted.length === 1 ? 1 - winner.doubt : right / (right + wrong + winner.doubt * against)
  return { value: winner.value, confidence: Math.max(0, Math.min(0.99, share)) }
}
