import type { Tx } from '../../database/index.ts'
import { requireActor } from '../people/index.ts'
import type { UploadedFile } from '../receipts/index.ts'
import { draftExpense } from './draft-expense.ts'
import { editExpense } from './edit-expense.ts'
import type { ExpenseChanges } from './expense-changes.ts'
import type { Expense, ExpenseKind, ExpenseSource } from './expenses.entity.ts'
import { expenseOfDelivery } from './expenses.ts'

export interface ExpenseToStart {
  kind: ExpenseKind
  source: ExpenseSource
  /** Names this one delivery, such as a form that was sent: delivered again, it gives the same expense. */
  deliveryKey: string
  changes: ExpenseChanges
  files?: UploadedFile[]
}

/**
 * Begins an expense of the actor of this transaction from a form, filled in. It is a draft.
 * @throws userError as `draftExpense` and `editExpense`: then nothing is kept
 */
export async function startExpense(
  tx: Tx,
  { kind, source, deliveryKey, changes, files = [] }: ExpenseToStart,
): Promise<Expense> {
  const known = await expenseOfDelivery(tx, deliveryKey)
  if (known) return known
  const { id: submitterId } = await requireActor(tx)
  const { id } = await draftExpense(tx, { submitterId, kind, source, deliveryKey, files })
  return editExpense(tx, id, changes)
}
