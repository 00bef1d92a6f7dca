import type { Tx } from '../../database/index.ts'
import type { CalendarDate } from '../../kernel/calendar-date.ts'
import { listAllCategories, type Member } from '../people/index.ts'
import type { Limit } from '../policy/index.ts'
import type { Expense } from './expenses.entity.ts'

/**
 * What counts as spent: all that is on its way or approved, in company currency by expense date; not what somebody only
 * asks to spend. Of two that are both still on their way, the earlier one counts for the later. In the words of the
 * partial indexes, about `expense e`; its values come from `countsBeforeValues`.
 */
export const countsBefore = `e.status in ('submitted', 'awaiting_approval', 'approved', 'settled')
  and e.kind <> 'request' and e.id <> ? and (e.status <> 'submitted' or (e.submitted_at, e.id) < (?, ?))`

/** @param expense before which it must count; left out: now */
export function countsBeforeValues(tx: Tx, expense?: Expense): unknown[] {
  const since = expense?.status === 'submitted' ? (expense.submittedAt ?? tx.now) : tx.now
  const id = expense?.id ?? 'ffffffff-ffff-ffff-ffff-ffffffffffff'
  return [id, since, id]
}

/** What the submitter spent in the day, month and year of the expense date, this expense left out; minor units. */
export async function spentByPerson(
  tx: Tx,
  expense: Expense,
  date: CalendarDate,
): Promise<{ day: number; month: number; year: number }> {
  const [sums] = await tx.em.execute<{ day: string; month: string; year: string }[]>(
    `select coalesce(sum(company_amount_minor) filter (where date = ?), 0) as day,
      coalesce(sum(company_amount_minor) filter (where to_char(date, 'YYYY-MM') = ?), 0) as month,
      coalesce(sum(company_amount_minor), 0) as year
     from expense e where company_id = ? and submitter_id = ? and date between ? and ? and ${countsBefore}`,
    [
      date,
      date.slice(0, 7),
      tx.companyId,
      expense.submitterId,
      `${date.slice(0, 4)}-01-01`,
      `${date.slice(0, 4)}-12-31`,
      ...countsBeforeValues(tx, expense),
    ],
  )
  return { day: Number(sums?.day), month: Number(sums?.month), year: Number(sums?.year) }
}

/**
 * What counts towards a limit so far, this expense left out; minor units of the company's currency. Of a split expense,
 * the parts in the limit's categories count.
 */
export async function spentUnderLimit(
  tx: Tx,
  expense: Expense,
  { limit, from, to }: { limit: Limit; from: CalendarDate; to: CalendarDate },
  submitter: Member,
): Promise<number> {
  const where = ['e.company_id = ?', 'e.date between ? and ?', countsBefore]
  const values: unknown[] = [tx.companyId, from, to, ...countsBeforeValues(tx, expense)]
  const also = (sql: string, ...more: unknown[]) => {
    where.push(sql)
    values.push(...more)
  }
  if (limit.each === 'person') also('e.submitter_id = ?', submitter.id)
  if (limit.each === 'team') also('e.team_id = ?', submitter.homeTeamId)
  if (limit.each === 'company' && limit.team)
    also('e.team_id in (select id from team where company_id = ? and name in (?))', tx.companyId, limit.team)
  const conditions = where.join(' and ')
  const whole = { sum: 'e.company_amount_minor', from: `expense e where ${conditions}` }
  if (!limit.category) return sumOf(tx, whole, values)
  const keys = limit.category
  const listed = (await listAllCategories(tx)).filter(({ key }) => keys.includes(key)).map(({ id }) => id)
  if (listed.length === 0) return 0
  const own = await sumOf(tx, { ...whole, from: `${whole.from} and e.category_id in (?)` }, [
    ...values,
    listed,
  ])
  // A split expense is counted by its own category as a whole: its parts make up the difference.
  const difference = {
    sum: 's.company_amount_minor * ((s.category_id in (?))::int - (e.category_id in (?))::int)',
    from: `expense_share s join expense e on e.company_id = s.company_id and e.id = s.expense_id where ${conditions}`,
  }
  return own + (await sumOf(tx, difference, [listed, listed, ...values]))
}

async function sumOf(
  tx: Tx,
  { sum, from }: { sum: string; from: string },
  values: unknown[],
): Promise<number> {
  const [row] = await tx.em.execute<{ minor: string }[]>(
    `select coalesce(sum(${sum}), 0) as minor from ${from}`,
    values,
  )
  return Number(row?.minor)
}

/** Whose submissions must wait for each other, so that two at one moment do not both fit under a limit. */
export function spendingKeys(limits: { limit: Limit }[], submitter: Member): string[] {
  const keys = new Set([`spending of person ${submitter.id}`])
  for (const { limit } of limits) {
    if (limit.each === 'team') keys.add(`spending of team ${submitter.homeTeamId}`)
    if (limit.each === 'company') keys.add('spending of the company')
  }
  return [...keys]
}
