import { addToOutbox, type Tx } from '../../database/index.ts'
import { userError } from '../../kernel/errors.ts'
import { type ApprovalProgress, summarizeRequest } from '../approvals/index.ts'
import { queueMail, refreshSurfaces, showOutcome, showSurface } from '../notifications/index.ts'
import { getPeople, getPerson } from '../people/index.ts'
import type { Expense } from './expenses.entity.ts'
import { lockExpense } from './expenses.ts'
import { changeStatus } from './transitions.ts'

/** What an expense does when its approval request moves: the expenses' entry in `ApprovalSubjects`. */
export async function reactToApproval(tx: Tx, progress: ApprovalProgress): Promise<void> {
  const expense = await lockExpense(tx, progress.subjectId)
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
      await changeStatus(tx, expense, 'approved')
      expense.completedAt = tx.now
      await addToOutbox(tx, 'expense.document', { expenseId: expense.id, revision: expense.revision })
      break
    case 'rejected':
      await changeStatus(tx, expense, 'rejected', progress.comment)
      expense.completedAt = tx.now
      await tellSubmitter(tx, expense, progress.approvalId)
      break
    case 'sent_back':
      await changeStatus(tx, expense, 'sent_back', progress.comment)
      await tellSubmitter(tx, expense, progress.approvalId)
      break
    case 'withdrawn':
      break
  }
  await refreshSurfaces(tx, expense.id)
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

/** What was decided, where the submitter looks: in the thread, or by mail for an expense that came by mail. */
async function tellSubmitter(tx: Tx, expense: Expense, approvalId: string): Promise<void> {
  if (expense.source !== 'email') return showOutcome(tx, expense.id, approvalId)
  const submitter = await getPerson(tx, expense.submitterId)
  await queueMail(tx, {
    kind: 'decided',
    to: { address: submitter.email, personId: submitter.id },
    expenseId: expense.id,
    ...(expense.mailId ? { inboundMailId: expense.mailId } : {}),
  })
}
