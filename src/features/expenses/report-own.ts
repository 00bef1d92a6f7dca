import type { Tx } from '../../database/index.ts'
import { addDays, type CalendarDate, dateIn, isCalendarDate } from '../../kernel/calendar-date.ts'
import { userError } from '../../kernel/errors.ts'
import type { Money } from '../../kernel/money.ts'
import { getCompany, listAllCategories, readerOf, requireActor } from '../people/index.ts'
import { Expense, ExpenseShare } from './expenses.entity.ts'
import { byCategory } from './shares.ts'
import { countsAsSpent, type ExpenseStatus } from './status.ts'

interface Sum {
  total: Money
  count: number
}

/** What somebody submitted in a month, in the company's currency. */
export interface OwnReport {
  /** `YYYY-MM`, by the day of each expense. */
  month: string
  /** What is on its way, approved or settled. */
  spent: Sum
  /** Everything that was submitted, by what has become of it. */
  byStatus: (Sum & { status: ExpenseStatus })[]
  /** What `spent` is for, the largest first. */
  byCategory: (Sum & { name: string })[]
}

const shown: readonly ExpenseStatus[] = [
  'submitted',
  'awaiting_approval',
  'approved',
  'settled',
  'sent_back',
  'blocked',
  'rejected',
]

/**
 * What the actor submitted in a month (`YYYY-MM`; left out: this one, where they are). Requests to spend are no spending,
 * and drafts are not submitted.
 * @throws userError `month_invalid`
 */
export async function reportOwn(tx: Tx, month?: string): Promise<OwnReport> {
  const { id: submitterId } = await requireActor(tx)
  const { timeZone } = await readerOf(tx, submitterId)
  const wanted = month ?? dateIn(tx.now, timeZone).slice(0, 7)
  const { companyId } = tx
  const { currency } = await getCompany(tx)
  const [first, next] = daysAround(wanted)
  const expenses = await tx.em.find(Expense, {
    companyId,
    submitterId,
    status: { $in: [...shown] },
    kind: { $ne: 'request' },
    date: { $gte: first, $lt: next },
    companyAmountMinor: { $ne: null },
  })
  const add = (sum: Sum | undefined, minor: number): Sum => ({
    total: { minor: (sum?.total.minor ?? 0) + minor, currency },
    count: (sum?.count ?? 0) + 1,
  })
  let spent: Sum = { total: { minor: 0, currency }, count: 0 }
  const statuses = new Map<ExpenseStatus, Sum>()
  const categories = new Map<string, Sum>()
  const shares = await tx.em.find(ExpenseShare, {
    companyId,
    expenseId: { $in: expenses.map(({ id }) => id) },
  })
  for (const expense of expenses) {
    const minor = expense.companyAmountMinor ?? 0
    statuses.set(expense.status, add(statuses.get(expense.status), minor))
    if (!countsAsSpent(expense.status)) continue
    spent = add(spent, minor)
    const parts = shares.filter(({ expenseId }) => expenseId === expense.id)
    for (const [id, part] of byCategory(expense, parts, minor))
      categories.set(id, add(categories.get(id), part))
  }
  const names = new Map((await listAllCategories(tx)).map(({ id, name }) => [id, name]))
  return {
    month: wanted,
    spent,
    byStatus: shown.flatMap((status) => {
      const sum = statuses.get(status)
      return sum ? [{ status, ...sum }] : []
    }),
    byCategory: [...categories]
      .map(([id, sum]) => ({ name: names.get(id) ?? '', ...sum }))
      .sort((a, b) => b.total.minor - a.total.minor || a.name.localeCompare(b.name)),
  }
}

/** The first day of a month, and of the next one. @throws userError `month_invalid` */
function daysAround(month: string): [CalendarDate, CalendarDate] {
  const first = `${month}-01`
  if (!isCalendarDate(first)) {
    throw userError('month_invalid', 'This is not a month. Write it like 2026-10.', { field: 'month' })
  }
  return [first, `${addDays(first, 32).slice(0, 7)}-01`]
}
