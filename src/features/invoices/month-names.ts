import type { Tx } from '../../database/index.ts'
import { getCompany, requireSeesFinance } from '../people/index.ts'
import { MonthClose } from './invoices.entity.ts'
import { type Month, monthOf, monthsBetween, monthToClose } from './months.ts'

export interface MonthName {
  month: Month
  closed: boolean
}

/**
 * The months from the first in which something was approved to the present one, the newest first: only which there are and
 * whether they are closed, so that a menu of many is as quick as one of few.
 * @throws userError `finance_required`, `person_inactive`
 */
export async function listMonthNames(tx: Tx, { limit }: { limit: number }): Promise<MonthName[]> {
  await requireSeesFinance(tx)
  const closes = await tx.em.find(MonthClose, { companyId: tx.companyId }, { orderBy: { month: 'asc' } })
  const first = closes[0]?.month ?? (await monthToClose(tx))
  if (first === null) return []
  const present = monthOf(tx.now, (await getCompany(tx)).timeZone)
  // A month can be closed at the instant of its end by a clock that is ahead of ours.
  const last = [present, closes.at(-1)?.month ?? present].sort().at(-1) ?? present
  const closed = new Set(closes.map(({ month }) => month))
  return monthsBetween(first, last)
    .reverse()
    .slice(0, limit)
    .map((month) => ({ month, closed: closed.has(month) }))
}
