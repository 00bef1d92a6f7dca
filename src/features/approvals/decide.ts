import type { Tx } from '../../database/index.ts'
import { formatInstant } from '../../kernel/calendar-date.ts'
import { type AppError, userError } from '../../kernel/errors.ts'
import { cleanText } from '../../kernel/text.ts'
import { recordAudit } from '../audit/index.ts'
import { getCompany, getPerson, requireActor } from '../people/index.ts'
import { Approval } from './approvals.entity.ts'
import { lockRequest, storeState, toState } from './load-request.ts'
import { advance, type Refusal, type Verdict } from './machine.ts'
import type { ApprovalSubjects } from './subjects.ts'

export interface Decision {
  approvalId: string
  verdict: Verdict
  /** Required for reject and send back. */
  comment?: string | undefined
}

/**
 * Decides one approval as the actor of this transaction. The request's row is locked first, so of any two decisions
 * at the same moment one is made and the other is told who decided and when. What follows for the subject happens in
 * the same transaction. Deciding again the same way changes nothing and is no mistake.
 *
 * @throws userError `approval_unknown`, `comment_required`, `own_expense`, `not_yours`, `not_asked`,
 *   `already_decided` (details: decidedBy, decidedAt, decision), `person_inactive`
 */
export async function decideApproval(tx: Tx, subjects: ApprovalSubjects, decision: Decision): Promise<void> {
  const comment = cleanText(decision.comment ?? '', 2000).trim() || null
  if (decision.verdict !== 'approve' && !comment) {
    throw userError('comment_required', 'Please say why, in a few words.', { field: 'comment' })
  }
  const found = await tx.em.findOne(Approval, { id: decision.approvalId })
  if (!found) throw userError('approval_unknown', 'This request no longer exists.')
  const loaded = await lockRequest(tx, found.requestId)
  const { id: personId } = await requireActor(tx)
  const answer = advance(toState(loaded), {
    kind: 'decide',
    approvalId: decision.approvalId,
    personId,
    verdict: decision.verdict,
  })
  if (!answer.ok) {
    const own = loaded.approvals.find(({ id }) => id === decision.approvalId)
    // Pressed twice, or in Slack and by link: what was wanted is so.
    if (own?.decidedBy === personId && own.status === statusOf[decision.verdict]) return
    throw await explainRefusal(tx, answer.refusal, loaded.approvals, decision.approvalId)
  }
  storeState(tx, loaded, answer.state)
  const approval = loaded.approvals.find(({ id }) => id === decision.approvalId)
  if (approval)
    Object.assign(approval, { decidedAt: tx.now, decidedBy: personId, channel: tx.actor.channel, comment })
  await recordAudit(tx, {
    action: 'approval.decided',
    subject: { kind: loaded.request.subjectKind, id: loaded.request.subjectId },
    changes: { approval: decision.approvalId, verdict: decision.verdict, request: answer.state.status },
    ...(comment === null ? {} : { personal: { comment } }),
  })
  await subjects[loaded.request.subjectKind](tx, {
    subjectId: loaded.request.subjectId,
    revision: loaded.request.revision,
    approvalId: decision.approvalId,
    status: answer.state.status,
    personId,
    comment,
  })
}

const statusOf = { approve: 'approved', reject: 'rejected', send_back: 'sent_back' } as const

const refusals: Record<Exclude<Refusal, 'already_decided' | 'closed'>, string> = {
  own_expense: 'Nobody decides their own expense.',
  not_yours: 'This request is not yours to decide.',
  not_asked: 'It is not your turn yet: an earlier step is still open.',
}

/** Tells the loser of a race, or a late comer, what was decided, by whom and when. */
async function explainRefusal(
  tx: Tx,
  refusal: Refusal,
  approvals: Approval[],
  approvalId: string,
): Promise<AppError> {
  if (refusal !== 'already_decided' && refusal !== 'closed') return userError(refusal, refusals[refusal])
  const own = approvals.find(({ id }) => id === approvalId)
  const decided = approvals.filter(({ decidedAt }) => decidedAt !== null)
  const decisive =
    own?.decidedAt != null
      ? own
      : (decided.findLast(({ stepId }) => stepId === own?.stepId) ?? decided.at(-1))
  if (!decisive?.decidedBy || !decisive.decidedAt) {
    return userError('already_decided', 'This request is closed: it was taken back.')
  }
  const by = await getPerson(tx, decisive.decidedBy)
  const did =
    { approved: 'approved', rejected: 'rejected', sent_back: 'sent back' }[decisive.status as 'approved'] ??
    'decided'
  const { timeZone, locale } = await getCompany(tx)
  const when = formatInstant(decisive.decidedAt, timeZone, locale)
  return userError('already_decided', `${by.name} already ${did} this, ${when}.`, {
    details: { decidedBy: by.name, decidedAt: decisive.decidedAt, decision: decisive.status },
  })
}
