import type { Tx } from '../../database/index.ts'
import { dateIn, startOfDay } from '../../kernel/calendar-date.ts'
import { userError } from '../../kernel/errors.ts'
import { getCompany } from '../people/index.ts'
import { MonthClose } from './invoices.entity.ts'

/** `YYYY-MM`: a month in the company's time zone. */
export type Month = string

/** @throws userError `month_invalid` */
export function requireMonth(text: string): Month {
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) return text
  const message = `“${text.slice(0, 40)}” is no month. Write it like 2026-11.`
  throw userError('month_invalid', message, { field: 'month' })
}

/** The month after. */
export function monthAfter(month: Month): Month {
  const [year = 0, number = 0] = month.split('-').map(Number)
  const [nextYear, next] = number === 12 ? [year + 1, 1] : [year, number + 1]
  return `${String(nextYear).padStart(4, '0')}-${String(next).padStart(2, '0')}`
}

/** The months from one to another, both included; none when the first is the later one. */
export function monthsBetween(first: Month, last: Month): Month[] {
  const months: Month[] = []
  for (let month = first; month <= last; month = monthAfter(month)) months.push(month)
  return months
}

/** In which month an instant is. */
export const monthOf = (instant: Date, timeZone: string): Month => dateIn(instant, timeZone).slice(0, 7)

/** When a month begins (UTC). It ends when the next one begins. */
export const startOfMonth = (month: Month, timeZone: string): Date => startOfDay(`${month}-01`, timeZone)

/**
 * Which month is to be closed next: the one after the last that was, else the first in which something was approved; null
 * while nothing is.
 */
export async function monthToClose(tx: Tx): Promise<Month | null> {
  const { companyId } = tx
  const last = await tx.em.findOne(MonthClose, { companyId }, { orderBy: { month: 'desc' } })
  if (last) return monthAfter(last.month)
  await tx.em.flush()
  const [row] = await tx.em.execute<{ first: string | null }[]>(
    `select min(completed_at) as first from expense
     where company_id = ? and status in ('approved', 'settled') and kind <> 'request'`,
    [companyId],
  )
  const { timeZone } = await getCompany(tx)
  return row?.first ? monthOf(new Date(row.first), timeZone) : null
}
