import { expect } from 'vitest'
import { transitions } from '../../src/features/expenses/transitions.ts'
import type { TestDatabase } from '../support/test-database.ts'

/** Each rule as a query that must find nothing. */
export async function checkLawful(database: TestDatabase): Promise<void> {
  const unlawful: Record<string, string> = {
    'waiting, and nobody active is asked': `select e.number from expense e where e.status = 'awaiting_approval' and not exists (
      select 1 from approval_request r join approval a on a.request_id = r.id
      join approval_ask k on k.approval_id = a.id and k.ended_at is null join person p on p.id = k.person_id
      where r.subject_id = e.id and r.revision = e.revision and r.status = 'open' and a.status = 'asked' and p.active and p.id <> e.submitter_id)`,
    'not waiting, and somebody is asked': `select e.number from expense e join approval_request r on r.subject_id = e.id
      join approval a on a.request_id = r.id where a.status = 'asked' and (e.status <> 'awaiting_approval' or r.status <> 'open')`,
    'asked, though nothing is asked of them any more': `select a.id from approval_ask k join approval a on a.id = k.approval_id
      where k.ended_at is null and a.status <> 'asked'`,
    'a request that is open beside an expense that is not waiting': `select e.number from expense e join approval_request r
      on r.subject_id = e.id where (r.status = 'open') <> (e.status = 'awaiting_approval' and r.revision = e.revision) and r.status = 'open'`,
    'approved without its approvals': `select e.number from expense e join approval_request r on r.subject_id = e.id and r.revision = e.revision
      where e.status = 'approved' and (r.status <> 'approved' or exists (select 1 from approval_step s where s.request_id = r.id and s.required
        and (select count(*) from approval a where a.step_id = s.id and a.status = 'approved') < s.needed))`,
    'a statement of a request to spend': `select e.number from expense e join outbox o on o.payload ->> 'expenseId' = e.id::text
      where e.kind = 'request' and o.job = 'expense.document'`,
    'approved, and not exactly one document asked for each time': `select e.number from expense e where e.kind <> 'request' and (
      (select array_agg((o.payload ->> 'round')::int order by o.id) from outbox o
        where o.job = 'expense.document' and o.payload ->> 'expenseId' = e.id::text)
      is distinct from (select array_agg(i) from generate_series(1, e.round) i)
      or (e.status = 'approved' and e.round = 0))`,
    'undone, and nobody stands for it': `select r.subject_id from approval a join approval_request r on r.id = a.request_id
      where a.status = 'undone' and not exists (select from approval f where f.step_id = a.step_id and f.approver_id = a.approver_id
        and f.id <> a.id and f.status <> 'undone')`,
    'ended by a decision without a reason': `select e.number from expense e join approval_request r on r.subject_id = e.id and r.revision = e.revision
      where e.status in ('rejected', 'sent_back') and not exists (
        select 1 from approval a where a.request_id = r.id and a.status = r.status and a.comment is not null)`,
    'blocked for no reason': `select number from expense e where status = 'blocked' and not exists (
      select 1 from finding f where f.expense_id = e.id and f.severity = 'blocking')`,
    'decided by the submitter': `select r.subject_id from approval a join approval_request r on r.id = a.request_id where a.decided_by = r.submitter_id`,
    'more decisions in an any-of step than count': `select s.id from approval_step s where s.needed = 1 and s.required and
      (select count(*) from approval a where a.step_id = s.id and a.status = 'approved') > 1`,
    'parts that do not add up': `select e.number from expense e join expense_share s on s.expense_id = e.id
      group by e.id having sum(s.amount_minor) <> e.amount_minor
        or (e.submitted_at is not null and e.status not in ('sent_back', 'blocked', 'draft', 'cancelled')
          and sum(s.company_amount_minor) is distinct from e.company_amount_minor)`,
    'more drawn on a request without asking than was approved and is tolerated': `select r.number from expense r
      join expense e on e.request_id = r.id join finding f on f.expense_id = e.id and f.code = 'approved_automatically'
        and f.clause like 'REQ-%' where e.status = 'approved' group by r.id
      having sum(e.company_amount_minor) > r.company_amount_minor * 1.1`,
    'paid by a request that is not approved': `select e.number from expense e join expense r on r.id = e.request_id
      join finding f on f.expense_id = e.id and f.code = 'approved_automatically' and f.clause like 'REQ-%'
      where e.status = 'approved' and (r.status not in ('approved', 'cancelled') or r.submitter_id <> e.submitter_id)`,
    'a limit that did not hold': `select submitter_id from expense e left join expense_share s on s.expense_id = e.id
      join category c on c.id = coalesce(s.category_id, e.category_id)
      where c.key = 'meals' and e.kind <> 'request' and e.status in ('submitted', 'awaiting_approval', 'approved', 'settled')
      group by submitter_id, to_char(e.date, 'YYYY-MM') having sum(coalesce(s.company_amount_minor, e.company_amount_minor)) > 60000`,
  }
  for (const [what, sql] of Object.entries(unlawful))
    expect(await database.asSuperuser(sql), what).toEqual([])
  const steps = await database.asSuperuser<{
    from: string | null
    to: string
    before: string | null
    kind: string
  }>(
    `select from_status as from, s.status as to, e.kind,
       lag(s.status) over (partition by expense_id order by at, s.id) as before
     from expense_status s join expense e on e.id = s.expense_id`,
  )
  for (const { from, to, before, kind } of steps) {
    expect(from, 'each change follows the one before').toBe(before)
    const isGivenBack = from === 'approved' && to === 'cancelled'
    if (isGivenBack) expect(kind, 'only a request is given back').toBe('request')
    if (from !== null) expect(transitions[from as keyof typeof transitions], `${from} → ${to}`).toContain(to)
  }
}
