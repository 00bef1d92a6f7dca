import type { Tx } from '../../../database/index.ts'
import { type ExpenseView, viewExpense } from '../../../features/expenses/index.ts'
import { userError } from '../../../kernel/errors.ts'
import { idOf } from '../payloads.ts'

/**
 * The actor's own expense that a button or form is about.
 * @throws userError `expense_unknown`; `not_yours` with `refusal`
 */
export async function ownExpense(tx: Tx, value: string, refusal: string): Promise<ExpenseView> {
  const expense = await viewExpense(tx, idOf(value))
  if (!expense) throw userError('expense_unknown', 'There is no such expense.')
  if (expense.submitter.id !== tx.actor.personId) throw userError('not_yours', refusal)
  return expense
}
