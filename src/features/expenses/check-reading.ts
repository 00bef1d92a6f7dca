import type { Tx } from '../../database/index.ts'
import { formatMoney, type Money, tryAmount } from '../../kernel/money.ts'
import type { Finding, PolicyFacts } from '../policy/index.ts'
import { latestReading, type Receipt } from '../receipts/index.ts'

export interface ReadingCheck {
  amount: PolicyFacts['receipt_amount']
  findings: Finding[]
}

/** What the receipts say against what is claimed. */
export async function checkReading(
  tx: Tx,
  receipts: Receipt[],
  claimed: Money,
  locale: string,
): Promise<ReadingCheck> {
  const findings = receipts.filter(({ status }) => status !== 'read').map(notRead)
  const [only] = receipts
  const reading = only && receipts.length === 1 ? await latestReading(tx, only.id) : null
  if (!reading?.total || reading.total.confidence < 0.5) return { amount: 'unknown', findings }
  // A currency that the reading only guessed is no contradiction.
  const isSure = reading.currency !== null && reading.currency.confidence >= 0.5
  const currency = isSure ? (reading.currency?.value ?? claimed.currency) : claimed.currency
  const read = tryAmount(reading.total.value, currency)
  if (read?.minor === claimed.minor && currency === claimed.currency) return { amount: 'same', findings }
  const said = read ? formatMoney(read, locale) : reading.total.value
  const message = `The receipt seems to say ${said}; ${formatMoney(claimed, locale)} is claimed.`
  findings.push({ code: 'amount_differs', severity: 'warning', message, clause: null })
  return { amount: 'differs', findings }
}

function notRead({ status, fileName, problem }: Receipt): Finding {
  const message = status === 'waiting' ? `${fileName} is not read yet.` : `${fileName}: ${problem}`
  return { code: 'receipt_not_read', severity: 'warning', message, clause: null }
}
