import type { ReadField } from '../reading.ts'
import type { ExtractedFields } from './extract.ts'
import { plain } from './plain-text.ts'

/**
 * One result from several readings of the same receipt. Readings that agree make a value surer: they were made from
 * differently cleaned pictures, so they seldom make the same mistake. Readings that differ make it less sure.
 */
export function combineFields(readings: ExtractedFields[]): ExtractedFields {
  const [first] = readings
  if (!first) throw new Error('nothing to combine')
  if (readings.length === 1) return first
  const total = vote(readings.map((reading) => reading.total))
  // The details come from the reading that the total is from, so that they belong together.
  const source = readings
    .filter((reading) => reading.total?.value === total?.value)
    .sort((a, b) => sureness(b) - sureness(a))[0]
  return {
    ...(source ?? first),
    total,
    date: vote(readings.map((reading) => reading.date)),
    currency: vote(readings.map((reading) => reading.currency)),
    merchant: vote(
      readings.map((reading) => reading.merchant),
      (name) => plain(name).replace(/[^A-Z0-9]/g, ''),
    ),
  }
}

/** How sure a reading is of its least sure field: 0 when one is missing. */
export function sureness(fields: ExtractedFields): number {
  const parts = [fields.merchant, fields.date, fields.total]
  return Math.min(...parts.map((part) => part?.confidence ?? 0))
}

interface Candidate {
  value: string
  best: number
  doubt: number
}

/**
 * The value with the most support. Each reading in favour leaves its doubt (1 − confidence), and the doubts multiply;
 * the support of other values counts against it.
 */
function vote(
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
