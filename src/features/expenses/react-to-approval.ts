import { addToOutbox, type Tx } from '../../database/index.ts'
import { userError } from '../../kernel/errors.ts'
import { type ApprovalProgress, listComments, summarizeRequest } from '../approvals/index.ts'
import { queueMail, refreshCardAt, refreshSurfaces, showSurface } from '../notifications/index.ts'
import { getCompany, getPeople } from '../people/index.ts'
import { noApprover } from './assess-expense.ts'
import type { Expense } from './expenses.entity.ts'
import { lockExpense } from './expenses.ts'
import { addFindings } from './findings.ts'
import { reopenExpense, requireReopenable } from './reopen-expense.ts'
import {
  tellAdminsNobodyDecides,
  tellApproversComment,
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
  await changeStatus(tx, expense, 'blocked', noApprover.message)
  await tellAdminsNobodyDecides(tx, expense)
  await tellSubmitterOutcome(tx, expense, null)
}

/** The card of whoever decided offers to take it back, as long as that is possible. */
async function refreshCardInTime(tx: Tx, { approvalId }: ApprovalProgress): Promise<void> {
  const { rollbackHours } = await getCompany(tx)
  if (!approvalId || rollbackHours === 0) return
  await refreshCardAt(tx, approvalId, new Date(tx.now.getTime() + rollbackHours * 3_600_000))
}

async function followRequest(tx: Tx, expense: Expense, progress: ApprovalProgress): Promise<void> {
  if (expense.status !== 'awaiting_approval' || expense.revision !== progress.revision) {
    throw userError(
      'request_outdated',
      `${expense.number} changed since you were asked. Please look at it again.`,
    )
  }
  switch (progress.status) {
    case 'open':
      await askApprovers(tx, expense)
      break
    case 'approved':
      await complete(tx, expense)
      break
    case 'rejected':
    case 'sent_back':
      await changeStatus(tx, expense, progress.status, progress.comment)
      if (progress.status === 'rejected') expense.completedAt = tx.now
      if (progress.approvalId) await tellSubmitterOutcome(tx, expense, progress.approvalId)
      break
    case 'withdrawn':
      break
  }
}

/** Approved: its document is written and mailed. */
export async function complete(tx: Tx, expense: Expense): Promise<void> {
  await changeStatus(tx, expense, 'approved')
  expense.completedAt = tx.now
  expense.round += 1
  const { id: expenseId, revision, round } = expense
  await addToOutbox(tx, 'expense.document', { expenseId, revision, round })
}

/** Asks everybody whose turn it is, by a card in Slack and by mail. Asking twice is asking once. */
export async function askApprovers(tx: Tx, expense: Expense): Promise<void> {
  await tx.em.flush()
  const request = await summarizeRequest(tx, expense.id)
  const asked = (request?.steps ?? [])
    .flatMap(({ approvals }) => approvals)
    .filter(({ status }) => status === 'asked')
  const people = await getPeople(
    tx,
    asked.map(({ approverId }) => approverId),
  )
  for (const { id, approverId } of asked) {
    const isNew = await showSurface(tx, {
      kind: 'slack.approval',
      expenseId: expense.id,
      approvalId: id,
      personId: approverId,
    })
    const person = people.get(approverId)
    if (!isNew || !person) continue
    await queueMail(tx, {
      kind: 'approval_request',
      to: { address: person.email, personId: person.id },
      expenseId: expense.id,
      approvalId: id,
    })
  }
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
