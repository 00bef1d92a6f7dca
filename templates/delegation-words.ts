import { formatMoney } from '../src/kernel/money.ts'

/** What the field for the cap of a delegation leads to. Minor units; null: nobody types a code here. */
export function capHint({
  currency,
  locale,
  stepUpOverMinor,
}: {
  currency: string
  locale: string
  stepUpOverMinor: number | null
}): string {
  if (stepUpOverMinor === null) {
    return 'What is worth more stays with you. Empty: everything goes to them.'
  }
  const amount = formatMoney({ minor: stepUpOverMinor, currency }, locale)
  return `What is worth more stays with you, and what is worth more than ${amount} always, as it needs your own code.`
}
