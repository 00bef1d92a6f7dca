import type { Tx } from '../../database/index.ts'
import type { CalendarDate } from '../../kernel/calendar-date.ts'
import type { Money } from '../../kernel/money.ts'
import { type WaitingExpense, warningsOf } from '../expenses/index.ts'
import { getCompany, requireSeesFinance } from '../people/index.ts'

/** An approved expense that somebody paid themselves and has not been paid back. */
export interface UnpaidExpense {
  expenseId: string
  number: string
  submitter: string
  merchant: string
  /** In the company's currency. */
  total: Money
  date: CalendarDate
  /** UTC. */
  approvedAt: Date
  /** What warns about it, in its order. */
  warned: WaitingExpense['warned']
}

/**
 * What is to be paid to people, what was approved first coming first. `after`: the last expense of the page before, by id.
 * @throws userError `finance_required`, `person_inactive`
 */
export async function listUnpaid(
  tx: Tx,
  { limit, after }: { limit: number; after?: string },
): Promise<UnpaidExpense[]> {
  await requireSeesFinance(tx)
  await tx.em.flush()
  const { currency } = await getCompany(tx)
  const rows = await tx.em.execute<UnpaidRow[]>(
    `select e.id as "expenseId", e.number, p.name as submitter, e.merchant_name as merchant, e.date::text as date,
       e.company_amount_minor as minor, e.completed_at as "approvedAt"
     from expense e join person p on p.company_id = e.company_id and p.id = e.submitter_id
     where e.company_id = ? and e.status = 'approved' and e.kind <> 'request' and e.paid_by = 'person'
       ${after === undefined ? '' : 'and (e.completed_at, e.id) > (select l.completed_at, l.id from expense l where l.id = ?)'}
     order by e.completed_at, e.id limit ?`,
    [tx.companyId, ...(after === undefined ? [] : [after]), limit],
  )
  const warnings = await warningsOf(
    tx,
    rows.map(({ expenseId }) => expenseId),
  )
  return rows.map(({ minor, approvedAt, ...row }) => ({
    ...row,
    total: { minor: Number(minor), currency },
    approvedAt: new Date(approvedAt),
    warned: warnings.get(row.expenseId) ?? [],
  }))
}

interface UnpaidRow extends Omit<UnpaidExpense, 'total' | 'approvedAt' | 'warned'> {
  minor: string
  approvedAt: string
}
