import { addToOutbox, type Tx } from '../../database/index.ts'
import { userError } from '../../kernel/errors.ts'
import type { ApprovalProgress, RequestStatus } from '../approvals/index.ts'
import { type Expense, ExpenseDocument, ExpenseFinding, ExpenseStatusChange } from './expenses.entity.ts'
import { lockAgainstOthers } from './lock-against-others.ts'
import { perDiemOverlap } from './overlapping-stay.ts'
import { assessAsThen } from './reassess-expense.ts'
import { drawingOn } from './spend-request-draws.ts'
import { type ExpenseStatus, statusInWords } from './status.ts'
import { changeStatus } from './transitions.ts'

/** What an expense is as long as its newest request is so. */
const statusBy: Partial<Record<RequestStatus, ExpenseStatus>> = {
  open: 'awaiting_approval',
  approved: 'approved',
  rejected: 'rejected',
  sent_back: 'sent_back',
}

/**
 * Whether the expense still is what this request made of it, so that a decision can be taken back: not settled, not
 * submitted again, not changed by its submitter, whose changes the approvers would get unseen, and no expense draws on it.
 */
export async function mayReopen(
  tx: Tx,
  expense: Expense,
  request: { revision: number; status: RequestStatus },
): Promise<boolean> {
  if (expense.revision !== request.revision || expense.status !== statusBy[request.status]) return false
  if (expense.kind === 'request' && (await drawingOn(tx, expense.id)).length > 0) return false
  return expense.status !== 'sent_back' || !(await wasChangedSince(tx, expense))
}

/** Whether anything was changed since the last change of status. */
async function wasChangedSince(tx: Tx, { id: expenseId, updatedAt }: Expense): Promise<boolean> {
  const where = { companyId: tx.companyId, expenseId }
  const last = await tx.em.findOneOrFail(ExpenseStatusChange, where, { orderBy: { at: 'desc', id: 'desc' } })
  return updatedAt.getTime() !== last.at.getTime()
}

/**
 * Before a decision about a locked expense is taken back.
 * @throws userError `request_outdated`, `request_drawn`
 */
export async function requireReopenable(tx: Tx, expense: Expense, progress: ApprovalProgress): Promise<void> {
  if (await mayReopen(tx, expense, progress)) return
  const { number, status } = expense
  const drawing = status === 'approved' && expense.kind === 'request' ? await drawingOn(tx, expense.id) : []
  if (drawing.length > 0) {
    const list = drawing.length > 3 ? [...drawing.slice(0, 3), `${drawing.length - 3} more`] : drawing
    const draw = drawing.length === 1 ? 'draws' : 'draw'
    const message = `The approval of ${number} cannot be taken back any more: ${list.join(', ')} ${draw} on it.`
    throw userError('request_drawn', message, { details: { number, expenses: drawing } })
  }
  const why =
    status === 'sent_back' && expense.revision === progress.revision
      ? 'its submitter has begun to change it'
      : `it is ${statusInWords(status)} by now`
  throw userError('request_outdated', `A decision on ${number} cannot be taken back any more: ${why}.`, {
    details: { number, status, isTakingBack: true },
  })
}

/**
 * Makes a locked expense wait for approval again. A statement that was issued is cancelled by another document.
 * @throws userError `request_outdated` where others have taken what was left of a limit meanwhile
 */
export async function reopenExpense(tx: Tx, expense: Expense, progress: ApprovalProgress): Promise<void> {
  const before = expense.status
  if (before === 'awaiting_approval') return
  if (before !== 'approved') {
    // It did not count as spent meanwhile, and others may have been submitted that are like it.
    await requireWithinLimits(tx, expense)
    // Others may have drawn on its request: what is left of it is said anew.
    const where = { companyId: tx.companyId, expenseId: expense.id, code: { $like: 'request_%' } }
    await tx.em.nativeDelete(ExpenseFinding, where)
    await addToOutbox(tx, 'expense.reassess', { expenseId: expense.id })
  }
  await changeStatus(tx, expense, 'awaiting_approval', { onBehalfOfId: progress.onBehalfOfId })
  expense.completedAt = null
  if (before === 'approved') await cancelStatement(tx, expense, progress.approvalId ?? '')
}

/** A limit that refuses what is beyond it does so here as well, and so do days that are paid by now. */
async function requireWithinLimits(tx: Tx, expense: Expense): Promise<void> {
  await lockAgainstOthers(tx, expense)
  const { findings } = await assessAsThen(tx, expense)
  const over = findings.find(
    ({ code, severity }) => severity === 'blocking' && (code.startsWith('limit:') || code === perDiemOverlap),
  )
  if (!over) return
  throw userError('request_outdated', `${expense.number} cannot go back to its approvers. ${over.message}`, {
    details: { number: expense.number, why: over.message },
  })
}

/** One that is not written yet never will be: its job finds the expense in another state. */
async function cancelStatement(tx: Tx, expense: Expense, approvalId: string): Promise<void> {
  const { id: expenseId, revision, round } = expense
  const where = { companyId: tx.companyId, kind: 'expense_statement', expenseId, revision, round } as const
  const statement = await tx.em.findOne(ExpenseDocument, where)
  if (statement) await addToOutbox(tx, 'expense.cancel_document', { documentId: statement.id, approvalId })
}
