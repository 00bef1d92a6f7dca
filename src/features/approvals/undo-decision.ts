import type { Tx } from '../../database/index.ts'
import { formatInstant } from '../../kernel/calendar-date.ts'
import { type AppError, userError } from '../../kernel/errors.ts'
import { recordAudit } from '../audit/index.ts'
import { activeAmong, getCompany, getPerson, requireActor } from '../people/index.ts'
import { Approval } from './approvals.entity.ts'
import { createAsks } from './asks.ts'
import { cleanComment } from './comment.ts'
import { inPlaceOf } from './in-place-of.ts'
import { type LoadedRequest, lockRequest, storeState, toState } from './load-request.ts'
import { advance, isUndecided, type Refusal, type RequestState } from './machine.ts'
import { loadDirectoryNow, moveInRequest } from './move-approvals.ts'
import type { ApprovalSubjects, NewAsk } from './subjects.ts'
import { tellSubject } from './tell-subject.ts'
import { createApproval } from './write-steps.ts'

/**
 * Takes back a decision of the actor of this transaction, within the time that the company allows for it: only who decided
 * can, also when it was in the place of the approver. What followed from it in later steps is undone with it, nothing is
 * deleted, and the same people are asked anew, or others in place of those who left since. The subject is asked first
 * whether it can go along, and told in the end. Taking back twice changes nothing and is no mistake.
 *
 * @throws userError `approval_unknown`, `not_yours`, `not_decided`, `too_late` (details: until), `closed`, `undone` when it
 *   fell with a decision that somebody else took back (details: undoneBy, undoneAt), `comment_too_long`, `person_inactive`
 */
export async function undoDecision(
  tx: Tx,
  subjects: ApprovalSubjects,
  { approvalId, comment: text }: { approvalId: string; comment?: string | undefined },
): Promise<void> {
  const comment = cleanComment(text)
  const own = await tx.em.findOne(Approval, { id: approvalId })
  if (!own) throw userError('approval_unknown', 'This request no longer exists.')
  const loaded = await lockRequest(tx, own.requestId)
  const { id: personId } = await requireActor(tx)
  const until = await lastInstant(tx, own)
  const fresh = new Map<string, string>()
  const answer = advance(toState(loaded), {
    kind: 'undo',
    approvalId,
    personId,
    isInTime: until !== null && tx.now < until,
    fresh: (id) => {
      const freshId = tx.newId()
      fresh.set(freshId, id)
      return freshId
    },
  })
  if (!answer.ok) {
    if (own.status === 'undone' && own.decidedBy === personId && own.undoneBy === personId) return
    throw await explainRefusal(tx, answer.refusal, { own, until })
  }
  const progress = { approvalId, personId, comment }
  await tellSubject(tx, subjects, loaded, { event: 'undoing', ...progress })
  const verdict = own.status
  const undone = await storeUndone(tx, loaded, { state: answer.state, fresh, comment })
  const moved = await replaceThoseWhoLeft(tx, loaded)
  const newAsks = await escalateAnew(tx, loaded, fresh)
  await recordAudit(tx, {
    action: 'approval.undone',
    subject: { kind: loaded.request.subjectKind, id: loaded.request.subjectId },
    changes: { approval: approvalId, verdict, undone, moved, request: loaded.request.status },
    ...inPlaceOf(own, personId),
    ...(comment === null ? {} : { personal: { comment } }),
  })
  await tellSubject(tx, subjects, loaded, { event: 'undone', ...progress, undoneApprovals: undone, newAsks })
}

/** The decisions of a request that can be taken back at this moment, each with the end (UTC) of its time. */
export async function undoableUntil(tx: Tx, loaded: LoadedRequest): Promise<Map<string, Date>> {
  const state = toState(loaded)
  const found = new Map<string, Date>()
  for (const approval of loaded.approvals) {
    const { id: approvalId, decidedBy: personId } = approval
    const until = personId && (await lastInstant(tx, approval))
    if (!until) continue
    const isInTime = tx.now < until
    const answer = advance(state, { kind: 'undo', approvalId, personId, isInTime, fresh: () => approvalId })
    if (answer.ok) found.set(approvalId, until)
  }
  return found
}

/** When the time ends in which a decision can be taken back; null where there is none. */
async function lastInstant(tx: Tx, { decidedAt }: Approval): Promise<Date | null> {
  const { rollbackHours } = await getCompany(tx)
  if (rollbackHours === 0 || !decidedAt) return null
  return new Date(decidedAt.getTime() + rollbackHours * 3_600_000)
}

/** Writes the undone approvals and those that stand for them. Returns the ids of the undone. */
async function storeUndone(
  tx: Tx,
  loaded: LoadedRequest,
  change: { state: RequestState; fresh: Map<string, string>; comment: string | null },
): Promise<string[]> {
  const { state, fresh, comment } = change
  const undone = new Set(fresh.values())
  for (const approval of loaded.approvals.filter(({ id }) => undone.has(id))) {
    Object.assign(approval, {
      undoneStatus: approval.status,
      undoneAt: tx.now,
      undoneBy: tx.actor.personId,
      undoneChannel: tx.actor.channel,
      undoneComment: comment,
    })
  }
  storeState(tx, loaded, state)
  // First the old ones: nobody stands in a step twice.
  await tx.em.flush()
  for (const [id, undoneId] of fresh) {
    const old = loaded.approvals.find((approval) => approval.id === undoneId)
    const step = loaded.steps.find((one) => one.id === old?.stepId)
    if (!old || !step) continue
    const { approverId: personId, because, reason } = old
    loaded.approvals.push(createApproval(tx, step, { id, personId, because, reason }))
  }
  storeState(tx, loaded, state)
  return [...undone]
}

/** Whoever was the next one up for what is asked anew may decide it again, in the place of the same approver. */
async function escalateAnew(tx: Tx, loaded: LoadedRequest, fresh: Map<string, string>): Promise<NewAsk[]> {
  const escalated = loaded.asks.filter(({ role }) => role === 'escalated')
  const active = await activeAmong(
    tx,
    escalated.map(({ personId }) => personId),
  )
  const asks = [...fresh].flatMap(([approvalId, undoneId]) => {
    if (loaded.approvals.find(({ id }) => id === approvalId)?.status !== 'asked') return []
    const theirs = escalated.filter((ask) => ask.approvalId === undoneId && active.has(ask.personId))
    return [...new Map(theirs.map((ask) => [ask.personId, ask])).values()].map(
      ({ personId, because, reason }) => {
        return { approvalId, personId, role: 'escalated' as const, onBehalfOfId: null, because, reason }
      },
    )
  })
  await createAsks(tx, loaded, asks)
  return asks
}

/** Whoever left since the request was closed was not replaced then. Returns whose approvals were moved now. */
async function replaceThoseWhoLeft(tx: Tx, loaded: LoadedRequest): Promise<string[]> {
  const directory = await loadDirectoryNow(tx)
  const undecided = loaded.approvals.filter(({ status }) => isUndecided(status))
  const left = directory.people.filter(
    ({ id, active }) => !active && undecided.some(({ approverId }) => approverId === id),
  )
  return left.flatMap(({ id: personId }) =>
    moveInRequest(tx, loaded, { personId, directory }).map(({ id }) => id),
  )
}

async function explainRefusal(
  tx: Tx,
  refusal: Refusal,
  { own, until }: { own: Approval; until: Date | null },
): Promise<AppError> {
  switch (refusal) {
    case 'undone':
      return explainUndone(tx, own)
    case 'too_late':
      return userError(refusal, await tooLate(tx, until), {
        details: { until, timeZone: (await getCompany(tx)).timeZone },
      })
    case 'closed':
      return userError(
        refusal,
        'The request has ended, and not by this decision: taking it back would change nothing.',
      )
    case 'not_yours':
      return userError(refusal, 'Only the one who decided can take it back.')
    default:
      return userError('not_decided', 'There is nothing to take back: this is not decided.')
  }
}

async function tooLate(tx: Tx, until: Date | null): Promise<string> {
  if (!until) return 'A decision cannot be taken back here.'
  const { timeZone, locale } = await getCompany(tx)
  return `This could be taken back until ${formatInstant(until, timeZone, locale)}.`
}

/** Tells somebody who still looks at an undone approval who took back what, and when. */
export async function explainUndone(tx: Tx, { undoneBy, undoneAt }: Approval): Promise<AppError> {
  const by = await getPerson(tx, undoneBy ?? '')
  const { timeZone, locale } = await getCompany(tx)
  const who = undoneBy === tx.actor.personId ? 'You' : by.name
  const when = formatInstant(undoneAt ?? tx.now, timeZone, locale)
  return userError('undone', `${who} took back a decision, ${when}, so this is asked anew.`, {
    details: { undoneBy: by.name, undoneAt, timeZone, isOwn: undoneBy === tx.actor.personId },
  })
}
