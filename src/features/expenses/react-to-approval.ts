import { addToOutbox, type Tx } from '../../database/index.ts'
import { type ApprovalProgress, summarizeRequest } from '../approvals/index.ts'
import { refreshSurfaces, showSurface } from '../notifications/index.ts'
import type { Expense } from './expenses.entity.ts'
import { lockExpense } from './expenses.ts'
import { changeStatus } from './transitions.ts'

/** What an expense does when its approval request moves: the expenses' entry in `ApprovalSubjects`. */
export async function reactToApproval(tx: Tx, progress: ApprovalProgress): Promise<void> {
  const expense = await lockExpense(tx, progress.subjectId)
  switch (progress.status) {
    case 'open':
      await showApprovalCards(tx, expense)
      break
    case 'approved':
      await changeStatus(tx, expense, 'approved')
      expense.completedAt = tx.now
      await addToOutbox(tx, 'expense.document', { expenseId: expense.id, revision: expense.revision })
      break
    case 'rejected':
      await changeStatus(tx, expense, 'rejected', progress.comment)
      expense.completedAt = tx.now
      break
    case 'sent_back':
      await changeStatus(tx, expense, 'sent_back', progress.comment)
      break
    case 'withdrawn':
      break
  }
  await refreshSurfaces(tx, expense.id)
}

/** A card for everybody who is asked now. */
export async function showApprovalCards(tx: Tx, expense: Expense): Promise<void> {
  await tx.em.flush()
  const request = await summarizeRequest(tx, expense.id)
  for (const approval of request?.steps.flatMap(({ approvals }) => approvals) ?? []) {
    if (approval.status !== 'asked') continue
    await showSurface(tx, {
      kind: 'slack.approval',
      expenseId: expense.id,
      approvalId: approval.id,
      personId: approval.approverId,
    })
  }
}
