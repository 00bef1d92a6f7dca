import type { Tx } from '../../database/index.ts'
import { dateIn } from '../../kernel/calendar-date.ts'
import { userError } from '../../kernel/errors.ts'
import { continueCorrelation } from '../../kernel/logger.ts'
import { getCompany, requireActor } from '../people/index.ts'
import { Expense, ExpenseDelivery, type ExpenseKind } from './expenses.entity.ts'
import { statusInWords } from './status.ts'
import { editable } from './transitions.ts'

/**
 * Locks an expense until the end of the transaction and reads it afresh.
 * @throws userError `expense_unknown`
 */
export async function lockExpense(tx: Tx, id: string): Promise<Expense> {
  // What this transaction changed already must not be overwritten by reading afresh.
  await tx.em.flush()
  // “No key”: others may meanwhile refer to it, as a finding about a twin does.
  await tx.em.execute('select 1 from expense where id = ? for no key update', [id])
  const expense = await tx.em.findOne(Expense, { id }, { refresh: true })
  if (!expense) throw userError('expense_unknown', 'There is no such expense.')
  continueCorrelation(expense.correlationId)
  return expense
}

/**
 * Locks an expense of the actor of this transaction.
 * @throws userError `expense_unknown`, `not_yours`, `person_inactive`
 */
export async function lockOwn(tx: Tx, id: string): Promise<Expense> {
  const expense = await lockExpense(tx, id)
  const { id: personId } = await requireActor(tx)
  if (expense.submitterId !== personId) {
    throw notYours()
  }
  return expense
}

/**
 * For use cases that must lock something else before the expense.
 * @throws userError `expense_unknown`, `not_yours`
 */
export async function requireOwn(tx: Tx, id: string): Promise<void> {
  const expense = await tx.em.findOne(Expense, { id })
  if (!expense) throw userError('expense_unknown', 'There is no such expense.')
  if (expense.submitterId !== tx.actor.personId) throw notYours()
}

const notYours = () => userError('not_yours', 'Only the person who submits an expense can change it.')

/**
 * Locks an expense that the actor of this transaction wants to change.
 * @throws userError `expense_unknown`, `not_yours`, `expense_locked`
 */
export async function lockOwnEditable(tx: Tx, id: string): Promise<Expense> {
  const expense = await lockOwn(tx, id)
  requireEditable(expense)
  return expense
}

/**
 * An expense that the actor of this transaction may want to change, not locked.
 * @throws userError `expense_unknown`, `not_yours`, `expense_locked`
 */
export async function ownEditable(tx: Tx, id: string): Promise<Expense> {
  await requireOwn(tx, id)
  const expense = await tx.em.findOneOrFail(Expense, { id })
  requireEditable(expense)
  return expense
}

function requireEditable({ number, status }: Expense): void {
  if (editable.includes(status)) return
  throw userError('expense_locked', `${number} is ${statusInWords(status)}, so it cannot be changed.`, {
    details: { number, status },
  })
}

/**
 * The next number of the company's year, such as `EXP-2026-0042`, or `REQ-2026-0043` for a request to spend. Gaps are
 * allowed; only invoice numbers have none.
 */
export async function nextExpenseNumber(tx: Tx, kind: ExpenseKind): Promise<string> {
  const year = dateIn(tx.now, (await getCompany(tx)).timeZone).slice(0, 4)
  const [row] = await tx.em.execute<{ number: string }[]>('select next_expense_number(?, ?) as number', [
    tx.companyId,
    Number(year),
  ])
  return `${kind === 'request' ? 'REQ' : 'EXP'}-${year}-${String(row?.number).padStart(4, '0')}`
}

/** The expense that a delivery made before, if this delivery is known. */
export async function expenseOfDelivery(tx: Tx, key: string): Promise<Expense | null> {
  const delivery = await tx.em.findOne(ExpenseDelivery, { companyId: tx.companyId, key })
  return delivery && tx.em.findOneOrFail(Expense, { id: delivery.expenseId })
}

/** The expenses that these deliveries made, in their order; those that made none are left out. */
export async function expensesOfDeliveries(tx: Tx, keys: string[]): Promise<Expense[]> {
  const expenses: Expense[] = []
  for (const key of keys) {
    const expense = await expenseOfDelivery(tx, key)
    if (expense && !expenses.includes(expense)) expenses.push(expense)
  }
  return expenses
}
