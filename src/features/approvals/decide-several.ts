import { type Actor, type Database, inCompany } from '../../database/index.ts'
import { AppError, transientError, userError } from '../../kernel/errors.ts'
import { logger } from '../../kernel/logger.ts'
import { type Decision, decideApproval } from './decide.ts'
import type { ApprovalSubjects } from './subjects.ts'

/** How many can be decided at once. */
const mostDecisions = 50

/**
 * Decides several approvals, each in a transaction of its own: what one is refused for changes nothing for the others.
 * Answers in the order given; an approval that is named twice is decided once, as it is named first.
 * @throws userError `too_many_decisions`
 */
export async function decideSeveral(
  database: Database,
  who: { companyId: string; actor: Actor },
  subjects: ApprovalSubjects,
  decisions: readonly Decision[],
): Promise<{ approvalId: string; problem: AppError | null }[]> {
  if (decisions.length > mostDecisions) {
    throw userError('too_many_decisions', `Please decide at most ${mostDecisions} at once.`)
  }
  const once = decisions.filter(
    ({ approvalId }, index) => decisions.findIndex((one) => one.approvalId === approvalId) === index,
  )
  const results: { approvalId: string; problem: AppError | null }[] = []
  for (const decision of once) {
    const { approvalId } = decision
    try {
      await inCompany(database, who, (tx) => decideApproval(tx, subjects, decision))
      results.push({ approvalId, problem: null })
    } catch (error) {
      results.push({ approvalId, problem: asProblem(error, approvalId) })
    }
  }
  return results
}

/** What goes wrong with one must not hide from the person what became of the others. */
function asProblem(error: unknown, approvalId: string): AppError {
  if (error instanceof AppError) return error
  logger.error({ error, approvalId }, 'A decision failed')
  return transientError('decision_failed', 'This could not be decided just now. Please try again.', {
    cause: error,
  })
}
