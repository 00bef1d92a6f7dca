import type { Tx } from '../../database/index.ts'
import { type ApprovalSubjects, addSteps } from '../approvals/index.ts'
import { refreshSurfaces } from '../notifications/index.ts'
import { type Finding, policyVersion } from '../policy/index.ts'
import { type Assessment, assessExpense } from './assess-expense.ts'
import { Expense, ExpenseFinding } from './expenses.entity.ts'
import { lockExpense } from './expenses.ts'
import { addFindings, findingsOf } from './findings.ts'
import { tellFinanceLateReading } from './tell.ts'

/**
 * Looks again at an expense whose receipt was read only after it went to the approvers. What a person submitted stays as it
 * is; the policy that judged it then adds what it finds now, and the steps that it asks for now. Once it is approved, only
 * finance is told.
 */
export async function reassessExpense(tx: Tx, subjects: ApprovalSubjects, expenseId: string): Promise<void> {
  const seen = await tx.em.findOneOrFail(Expense, { id: expenseId })
  if (seen.status !== 'awaiting_approval' && seen.status !== 'approved') return
  const assessment = await assessAsThen(tx, seen)
  // The request is locked before the expense, as deciding does.
  if (seen.status === 'awaiting_approval' && assessment.plan && 'steps' in assessment.plan) {
    await addSteps(tx, subjects, expenseId, assessment.plan.steps)
  }
  const expense = await lockExpense(tx, expenseId)
  const before = await findingsOf(tx, expenseId)
  const fresh = assessment.findings.filter(isNewTo(before)).map(asWarning)
  await forgetNotRead(tx, expenseId, assessment)
  if (fresh.length > 0 && expense.status === 'approved') {
    await tellFinanceLateReading(
      tx,
      expense,
      fresh.map(({ message }) => message),
    )
  }
  await addFindings(tx, expenseId, fresh)
  await refreshSurfaces(tx, expenseId)
}

/** By the version that judged it, so that a change of policy in between does not count. */
export async function assessAsThen(tx: Tx, expense: Expense): Promise<Assessment> {
  const { policyVersionId: versionId } = expense
  const document = versionId && (await policyVersion(tx, versionId))
  return assessExpense(tx, expense, document ? { version: { versionId, document } } : {})
}

/** A limit, or a request that is drawn on, is told once: with what was spent since, its figures would contradict those of then. */
const isNewTo = (before: Finding[]) => (finding: Finding) =>
  !before.some(({ code, message, relatedExpenseId }) => {
    if (code.startsWith('request_') && finding.code.startsWith('request_')) return true
    if (code !== finding.code) return false
    if (relatedExpenseId) return relatedExpenseId === finding.relatedExpenseId
    return code.startsWith('limit:') || message === finding.message
  })

/** It is under way: what would have blocked it then is for the approvers to weigh now. */
const asWarning = (finding: Finding): Finding =>
  finding.severity === 'blocking' ? { ...finding, severity: 'warning' } : finding

/** “Not read yet” is not so any more, unless the new look says it again. */
async function forgetNotRead(tx: Tx, expenseId: string, { findings }: Assessment): Promise<void> {
  const code = 'receipt_not_read'
  const still = findings.filter((finding) => finding.code === code).map(({ message }) => message)
  await tx.em.nativeDelete(ExpenseFinding, {
    companyId: tx.companyId,
    expenseId,
    code,
    message: { $nin: still },
  })
}
