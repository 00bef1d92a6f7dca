import { addToOutbox, type Tx } from '../../database/index.ts'
import { userError } from '../../kernel/errors.ts'
import { type ApprovalProgress, listComments, summarizeRequest } from '../approvals/index.ts'
import { refreshCardsAt, refreshSurfaces } from '../notifications/index.ts'
import { getCompany } from '../people/index.ts'
import { askNew, remindApprover } from './ask-approvers.ts'
import { noApprover } from './assess-expense.ts'
import type { Expense } from './expenses.entity.ts'
import { lockExpense } from './expenses.ts'
import { addFindings } from './findings.ts'
import { reopenExpense, requireReopenable } from './reopen-expense.ts'
import {
  tellAdminsNobodyDecides,
  tellApproversComment,
  tellRequestApproved,
  tellSubmitterComment,
  tellSubmitterOutcome,
  tellUndone,
} from './tell.ts'
import { changeStatus } from './transitions.ts'

/** What an expense does when its approval request moves: the expenses' entry in `ApprovalSubjects`. */
export async function reactToApproval(tx: Tx, progress: ApprovalProgress): Promise<void> {
  const expense = await lockExpense(tx, progress.subjectId)
  switch (progress.event) {
    case 'commented':
      await passOnComment(tx, expense, progress)
      break
    case 'stuck':
      await block(tx, expense)
      break
    case 'asked_anew':
      await followRequest(tx, expense, progress)
      break
    case 'passed_on':
    case 'escalated':
      await askNew(tx, expense, progress.newAsks, progress.event === 'escalated')
      break
    case 'reminded':
      await remindApprover(tx, expense, progress)
      break
    case 'decided':
      await followRequest(tx, expense, progress)
      await refreshCardInTime(tx, progress)
      break
    case 'undoing':
      return requireReopenable(tx, expense, progress)
    case 'undone':
      await reopenExpense(tx, expense, progress)
      if (progress.status === 'withdrawn') await block(tx, expense)
      else await followRequest(tx, expense, progress)
      await tellUndone(tx, expense, progress)
      break
  }
  await refreshSurfaces(tx, expense.id)
}

/** Nobody is left who may decide it. */
async function block(tx: Tx, expense: Expense): Promise<void> {
  await addFindings(tx, expense.id, [noApprover])
  await changeStatus(tx, expense, 'blocked', { comment: noApprover.message })
  await tellAdminsNobodyDecides(tx, expense)
  await tellSubmitterOutcome(tx, expense, null)
}

/** The card of whoever decided offers to take it back, as long as that is possible. */
async function refreshCardInTime(tx: Tx, { approvalId }: ApprovalProgress): Promise<void> {
  const { rollbackHours } = await getCompany(tx)
  if (!approvalId || rollbackHours === 0) return
  await refreshCardsAt(tx, approvalId, new Date(tx.now.getTime() + rollbackHours * 3_600_000))
}

async function followRequest(tx: Tx, expense: Expense, progress: ApprovalProgress): Promise<void> {
  if (expense.status !== 'awaiting_approval' || expense.revision !== progress.revision) {
    throw userError(
      'request_outdated',
      `${expense.number} changed since you were asked. Please look at it again.`,
      { details: { number: expense.number } },
    )
  }
  switch (progress.status) {
    case 'open':
      await askNew(tx, expense, progress.newAsks)
      break
    case 'approved':
      await complete(tx, expense, progress)
      break
    case 'rejected':
    case 'sent_back':
      await changeStatus(tx, expense, progress.status, {
        comment: progress.comment,
        onBehalfOfId: progress.onBehalfOfId,
      })
      if (progress.status === 'rejected') expense.completedAt = tx.now
      if (progress.approvalId) await tellSubmitterOutcome(tx, expense, progress.approvalId)
      break
    case 'withdrawn':
      break
  }
}

/**
 * Approved: its document is written and mailed. A request to spend has none, so its submitter is told.
 * @param progress the last approval; null: nobody was asked
 */
export async function complete(tx: Tx, expense: Expense, progress: ApprovalProgress | null): Promise<void> {
  const onBehalfOfId = progress?.onBehalfOfId ?? null
  await changeStatus(tx, expense, 'approved', { onBehalfOfId })
  expense.completedAt = tx.now
  expense.round += 1
  const { id: expenseId, revision, round } = expense
  if (expense.kind === 'request') await tellRequestApproved(tx, expense, progress?.approvalId ?? null)
  else await addToOutbox(tx, 'expense.document', { expenseId, revision, round })
}

/** What the submitter says goes to the approvers; what anybody else says, to the submitter. */
async function passOnComment(tx: Tx, expense: Expense, { commentId }: ApprovalProgress): Promise<void> {
  await tx.em.flush()
  const comments = await listComments(tx, expense.id)
  const comment = comments.find(({ id }) => id === commentId)
  if (!comment) return
  if (comment.personId !== expense.submitterId) return tellSubmitterComment(tx, expense, comment.id)
  const request = await summarizeRequest(tx, expense.id)
  await tellApproversComment(tx, expense, comment, { request, comments })
}
