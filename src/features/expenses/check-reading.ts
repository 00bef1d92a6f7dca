import type { Tx } from '../../database/index.ts'
import { type Money, tryAmount } from '../../kernel/money.ts'
import { type Finding, newFinding, type PolicyFacts } from '../policy/index.ts'
import { latestReading, type Receipt, type ReceiptReading } from '../receipts/index.ts'

export interface ReadingCheck {
  amount: PolicyFacts['receipt_amount']
  findings: Finding[]
}

/** What the receipts say, together, against what is claimed. */
export async function checkReading(
  tx: Tx,
  receipts: Receipt[],
  claimed: Money,
  locale: string,
): Promise<ReadingCheck> {
  const findings = receipts.filter(({ status }) => status !== 'read').map((one) => notRead(one, locale))
  const totals: Total[] = []
  for (const { id } of receipts) {
    const total = totalOf(await latestReading(tx, id), claimed.currency)
    if (total) totals.push(total)
  }
  if (totals.length === 0 || totals.length < receipts.length) return { amount: 'unknown', findings }
  const sum = sumOf(totals)
  if (sum?.minor === claimed.minor && sum.currency === claimed.currency) return { amount: 'same', findings }
  const read = sum ? [sum] : totals.map(({ money, text }) => money ?? text)
  findings.push(
    newFinding(
      { code: 'amount_differs', severity: 'warning', clause: null },
      { kind: 'amount_differs', facts: { receipts: receipts.length, read, claimed } },
      { locale },
    ),
  )
  return { amount: 'differs', findings }
}

/** What a receipt says; `money` is null where the currency has no such amount. */
interface Total {
  text: string
  money: Money | null
}

/** The total that was read, as far as it can be relied on. */
function totalOf(reading: ReceiptReading | null, claimedCurrency: string): Total | null {
  if (!reading?.total || reading.total.confidence < 0.5) return null
  // A currency that the reading only guessed is no contradiction.
  const isSure = reading.currency !== null && reading.currency.confidence >= 0.5
  const currency = isSure ? (reading.currency?.value ?? claimedCurrency) : claimedCurrency
  return { text: reading.total.value, money: tryAmount(reading.total.value, currency) }
}

/** The sum of totals in one currency; null where they cannot be added up. */
function sumOf(totals: Total[]): Money | null {
  const money = totals.flatMap((total) => total.money ?? [])
  const [first] = money
  if (!first || money.length < totals.length) return null
  if (money.some(({ currency }) => currency !== first.currency)) return null
  return { minor: money.reduce((sum, { minor }) => sum + minor, 0), currency: first.currency }
}

function notRead({ status, fileName, problem }: Receipt, locale: string): Finding {
  return newFinding(
    { code: 'receipt_not_read', severity: 'warning', clause: null },
    status === 'waiting'
      ? { kind: 'receipt_waiting', facts: { fileName } }
      : { kind: 'receipt_unreadable', facts: { fileName, problem: problem ?? '' } },
    { locale },
  )
}
