import type { Tx } from '../../database/index.ts'
import { type Money, tryAmount } from '../../kernel/money.ts'
import { latestReading, receiptsOf } from '../receipts/index.ts'
import type { Expense } from './expenses.entity.ts'

/**
 * Of several receipts of a draft, once all of them are read, the amount is what they add up to; where all say the same,
 * they may as well be pictures of one. Either way it is a guess, which the person is asked to look at. What a person set
 * stays, and so does everything where a receipt gave no total in the same currency.
 */
export async function sumReceipts(tx: Tx, expense: Expense): Promise<void> {
  const { currency, confirmed } = expense
  if (currency === null || confirmed.includes('amount')) return
  await tx.em.flush()
  const receipts = await receiptsOf(tx, expense.id)
  if (receipts.length < 2 || receipts.some(({ status }) => status !== 'read')) return
  const totals: Money[] = []
  for (const { id } of receipts) {
    const reading = await latestReading(tx, id)
    const said = reading?.currency?.value ?? currency
    const total = reading?.total && said === currency ? tryAmount(reading.total.value, currency) : null
    if (!total) return
    totals.push(total)
  }
  const isSame = totals.every(({ minor }) => minor === totals[0]?.minor)
  if (!isSame) expense.amountMinor = totals.reduce((sum, { minor }) => sum + minor, 0)
  expense.uncertain = [...new Set([...expense.uncertain, 'amount' as const])]
  // It was read on one of them.
  expense.taxMinor = null
}
