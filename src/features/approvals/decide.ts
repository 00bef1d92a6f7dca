import type { Tx } from '../../database/index.ts'
import { type AppError, userError } from '../../kernel/errors.ts'
import { recordAudit } from '../audit/index.ts'
import { getPerson, requireActor } from '../people/index.ts'
import { Approval, type ApprovalRequest } from './approvals.entity.ts'
import { whoMayAnswer } from './asks.ts'
import { cleanComment, requireText, wasJustSaid, writeComment } from './comment.ts'
import { alreadyDecided } from './explain-decision.ts'
import { inPlaceOf } from './in-place-of.ts'
import { type LoadedRequest, lockRequest, storeState, toState } from './load-request.ts'
import {
  advance,
  isDecided,
  type MachineAnswer,
  type Refusal,
  type Verdict,
  verdictStatus,
} from './machine.ts'
import { requireProof } from './step-up.ts'
import type { ApprovalSubjects } from './subjects.ts'
import { tellSubject } from './tell-subject.ts'
import { explainUndone } from './undo-decision.ts'

export interface Decision {
  approvalId: string
  verdict: Verdict
  /** The reason, or the question: required for all but approving. */
  comment?: string | undefined
}

/**
 * Decides one approval as the actor of this transaction: as its approver, or in their place. The request's row is locked
 * first, so of any two decisions at the same moment one is made and the other is told who decided and when. What follows
 * for the subject happens in the same transaction. Deciding again the same way changes nothing and is no mistake. `ask`
 * puts a question to the submitter under the same conditions, and decides nothing.
 *
 * @throws userError `approval_unknown`, `comment_required`, `comment_too_long`, `own_expense`, `not_yours`,
 *   `not_asked`, `counted_already`, `already_decided` (details: decidedBy, decidedFor, decidedAt, decision), `undone`
 *   (details: undoneBy, undoneAt), `person_inactive`, `step_up_required` (details: approvalId)
 */
export async function decideApproval(tx: Tx, subjects: ApprovalSubjects, decision: Decision): Promise<void> {
  const { approvalId, verdict } = decision
  const comment = commentOf(decision)
  const attempt = await attemptDecision(tx, { approvalId, verdict })
  const { loaded, own, personId, answer } = attempt
  if (!answer.ok) {
    // Pressed twice, or in Slack and by link: what was wanted is so.
    const isSoAlready = verdict !== 'ask' && own.status === verdictStatus[verdict]
    if (isSoAlready && own.decidedBy === personId) return
    throw await explainRefusal(tx, answer.refusal, attempt)
  }
  if (verdict === 'ask') return ask(tx, subjects, attempt, comment ?? '')
  await requireProof(tx, loaded.request, approvalId)
  storeState(tx, loaded, answer.state)
  Object.assign(own, { decidedAt: tx.now, channel: tx.actor.channel, comment })
  await recordAudit(tx, {
    action: 'approval.decided',
    subject: subjectOf(loaded),
    changes: { approval: approvalId, verdict, request: answer.state.status },
    ...inPlaceOf(own, personId),
    ...(comment === null ? {} : { personal: { comment } }),
  })
  await tellSubject(tx, subjects, loaded, { event: 'decided', approvalId, personId, comment })
}

/**
 * The request of an approval that the actor of this transaction could decide now. Locks it.
 * @throws userError as `decideApproval`
 */
export async function requireDecidable(tx: Tx, approvalId: string): Promise<ApprovalRequest> {
  const attempt = await attemptDecision(tx, { approvalId, verdict: 'ask' })
  if (attempt.answer.ok) return attempt.loaded.request
  throw await explainRefusal(tx, attempt.answer.refusal, attempt)
}

interface Attempt {
  loaded: LoadedRequest
  own: Approval
  /** Who tries. */
  personId: string
  answer: MachineAnswer
}

/** Locks the request and asks the machine; writes nothing. */
async function attemptDecision(
  tx: Tx,
  { approvalId, verdict }: { approvalId: string; verdict: Verdict },
): Promise<Attempt> {
  const own = await tx.em.findOne(Approval, { id: approvalId })
  if (!own) throw userError('approval_unknown', 'This request no longer exists.')
  const loaded = await lockRequest(tx, own.requestId)
  const { id: personId } = await requireActor(tx)
  const mayDecide = (await whoMayAnswer(tx, loaded)).get(approvalId) ?? []
  const answer = advance(toState(loaded), { kind: 'decide', approvalId, personId, verdict, mayDecide })
  return { loaded, own, personId, answer }
}

function commentOf({ verdict, comment }: Decision): string | null {
  if (verdict === 'approve') return cleanComment(comment)
  return requireText(
    comment,
    verdict === 'ask' ? 'Please write your question.' : 'Please say why, in a few words.',
  )
}

async function ask(
  tx: Tx,
  subjects: ApprovalSubjects,
  { loaded, own, personId }: Attempt,
  question: string,
): Promise<void> {
  const subject = subjectOf(loaded)
  const { id: approvalId } = own
  if (await wasJustSaid(tx, { subject, approvalId, text: question })) return
  const { id: commentId } = await writeComment(tx, { subject, approvalId, text: question })
  await recordAudit(tx, {
    action: 'approval.asked',
    subject,
    changes: { approval: approvalId, comment: commentId },
    ...inPlaceOf(own, personId),
    personal: { comment: question },
  })
  await tellSubject(tx, subjects, loaded, { event: 'commented', approvalId, personId, commentId })
}

const subjectOf = ({ request }: LoadedRequest) => ({ kind: request.subjectKind, id: request.subjectId })

const refusals: Partial<Record<Refusal, string>> = {
  own_expense: 'Nobody decides their own expense.',
  not_asked: 'It is not your turn yet: an earlier step is still open.',
  counted_already:
    'You are in this step already, and everybody counts once in a step: somebody else has to decide this one.',
}

/** Tells the loser of a race, or a late comer, what was decided, by whom, for whom and when. */
async function explainRefusal(tx: Tx, refusal: Refusal, attempt: Attempt): Promise<AppError> {
  const { loaded, own } = attempt
  if (refusal === 'undone') return explainUndone(tx, own)
  if (refusal === 'not_yours') return explainNotYours(tx, attempt)
  const known = refusals[refusal]
  if (known !== undefined) return userError(refusal, known)
  const decisive = loaded.request.status === 'withdrawn' ? undefined : decisiveOf(loaded, own)
  if (decisive?.decidedBy) return alreadyDecided(tx, decisive)
  return userError('already_decided', 'This request is closed: there is nothing to decide any more.')
}

/** Whoever was asked in the place of somebody is told that this is over. */
async function explainNotYours(tx: Tx, { loaded, own, personId }: Attempt): Promise<AppError> {
  const asked = loaded.asks.find((one) => one.approvalId === own.id && one.personId === personId)
  if (!asked?.onBehalfOfId) return userError('not_yours', 'This request is not yours to decide.')
  const { name } = await getPerson(tx, asked.onBehalfOfId)
  return userError('not_yours', `You no longer decide for ${name}, so this request is not yours to decide.`, {
    details: { noLongerFor: name },
  })
}

/** The decision that ended one's turn: one's own, else the last one in the step, else the last one of all. */
function decisiveOf({ approvals }: LoadedRequest, own: Approval): Approval | undefined {
  if (own.decidedAt !== null) return own
  const decided = approvals
    .filter(({ status }) => isDecided(status))
    .sort((one, other) => Number(one.decidedAt) - Number(other.decidedAt))
  return decided.findLast(({ stepId }) => stepId === own.stepId) ?? decided.at(-1)
}
