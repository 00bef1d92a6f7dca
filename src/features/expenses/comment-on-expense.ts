import type { Tx } from '../../database/index.ts'
import { userError } from '../../kernel/errors.ts'
import { type ApprovalSubjects, commentOn, hasApproval } from '../approvals/index.ts'
import { requireActor } from '../people/index.ts'
import { lockExpense } from './expenses.ts'

/**
 * Says something about an expense, to the submitter or, by the submitter, to those who are asked: answers to questions,
 * remarks. For the submitter, everybody who is or was asked, finance and admins.
 * @throws userError `expense_unknown`, `not_yours`, `comment_required`, `person_inactive`
 */
export async function commentOnExpense(
  tx: Tx,
  subjects: ApprovalSubjects,
  expenseId: string,
  text: string,
): Promise<void> {
  const expense = await lockExpense(tx, expenseId)
  const { id: personId, roles } = await requireActor(tx)
  const mayComment =
    expense.submitterId === personId ||
    roles.includes('finance') ||
    roles.includes('admin') ||
    (await hasApproval(tx, expenseId, personId))
  if (!mayComment) throw userError('not_yours', 'This expense is not yours to comment on.')
  if (expense.status === 'draft' || expense.status === 'cancelled') {
    throw userError('nobody_listens', `${expense.number} is with nobody now, so nobody would read this.`, {
      details: { number: expense.number },
    })
  }
  await commentOn(tx, subjects, { subject: { kind: 'expense', id: expenseId }, text })
}
