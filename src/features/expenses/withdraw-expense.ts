import type { Tx } from '../../database/index.ts'
import { transientError } from '../../kernel/errors.ts'
import { hasOpenRequest, withdrawRequest } from '../approvals/index.ts'
import { refreshSurfaces } from '../notifications/index.ts'
import { lockOwn, lockOwnEditable, requireOwn } from './expenses.ts'
import { changeStatus } from './transitions.ts'

/** Discards a draft, or an expense that was sent back or blocked. It stays on record as cancelled. */
export async function discardExpense(tx: Tx, expenseId: string): Promise<void> {
  const expense = await lockOwnEditable(tx, expenseId)
  await changeStatus(tx, expense, 'cancelled')
  await refreshSurfaces(tx, expense.id)
}

/**
 * Takes a submitted expense back into a draft, as long as nobody has decided anything.
 * @throws userError `not_yours`, `already_decided`, `transition_illegal`
 */
export async function withdrawExpense(tx: Tx, expenseId: string): Promise<void> {
  await requireOwn(tx, expenseId)
  // The request is locked before the expense, as deciding does: two orders of locks could wait for each other.
  await withdrawRequest(tx, expenseId)
  const expense = await lockOwn(tx, expenseId)
  // Routing may have opened a request while we waited for the lock. Then we come again, in the right order.
  if (await hasOpenRequest(tx, expenseId)) {
    throw transientError(
      'being_routed',
      'It is just being sent to the approvers. Please try again in a moment.',
    )
  }
  await changeStatus(tx, expense, 'draft')
  await refreshSurfaces(tx, expense.id)
}
