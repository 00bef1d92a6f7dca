import type { Tx } from '../../database/index.ts'
import { getCompany } from '../people/index.ts'
import { type Month, monthAfter, startOfMonth } from './months.ts'

/** SQL that finds entries of a month, with its parameters. */
export interface EntriesSql {
  sql: string
  parameters: unknown[]
}

/** What stands in a month that is closed. */
export function closedEntries(tx: Tx, month: Month): EntriesSql {
  const sql = `select expense_id, round, position, kind, amount_minor, category, team, facts from month_entry
    where company_id = ? and month = ?`
  return { sql, parameters: [tx.companyId, month] }
}

/**
 * What would stand in a month if it were closed now. In the one that is closed next: everything that was approved until its
 * end and is in no month yet, also what came late, and with negative amounts what was taken back since it entered one;
 * both wait in `month_waiting`. In a later month only what was approved in it. Money that somebody was only allowed to
 * spend is in none.
 *
 * One statement sees one moment: nothing that changes meanwhile can be seen half.
 */
export async function openEntries(
  tx: Tx,
  month: Month,
  { isNext }: { isNext: boolean },
): Promise<EntriesSql> {
  const { companyId } = tx
  const { timeZone } = await getCompany(tx)
  const until = await endOfMonth(tx, month)
  if (!isNext) {
    const from = startOfMonth(month, timeZone)
    return { sql: `${entering} and e.completed_at >= ?`, parameters: [companyId, until, from] }
  }
  const waits = [companyId, until]
  return {
    sql: `${entering} and e.id in (${waiting('approved')})
      union all ${leaving} and m.expense_id in (${waiting('undone')})`,
    parameters: [companyId, until, ...waits, companyId, ...waits],
  }
}

/**
 * Writes what stands in a month that closes, and lets nothing of it wait any more, in one statement: what is approved or
 * taken back at the same moment is either seen by it, or waits for the next month.
 */
export async function writeEntries(tx: Tx, month: Month): Promise<void> {
  const { sql, parameters } = await openEntries(tx, month, { isNext: true })
  const { companyId } = tx
  await tx.em.flush()
  await tx.em.execute(
    `with seen as (delete from month_waiting where company_id = ? and approved_at < ?)
     insert into month_entry (company_id, month, expense_id, round, position, kind, amount_minor, category, team, facts)
     select ?, ?, expense_id, round, position, kind, amount_minor, category, team, facts from (${sql}) entry`,
    [companyId, await endOfMonth(tx, month), companyId, month, ...parameters],
  )
}

async function endOfMonth(tx: Tx, month: Month): Promise<Date> {
  const { timeZone } = await getCompany(tx)
  return startOfMonth(monthAfter(month), timeZone)
}

const waiting = (kind: 'approved' | 'undone') => `select w.expense_id from month_waiting w
  where w.company_id = ? and w.kind = '${kind}' and w.approved_at < ?`

const isApproved = `e.status in ('approved', 'settled')`

/** A part of a tax as its part of the amount: what is rounded off one part is in the next, so that they add up. */
const taxUpTo = (amount: string) => `round(e.tax_minor::numeric * (${amount}) / e.amount_minor)`
const before = 'sum(s.amount_minor) over (partition by e.id order by s.position)'

const approvers = `(select jsonb_agg(p.name order by a.decided_at, a.id)
  from approval_request r
  join approval a on a.company_id = r.company_id and a.request_id = r.id and a.status = 'approved'
  join person p on p.company_id = a.company_id and p.id = a.decided_by
  where r.company_id = e.company_id and r.subject_kind = 'expense' and r.subject_id = e.id and r.revision = e.revision)`

const entering = `
select e.id as expense_id, e.round, coalesce(s.position, 0) as position, 'approved' as kind,
  coalesce(s.company_amount_minor, e.company_amount_minor) as amount_minor, c.name as category, t.name as team,
  jsonb_build_object(
    'number', e.number, 'date', e.date, 'submitter', p.name, 'email', p.email, 'merchant', e.merchant_name,
    'costCentre', coalesce(s.cost_centre, e.cost_centre),
    'amountMinor', coalesce(s.amount_minor, e.amount_minor), 'currency', e.currency,
    'rate', case when e.currency = co.currency then null else trim_scale(e.rate)::text end,
    'taxMinor', case when s.id is null then e.tax_minor
      else ${taxUpTo(before)} - ${taxUpTo(`${before} - s.amount_minor`)} end,
    'paidBy', e.paid_by,
    'approvedAt', to_char(e.completed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'approvers', coalesce(${approvers}, '[]')) as facts
from expense e
join company co on co.id = e.company_id
join person p on p.company_id = e.company_id and p.id = e.submitter_id
left join expense_share s on s.company_id = e.company_id and s.expense_id = e.id
left join category c on c.company_id = e.company_id and c.id = coalesce(s.category_id, e.category_id)
left join team t on t.company_id = e.company_id and t.id = e.team_id
where e.company_id = ? and e.kind <> 'request' and ${isApproved} and e.completed_at < ?
  and not exists (select from month_entry m
    where m.company_id = e.company_id and m.expense_id = e.id and m.round = e.round and m.kind = 'approved')`

const leaving = `
select m.expense_id, m.round, m.position, 'undone' as kind, -m.amount_minor as amount_minor, m.category, m.team,
  m.facts || jsonb_build_object('amountMinor', -(m.facts ->> 'amountMinor')::bigint,
    'taxMinor', -(m.facts ->> 'taxMinor')::bigint) as facts
from month_entry m join expense e on e.company_id = m.company_id and e.id = m.expense_id
where m.company_id = ? and m.kind = 'approved' and not (${isApproved} and e.round = m.round)
  and not exists (select from month_entry u
    where u.company_id = m.company_id and u.expense_id = m.expense_id and u.round = m.round and u.kind = 'undone')`
