import type { Tx } from '../../database/index.ts'
import type { CalendarDate } from '../../kernel/calendar-date.ts'
import type { ExpenseKind, ExpenseStatus } from '../expenses/index.ts'
import type { Cover } from '../policy/index.ts'

/** An expense as it was submitted, with what was found about it then. */
export interface RecordedExpense {
  id: string
  number: string
  kind: ExpenseKind
  status: ExpenseStatus
  submitterId: string
  categoryId: string
  reasonId: string | null
  merchant: string
  note: string
  attendees: number
  paidBy: 'person' | 'company'
  date: CalendarDate
  currency: string
  /** In minor units of the company's currency. */
  companyMinor: number
  policyVersionId: string | null
  submittedAt: Date
  receipts: number
  /** Codes of its findings. */
  found: string[]
  /** The request to spend that it draws on. */
  requestId: string | null
  /** That request as it paid for it; null where none did. */
  covered: Cover | null
  /** The parts of a split expense, in minor units of its own currency. */
  shares: { categoryId: string; amountMinor: number }[]
}

/** The next expenses in order of submission: those that ever went to the policy. */
export async function readRecorded(
  tx: Tx,
  after: { submittedAt: Date; id: string | null },
  limit: number,
): Promise<RecordedExpense[]> {
  const rows = await tx.em.execute<
    (Omit<RecordedExpense, 'companyMinor' | 'submittedAt'> & {
      companyMinor: string
      submittedAt: string
    })[]
  >(
    `select e.id, e.number, e.kind, e.status, e.submitter_id as "submitterId", e.category_id as "categoryId",
       e.reason_id as "reasonId", e.merchant_name as merchant, coalesce(e.note, '') as note,
       cardinality(e.attendees) as attendees, e.paid_by as "paidBy", e.date::text as date, e.currency,
       e.company_amount_minor as "companyMinor", e.policy_version_id as "policyVersionId",
       e.submitted_at as "submittedAt",
       (select count(*)::int from receipt r where r.company_id = e.company_id and r.expense_id = e.id) as receipts,
       array(select code from finding f where f.company_id = e.company_id and f.expense_id = e.id) as found,
       e.request_id as "requestId",
       (select json_build_object('number', r.number, 'clause', f.clause, 'found', array(
            select code from finding g where g.company_id = r.company_id and g.expense_id = r.id))
          from finding f join expense r on r.company_id = f.company_id and r.id = e.request_id
          where f.company_id = e.company_id and f.expense_id = e.id and f.code = 'request_covers' limit 1) as covered,
       coalesce((select json_agg(json_build_object('categoryId', s.category_id, 'amountMinor', s.amount_minor)
          order by s.position) from expense_share s
          where s.company_id = e.company_id and s.expense_id = e.id), '[]') as shares
     from expense e
     where e.company_id = ? and (e.submitted_at, e.id) > (?, coalesce(?::uuid, '00000000-0000-0000-0000-000000000000')) and e.status not in ('draft', 'cancelled')
       and e.company_amount_minor is not null
     order by e.submitted_at, e.id limit ?`,
    [tx.companyId, after.submittedAt, after.id, limit],
  )
  return rows.map((row) => ({
    ...row,
    companyMinor: Number(row.companyMinor),
    submittedAt: new Date(row.submittedAt),
  }))
}
