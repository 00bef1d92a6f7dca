import type { Tx } from '../../src/database/index.ts'
import { editExpense, submitExpense, viewExpense } from '../../src/features/expenses/index.ts'

/** Submits an expense of the actor, who says that it is another one than those that it looks like. */
export async function submitAnother(tx: Tx, expenseId: string): Promise<void> {
  const { looksLike = [] } = (await viewExpense(tx, expenseId)) ?? {}
  await editExpense(tx, expenseId, { differsFrom: looksLike.map(({ id }) => id) })
  await submitExpense(tx, expenseId)
}
