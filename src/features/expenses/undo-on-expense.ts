import type { Tx } from '../../database/index.ts'
import { userError } from '../../kernel/errors.ts'
import { type ApprovalSubjects, summarizeRequest, undoDecision } from '../approvals/index.ts'
import { requireActor } from '../people/index.ts'
import { Expense } from './expenses.entity.ts'

/**
 * Takes back what the actor of this transaction decided last about an expense, given by its number. Answers with what
 * that was.
 * @throws userError `expense_unknown`, `not_decided`, and those of `undoDecision`
 */
export async function undoOnExpense(
  tx: Tx,
  subjects: ApprovalSubjects,
  number: string,
): Promise<'approved' | 'rejected' | 'sent_back'> {
  const expense = await tx.em.findOne(Expense, { companyId: tx.companyId, number })
  if (!expense) throw userError('expense_unknown', `There is no expense “${number}”.`)
  const { id: personId, name } = await requireActor(tx)
  const request = await summarizeRequest(tx, expense.id)
  const decided = (request?.steps ?? [])
    .flatMap(({ approvals }) => approvals)
    .filter(({ decided }) => decided?.byId === personId)
    .sort((one, other) => Number(one.decided?.at) - Number(other.decided?.at))
  const last = decided.findLast(({ undoableUntil }) => undoableUntil !== null) ?? decided.at(-1)
  const { status } = last ?? {}
  if (!last || (status !== 'approved' && status !== 'rejected' && status !== 'sent_back'))
    throw userError('not_decided', `${name} has decided nothing about ${number}.`)
  await undoDecision(tx, subjects, { approvalId: last.id })
  return status
}
