import type { ReceiptReading } from '../../src/features/receipts/index.ts'

/** A reading that is sure of a total in US dollars and of nothing else; null: not even of that. */
export const readingOf = (total: string | null): ReceiptReading => ({
  merchant: null,
  date: null,
  total: total === null ? null : { value: total, confidence: 0.95 },
  currency: { value: 'USD', confidence: 0.95 },
  taxLines: [],
  tip: null,
  cardLastFour: null,
  lineItems: [],
  text: '',
  engine: 'test',
  engineVersion: '1',
  seconds: 0,
})
