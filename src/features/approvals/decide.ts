import type { Tx } from '../../database/index.ts'
import { formatInstant } from '../../kernel/calendar-date.ts'
import { type AppError, userError } from '../../kernel/errors.ts'
import { recordAudit } from '../audit/index.ts'
import { getCompany, getPerson, requireActor } from '../people/index.ts'
import { Approval } from './approvals.entity.ts'
import { cleanComment, requireText, wasJustSaid, writeComment } from './comment.ts'
import { type LoadedRequest, lockRequest, storeState, toState } from './load-request.ts'
import { advance, isDecided, type Refusal, type Verdict, verdictStatus } from './machine.ts'
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
 * Decides one approval as the actor of this transaction. The request's row is locked first, so of any two decisions
 * at the same moment one is made and the other is told who decided and when. What follows for the subject happens in
 * the same transaction. Deciding again the same way changes nothing and is no mistake. `ask` puts a question to the
 * submitter under the same conditions, and decides nothing.
 *
 * @throws userError `approval_unknown`, `comment_required`, `comment_too_long`, `own_expense`, `not_yours`,
 *   `not_asked`, `already_decided` (details: decidedBy, decidedAt, decision), `undone` (details: undoneBy, undoneAt),
 *   `person_inactive`
 */
export async function decideApproval(tx: Tx, subjects: ApprovalSubjects, decision: Decision): Promise<void> {
  const { approvalId, verdict } = decision
  const comment = commentOf(decision)
  const found = await tx.em.findOne(Approval, { id: approvalId })
  if (!found) throw userError('approval_unknown', 'This request no longer exists.')
  const loaded = await lockRequest(tx, found.requestId)
  const { id: personId } = await requireActor(tx)
  const answer = advance(toState(loaded), { kind: 'decide', approvalId, personId, verdict })
  if (!answer.ok) {
    // Pressed twice, or in Slack and by link: what was wanted is so.
    const isSoAlready = verdict !== 'ask' && found.status === verdictStatus[verdict]
    if (isSoAlready && found.decidedBy === personId) return
    throw await explainRefusal(tx, answer.refusal, { loaded, own: found })
  }
  if (verdict === 'ask') return ask(tx, subjects, { loaded, approvalId, question: comment ?? '' })
  storeState(tx, loaded, answer.state)
  Object.assign(found, { decidedAt: tx.now, decidedBy: personId, channel: tx.actor.channel, comment })
  await recordAudit(tx, {
    action: 'approval.decided',
    subject: subjectOf(loaded),
    changes: { approval: approvalId, verdict, request: answer.state.status },
    ...(comment === null ? {} : { personal: { comment } }),
  })
  await tellSubject(tx, subjects, loaded.request, { event: 'decided', approvalId, personId, comment })
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
  { loaded, approvalId, question }: { loaded: LoadedRequest; approvalId: string; question: string },
): Promise<void> {
  const subject = subjectOf(loaded)
  if (await wasJustSaid(tx, { subject, approvalId, text: question })) return
  const { id: commentId, personId } = await writeComment(tx, { subject, approvalId, text: question })
  await recordAudit(tx, {
    action: 'approval.asked',
    subject,
    changes: { approval: approvalId, comment: commentId },
    personal: { comment: question },
  })
  await tellSubject(tx, subjects, loaded.request, { event: 'commented', approvalId, personId, commentId })
}

const subjectOf = ({ request }: LoadedRequest) => ({ kind: request.subjectKind, id: request.subjectId })

const refusals: Partial<Record<Refusal, string>> = {
  own_expense: 'Nobody decides their own expense.',
  not_yours: 'This request is not yours to decide.',
  not_asked: 'It is not your turn yet: an earlier step is still open.',
}

const did: Partial<Record<string, string>> = {
  approved: 'approved',
  rejected: 'rejected',
  sent_back: 'sent back',
}

/** Tells the loser of a race, or a late comer, what was decided, by whom and when. */
async function explainRefusal(
  tx: Tx,
  refusal: Refusal,
  { loaded, own }: { loaded: LoadedRequest; own: Approval },
): Promise<AppError> {
  if (refusal === 'undone') return explainUndone(tx, own)
  const known = refusals[refusal]
  if (known !== undefined) return userError(refusal, known)
  const decisive = loaded.request.status === 'withdrawn' ? undefined : decisiveOf(loaded, own)
  if (!decisive?.decidedBy || !decisive.decidedAt) {
    return userError('already_decided', 'This request is closed: there is nothing to decide any more.')
  }
  const by = await getPerson(tx, decisive.decidedBy)
  const { timeZone, locale } = await getCompany(tx)
  const when = formatInstant(decisive.decidedAt, timeZone, locale)
  return userError(
    'already_decided',
    `${by.name} already ${did[decisive.status] ?? 'decided'} this, ${when}.`,
    {
      details: { decidedBy: by.name, decidedAt: decisive.decidedAt, decision: decisive.status },
    },
  )
}

/** The decision that ended one's turn: one's own, else the last one in the step, else the last one of all. */
function decisiveOf({ approvals }: LoadedRequest, own: Approval): Approval | undefined {
  if (own.decidedAt !== null) return own
  const decided = approvals
    .filter(({ status }) => isDecided(status))
    .sort((one, other) => Number(one.decidedAt) - Number(other.decidedAt))
  return decided.findLast(({ stepId }) => stepId === own.stepId) ?? decided.at(-1)
}
