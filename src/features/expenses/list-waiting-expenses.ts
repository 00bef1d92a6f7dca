import type { Tx } from '../../database/index.ts'
import type { Money } from '../../kernel/money.ts'
import { listWaiting, needsCode } from '../approvals/index.ts'
import { getCompany, getPeople, listCategories, requireActor } from '../people/index.ts'
import type { Finding } from '../policy/index.ts'
import { Expense, type ExpenseField, type ExpenseKind, ExpenseShare } from './expenses.entity.ts'
import { warningsOf } from './findings.ts'

/** An expense that waits for somebody, as a line of a list. */
export interface WaitingExpense {
  approvalId: string
  expenseId: string
  number: string
  kind: ExpenseKind
  merchant: string
  amount: Money
  /** In the company's currency, where that is another one. */
  companyAmount: Money | null
  date: string
  submitter: string
  /** By name: of a split expense each of its categories. */
  categories: string[]
  /** It is worth so much that whoever decides proves first, by a code, that it is them. */
  needsCode: boolean
  /** How many findings warn, and how many values were read without certainty. */
  warnings: number
  /** Those findings, in their order, and those values. */
  warned: Finding[]
  uncertain: ExpenseField[]
  /** The name of the approver in whose place the actor is asked. */
  onBehalfOf: string | null
  /** Since when they are asked (UTC). */
  waitingSince: Date
}

/** Everything that waits for somebody, in numbers. */
export interface WaitingSummary {
  count: number
  /** In the company's currency. */
  total: Money
  /** Since when the oldest of it waits (UTC). */
  since: Date
}

/** What waits for the actor to decide, in numbers; null: nothing does. */
export async function summarizeWaiting(tx: Tx): Promise<WaitingSummary | null> {
  const { id: personId } = await requireActor(tx)
  const { currency } = await getCompany(tx)
  await tx.em.flush()
  const [row] = await tx.em.execute<{ count: number; minor: string; since: string | null }[]>(
    `select count(*)::int as count, coalesce(sum(e.company_amount_minor), 0) as minor, min(k.asked_at) as since
     from approval_ask k
     join approval a on a.company_id = k.company_id and a.id = k.approval_id
     join approval_request r on r.company_id = a.company_id and r.id = a.request_id
     join expense e on e.company_id = r.company_id and e.id = r.subject_id
     where k.company_id = ? and k.person_id = ? and k.ended_at is null`,
    [tx.companyId, personId],
  )
  if (!row?.since) return null
  const { count, minor, since } = row
  return { count, total: { minor: Number(minor), currency }, since: new Date(since) }
}

/** What waits for the actor to decide, the longest waiting first. `after`: the last approval of the page before. */
export async function listWaitingExpenses(
  tx: Tx,
  page: { limit: number; after?: string },
): Promise<WaitingExpense[]> {
  const { id: personId } = await requireActor(tx)
  const waiting = await listWaiting(tx, personId, page)
  const ids = waiting.map(({ subjectId }) => subjectId)
  const { companyId } = tx
  const expenses = new Map(
    (await tx.em.find(Expense, { companyId, id: { $in: ids } })).map((one) => [one.id, one]),
  )
  const warnings = await warningsOf(tx, ids)
  const people = await getPeople(
    tx,
    [...expenses.values()].map(({ submitterId }) => submitterId),
  )
  const categories = new Map((await listCategories(tx)).map(({ id, name }) => [id, name]))
  const shares = await tx.em.find(
    ExpenseShare,
    { companyId, expenseId: { $in: ids } },
    { orderBy: { position: 'asc' } },
  )
  const { currency } = await getCompany(tx)
  const codes = new Map<string, boolean>()
  for (const { id, companyAmountMinor } of expenses.values())
    codes.set(id, await needsCode(tx, companyAmountMinor ?? 0))
  return waiting.flatMap(({ approvalId, subjectId, onBehalfOf, askedAt }) => {
    const expense = expenses.get(subjectId)
    if (!expense || expense.amountMinor === null || expense.currency === null || expense.date === null)
      return []
    const own = { minor: expense.amountMinor, currency: expense.currency }
    const inCompany = expense.companyAmountMinor
    const warned = warnings.get(subjectId) ?? []
    const parts = shares.filter(({ expenseId }) => expenseId === subjectId)
    const categoryIds = parts.length > 0 ? parts.map(({ categoryId }) => categoryId) : [expense.categoryId]
    return [
      {
        approvalId,
        expenseId: expense.id,
        number: expense.number,
        kind: expense.kind,
        merchant: expense.merchantName ?? '',
        amount: own,
        companyAmount:
          inCompany === null || own.currency === currency ? null : { minor: inCompany, currency },
        date: expense.date,
        submitter: people.get(expense.submitterId)?.name ?? 'somebody',
        categories: [...new Set(categoryIds)].map((id) => categories.get(id ?? '') ?? ''),
        needsCode: codes.get(subjectId) ?? false,
        warnings: warned.length + expense.uncertain.length,
        warned,
        uncertain: expense.uncertain,
        onBehalfOf,
        waitingSince: askedAt,
      },
    ]
  })
}
