import type { Tx } from '../../database/index.ts'
import type { CalendarDate } from '../../kernel/calendar-date.ts'
import type { Member } from '../people/index.ts'
import type { Limit } from '../policy/index.ts'
import type { Expense } from './expenses.entity.ts'

/**
 * What counts as spent: all that is on its way or approved, in company currency by expense date. Of two that are both
 * still on their way, the earlier one counts for the later. In the words of the partial indexes.
 */
const counts = `e.status in ('submitted', 'awaiting_approval', 'approved', 'settled') and e.id <> ?
  and (e.status <> 'submitted' or (e.submitted_at, e.id) < (?, ?))`

const countsFor = (tx: Tx, expense: Expense) => {
  const since = expense.status === 'submitted' ? (expense.submittedAt ?? tx.now) : tx.now
  return [expense.id, since, expense.id]
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
     from expense e where company_id = ? and submitter_id = ? and date between ? and ? and ${counts}`,
    [
      date,
      date.slice(0, 7),
      tx.companyId,
      expense.submitterId,
      `${date.slice(0, 4)}-01-01`,
      `${date.slice(0, 4)}-12-31`,
      ...countsFor(tx, expense),
    ],
  )
  return { day: Number(sums?.day), month: Number(sums?.month), year: Number(sums?.year) }
}

/** What counts towards a limit so far, this expense left out; minor units of the company's currency. */
export async function spentUnderLimit(
  tx: Tx,
  expense: Expense,
  { limit, from, to }: { limit: Limit; from: CalendarDate; to: CalendarDate },
  submitter: Member,
): Promise<number> {
  const where = ['e.company_id = ?', 'e.date between ? and ?', counts]
  const values: unknown[] = [tx.companyId, from, to, ...countsFor(tx, expense)]
  const also = (sql: string, ...more: unknown[]) => {
    where.push(sql)
    values.push(...more)
  }
  if (limit.each === 'person') also('e.submitter_id = ?', submitter.id)
  if (limit.each === 'team') also('e.team_id = ?', submitter.homeTeamId)
  if (limit.each === 'company' && limit.team)
    also('e.team_id in (select id from team where company_id = ? and name in (?))', tx.companyId, limit.team)
  if (limit.category) {
    const listed = 'e.category_id in (select id from category where company_id = ? and key in (?))'
    also(listed, tx.companyId, limit.category)
  }
  const [sum] = await tx.em.execute<{ minor: string }[]>(
    `select coalesce(sum(e.company_amount_minor), 0) as minor from expense e where ${where.join(' and ')}`,
    values,
  )
  return Number(sum?.minor)
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
