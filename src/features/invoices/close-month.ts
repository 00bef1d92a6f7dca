import type { Tx } from '../../database/index.ts'
import { formatInstant, formatMonth } from '../../kernel/calendar-date.ts'
import { type AppError, userError } from '../../kernel/errors.ts'
import { recordAudit } from '../audit/index.ts'
import { getCompany, getPerson, requireFinance } from '../people/index.ts'
import { MonthClose } from './invoices.entity.ts'
import { closedEntries, writeEntries } from './month-entries.ts'
import { totalOf } from './month-overview.ts'
import { type Month, monthAfter, monthToClose, requireMonth, startOfMonth } from './months.ts'

/**
 * Closes a month for good: what was approved until its end and is in no month yet enters it, and what was taken back since
 * it entered one leaves by negative amounts. Months are closed one after the other, when they are over in the company's time
 * zone. Of two who close the same at the same moment one does; the other is told who did.
 * @throws userError `month_invalid`, `month_not_over`, `month_closed` (details: by, at), `month_order` (details: first),
 *   `nothing_to_close`, `finance_required`, `person_inactive`
 */
export async function closeMonth(tx: Tx, month: Month): Promise<void> {
  const { id: closedBy } = await requireFinance(tx)
  requireMonth(month)
  // One at a time: until the end of the transaction, and then the other finds it closed.
  await tx.em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`months of ${tx.companyId}`])
  await requireClosable(tx, month)
  tx.em.create(MonthClose, { id: tx.newId(), companyId: tx.companyId, month, closedBy, closedAt: tx.now })
  await writeEntries(tx, month)
  const { total, count } = await totalOf(tx, closedEntries(tx, month))
  await recordAudit(tx, {
    action: 'month.closed',
    subject: { kind: 'company', id: tx.companyId },
    changes: { month, amount: total.minor, currency: total.currency, expenses: count },
  })
}

/** @throws as `closeMonth` */
async function requireClosable(tx: Tx, month: Month): Promise<void> {
  const { timeZone, locale } = await getCompany(tx)
  const inWords = (one: Month) => formatMonth(`${one}-01`, locale)
  const closed = await tx.em.findOne(MonthClose, { companyId: tx.companyId, month })
  if (closed) throw await alreadyClosed(tx, closed)
  const next = await monthToClose(tx)
  if (next === null)
    throw userError('nothing_to_close', 'Nothing was approved yet, so there is nothing to close.')
  if (next < month) {
    const message = `Close ${inWords(next)} first: months are closed one after the other.`
    throw userError('month_order', message, { field: 'month', details: { first: next } })
  }
  if (next > month) {
    const message = `Nothing was approved before ${inWords(next)}, so there is nothing to close in ${inWords(month)}.`
    throw userError('nothing_to_close', message, { field: 'month', details: { month, first: next } })
  }
  const end = startOfMonth(monthAfter(month), timeZone)
  if (end <= tx.now) return
  const message = `${inWords(month)} is not over yet. You can close it from ${formatInstant(end, timeZone, locale)} on.`
  throw userError('month_not_over', message, { field: 'month', details: { month, opensAt: end, timeZone } })
}

async function alreadyClosed(tx: Tx, { month, closedBy, closedAt: at }: MonthClose): Promise<AppError> {
  const { timeZone, locale } = await getCompany(tx)
  const { name: by } = await getPerson(tx, closedBy)
  const inWords = formatMonth(`${month}-01`, locale)
  const message = `${by} already closed ${inWords}, ${formatInstant(at, timeZone, locale)}.`
  return userError('month_closed', message, { field: 'month', details: { month, by, at, timeZone } })
}
