import { timingSafeEqual } from 'node:crypto'
import { type Actor, type Database, inCompany, type Tx } from '../../database/index.ts'
import { type AppError, userError } from '../../kernel/errors.ts'
import { recordAudit } from '../audit/index.ts'
import { checkAuthenticator, requireActor } from '../people/index.ts'
import { Approval, ApprovalRequest, type StepUp } from './approvals.entity.ts'
import { codeOf } from './one-time-code.ts'
import {
  holdStepUps,
  minutesBefore,
  newestStepUp,
  stepUpMinutes,
  tooManyWrong,
  wrongCodesLeft,
} from './step-up.ts'

/** How often one code may be guessed at. */
export const triesPerCode = 5

export interface TypedCode {
  approvalId: string
  code: string
  /** DATA_KEY. */
  dataKey: string
}

/**
 * Takes the code that somebody typed as the proof that it is them, for one approval and in the channel of `who`. Comes
 * before the decision, in a transaction of its own: a wrong code counts whatever becomes of the decision. Proven already,
 * as by the first press of a button that was pressed twice, it changes nothing and is no mistake. Not to be called inside
 * a transaction that sent a code: each would wait for the other.
 *
 * @throws userError, all with field `code`: `code_wrong` (says how many tries are left), `code_expired` when there is none
 *   that can be typed, `too_many_attempts`; and `person_inactive`, `nobody_acts`
 */
export async function proveWithCode(
  database: Database,
  who: { companyId: string; actor: Actor },
  typed: TypedCode,
): Promise<void> {
  const code = typed.code.replace(/[\s-]/g, '')
  // No code at all is no try.
  if (!/^\d{6}$/.test(code)) throw codeError('code_wrong', 'The code has six digits.')
  const problem = await inCompany(database, who, (tx) => tryCode(tx, { ...typed, code }))
  if (problem) throw problem
}

/** What is wrong is returned and not thrown, so that it is committed that it was tried. */
async function tryCode(tx: Tx, typed: TypedCode): Promise<AppError | null> {
  const { approvalId } = typed
  const { id: personId } = await requireActor(tx)
  await holdStepUps(tx, personId)
  const stepUp = await newestStepUp(tx, { approvalId, personId })
  if (stepUp?.provenAt && stepUp.provenAt > minutesBefore(tx.now, stepUpMinutes)) return null
  if (!stepUp || stepUp.provenAt || stepUp.expiresAt <= tx.now) {
    return codeError('code_expired', 'This code is not good any more. Please ask for a new one.')
  }
  if (stepUp.attempts >= triesPerCode) {
    return codeError('too_many_attempts', 'This code was tried too often. Please ask for a new one.')
  }
  const { left, within } = await wrongCodesLeft(tx, personId)
  if (left <= 0) return tooManyWrong(within)
  const answer = await compare(tx, stepUp, typed)
  if (answer === 'right') {
    stepUp.provenAt = tx.now
    await recordAttempt(tx, stepUp, 'approval.proven')
    return null
  }
  stepUp.attempts += 1
  await recordAttempt(tx, stepUp, 'approval.code_wrong')
  const what =
    answer === 'used' ? 'This code was used already: please wait for the next one.' : 'That is not the code.'
  const tries = { ofThisCode: triesPerCode - stepUp.attempts, ofAll: left - 1 }
  const details = { wasUsed: answer === 'used', ...tries }
  return userError('code_wrong', `${what} ${whatIsLeft(tries)}`, { field: 'code', details })
}

async function compare(
  tx: Tx,
  { id, via, personId }: StepUp,
  { code, dataKey }: TypedCode,
): Promise<'right' | 'used' | 'wrong'> {
  if (via === 'app') return checkAuthenticator(tx, personId, { code, dataKey })
  return timingSafeEqual(Buffer.from(codeOf(dataKey, id)), Buffer.from(code)) ? 'right' : 'wrong'
}

function whatIsLeft({ ofThisCode, ofAll }: { ofThisCode: number; ofAll: number }): string {
  if (ofAll <= 0) return 'Please try again later: there were too many wrong ones.'
  if (ofThisCode <= 0) return 'There are no tries left: please ask for a new one.'
  const left = Math.min(ofThisCode, ofAll)
  return left === 1 ? 'You have one more try.' : `You have ${left} more tries.`
}

async function recordAttempt(tx: Tx, stepUp: StepUp, action: string): Promise<void> {
  const { requestId } = await tx.em.findOneOrFail(Approval, { id: stepUp.approvalId })
  const { subjectKind, subjectId } = await tx.em.findOneOrFail(ApprovalRequest, { id: requestId })
  await recordAudit(tx, {
    action,
    subject: { kind: subjectKind, id: subjectId },
    changes: { approval: stepUp.approvalId, step_up: stepUp.id, via: stepUp.via, wrong: stepUp.attempts },
  })
}

const codeError = (code: string, message: string) => userError(code, message, { field: 'code' })
