import type { Tx } from '../../database/index.ts'
import type { CalendarDate } from '../../kernel/calendar-date.ts'
import type { Money } from '../../kernel/money.ts'
import { whoIsAsked } from '../approvals/index.ts'
import { getCompany, getPeople, listAllCategories } from '../people/index.ts'
import type { Finding } from '../policy/index.ts'
import { missingFields } from './assess-expense.ts'
import {
  Expense,
  type ExpenseField,
  ExpenseFinding,
  type ExpenseKind,
  ExpenseShare,
  ExpenseStatusChange,
} from './expenses.entity.ts'
import { toFinding } from './findings.ts'
import type { ExpenseStatus } from './status.ts'
import { editable } from './transitions.ts'

/** One expense as a line of a list. */
export interface ExpenseLine {
  id: string
  number: string
  kind: ExpenseKind
  status: ExpenseStatus
  merchant: string | null
  amount: Money | null
  /** In the company's currency, where that is another one and known already. */
  companyAmount: Money | null
  date: CalendarDate | null
  /** By name: of a split expense each of its categories. */
  categories: string[]
  updatedAt: Date
  submitter: { id: string; name: string }
  /** Who is asked to decide now, by name; null: nobody. */
  waitingFor: string | null
  /** What has to be filled in before it can be submitted; empty once it is. */
  missing: ExpenseField[]
  /** Read without certainty and not confirmed yet; empty once it is submitted. */
  uncertain: ExpenseField[]
  /** A receipt of it is still being read. */
  isReading: boolean
  /** Why it was rejected or sent back, and by whom, or why it is blocked (`by` is null). */
  said: { by: string | null; text: string; finding?: Finding } | null
}

/** These expenses as lines, in the order of the ids. What is not there is left out. */
export async function linesOf(tx: Tx, ids: string[]): Promise<ExpenseLine[]> {
  if (ids.length === 0) return []
  const { companyId } = tx
  const found = await tx.em.find(Expense, { companyId, id: { $in: ids } })
  const byId = new Map(found.map((one) => [one.id, one]))
  const expenses = ids.flatMap((id) => byId.get(id) ?? [])
  const asked = await whoIsAsked(tx, ids)
  const said = await whatWasSaid(tx, expenses)
  const reading = await stillReading(tx, expenses)
  const categories = await categoriesOf(tx, expenses)
  const people = await getPeople(
    tx,
    expenses.map(({ submitterId }) => submitterId),
  )
  const { currency } = await getCompany(tx)
  return expenses.map((expense) => {
    const { amountMinor, companyAmountMinor } = expense
    const isOpen = editable.includes(expense.status)
    return {
      id: expense.id,
      number: expense.number,
      kind: expense.kind,
      status: expense.status,
      merchant: expense.merchantName,
      amount:
        amountMinor === null || expense.currency === null
          ? null
          : { minor: amountMinor, currency: expense.currency },
      companyAmount:
        companyAmountMinor === null || expense.currency === currency
          ? null
          : { minor: companyAmountMinor, currency },
      date: expense.date,
      categories: categories.get(expense.id) ?? [],
      updatedAt: expense.updatedAt,
      submitter: { id: expense.submitterId, name: people.get(expense.submitterId)?.name ?? '' },
      waitingFor: asked.get(expense.id)?.join(', ') ?? null,
      missing: isOpen ? missingFields(expense) : [],
      uncertain: isOpen ? expense.uncertain : [],
      isReading: reading.has(expense.id),
      said: said.get(expense.id) ?? null,
    }
  })
}

async function categoriesOf(tx: Tx, expenses: Expense[]): Promise<Map<string, string[]>> {
  const { companyId } = tx
  const names = new Map((await listAllCategories(tx)).map(({ id, name }) => [id, name]))
  const shares = await tx.em.find(
    ExpenseShare,
    { companyId, expenseId: { $in: expenses.map(({ id }) => id) } },
    { orderBy: { position: 'asc' } },
  )
  return new Map(
    expenses.map(({ id, categoryId }) => {
      const parts = shares.filter(({ expenseId }) => expenseId === id)
      const wanted = parts.length > 0 ? parts.map((part) => part.categoryId) : [categoryId]
      return [id, [...new Set(wanted)].flatMap((one) => names.get(one ?? '') ?? [])]
    }),
  )
}

/** Drafts whose receipt is not read yet. */
async function stillReading(tx: Tx, expenses: Expense[]): Promise<Set<string>> {
  const drafts = expenses.filter(({ status }) => status === 'draft').map(({ id }) => id)
  if (drafts.length === 0) return new Set()
  await tx.em.flush()
  const rows = await tx.em.execute<{ expense_id: string }[]>(
    `select distinct expense_id from receipt where company_id = ? and expense_id = any (?::uuid[]) and status = 'waiting'`,
    [tx.companyId, `{${drafts.join(',')}}`],
  )
  return new Set(rows.map(({ expense_id }) => expense_id))
}

async function whatWasSaid(
  tx: Tx,
  expenses: Expense[],
): Promise<Map<string, NonNullable<ExpenseLine['said']>>> {
  const { companyId } = tx
  const idsIn = (...statuses: ExpenseStatus[]) =>
    expenses.filter(({ status }) => statuses.includes(status)).map(({ id }) => id)
  const said = new Map<string, NonNullable<ExpenseLine['said']>>()
  const changes = await tx.em.find(
    ExpenseStatusChange,
    {
      companyId,
      expenseId: { $in: idsIn('sent_back', 'rejected') },
      status: { $in: ['sent_back', 'rejected'] },
      comment: { $ne: null },
    },
    { orderBy: { id: 'asc' } },
  )
  const people = await getPeople(
    tx,
    changes.map(({ personId }) => personId),
  )
  for (const { expenseId, personId, comment } of changes) {
    said.set(expenseId, { by: people.get(personId ?? '')?.name ?? null, text: comment ?? '' })
  }
  const findings = await tx.em.find(
    ExpenseFinding,
    { companyId, expenseId: { $in: idsIn('blocked') }, severity: 'blocking' },
    { orderBy: { position: 'desc' } },
  )
  for (const row of findings) {
    said.set(row.expenseId, { by: null, text: row.message, finding: toFinding(row) })
  }
  return said
}
