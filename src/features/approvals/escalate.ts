import type { Tx } from '../../database/index.ts'
import { recordAudit } from '../audit/index.ts'
import { type Directory, getCompany, getPeople, loadDirectory, type Member } from '../people/index.ts'
import type { Approval, ApprovalAsk } from './approvals.entity.ts'
import { createAsks, currentAsks } from './asks.ts'
import { findNextUp } from './find-next-up.ts'
import { type DueAsk, followUpLater, lockDueAsk } from './follow-up.ts'
import type { LoadedRequest } from './load-request.ts'
import { isGone } from './machine.ts'
import type { Because } from './reasons.ts'
import { remind } from './remind.ts'
import { because } from './say-reason.ts'
import type { ApprovalSubjects, NewAsk } from './subjects.ts'
import { tellSubject } from './tell-subject.ts'

/**
 * Asks the next one up besides somebody who has not answered; whoever answers first decides. As long as they are asked it
 * is tried again after the same time: when enough others were asked already, or when nobody further up is left, who are
 * reminded instead. Nothing happens when their answer is not waited for any more.
 */
export async function escalateAsk(tx: Tx, subjects: ApprovalSubjects, askId: string): Promise<void> {
  const due = await lockDueAsk(tx, askId, 'approval.escalate')
  if (!due) return
  const { loaded, ask, approval } = due
  await followUpLater(tx, [ask], 'approval.escalate')
  if (isCovered(due)) return
  const newAsk = await askNextUp(tx, loaded, {
    approval,
    beyond: ask.onBehalfOfId ?? ask.personId,
    because: await unanswered(tx, ask),
    directory: await loadDirectory(tx),
  })
  if (!newAsk) return remind(tx, subjects, due)
  await tellSubject(tx, subjects, loaded, {
    event: 'escalated',
    approvalId: approval.id,
    personId: ask.personId,
    newAsks: [newAsk],
  })
}

interface StepUpward {
  approval: Approval
  /** Whom it goes on up from, by id. */
  beyond: string
  because: Because
  directory: Directory
}

/**
 * Asks the next one up about an approval of a locked request, besides those who are asked; the subject is the caller's to
 * tell.
 * @returns null when nobody further up is left
 */
export async function askNextUp(
  tx: Tx,
  loaded: LoadedRequest,
  { approval, beyond, because, directory }: StepUpward,
): Promise<NewAsk | null> {
  const next = nextUp(loaded, { approval, beyond, directory })
  if (!next) return null
  const asked = { approvalId: approval.id, personId: next.id, role: 'escalated' as const }
  await createAsks(tx, loaded, [{ ...asked, onBehalfOfId: null, ...because }])
  const { subjectKind: kind, subjectId: id } = loaded.request
  await recordAudit(tx, {
    action: 'approval.escalated',
    subject: { kind, id },
    changes: { approval: approval.id, from: beyond, to: next.id },
  })
  return asked
}

function nextUp(
  loaded: LoadedRequest,
  { approval, beyond, directory }: Omit<StepUpward, 'because'>,
): Member | null {
  const memberOf = (id: string) => directory.people.find((one) => one.id === id)
  const person = memberOf(beyond)
  const submitter = memberOf(loaded.request.submitterId)
  const step = loaded.steps.find(({ id }) => id === approval.stepId)
  if (!person || !submitter || !step) return null
  const standing = standingIn(loaded, step.id).flatMap(({ approverId, decidedBy }) => [approverId, decidedBy])
  const asked = asksIn(loaded, step.id).map(({ personId }) => personId)
  return findNextUp({
    person,
    submitter,
    directory,
    scopes: (step.definition?.steps ?? []).map(({ scope }) => scope),
    taken: new Set([...standing, ...asked].filter((id) => id !== null)),
  })
}

const standingIn = ({ approvals }: LoadedRequest, stepId: string): Approval[] =>
  approvals.filter((one) => one.stepId === stepId && !isGone(one.status))

function asksIn(loaded: LoadedRequest, stepId: string): ApprovalAsk[] {
  const ids = new Set(standingIn(loaded, stepId).map(({ id }) => id))
  return currentAsks(loaded).filter(({ approvalId }) => ids.has(approvalId))
}

/**
 * Whether others were asked already about as many approvals as the step still needs. For somebody who was escalated to,
 * only those count who were asked later: of two, one always goes on up.
 */
function isCovered({ loaded, ask, approval, step }: DueAsk): boolean {
  const isFurtherUp = (ask.onBehalfOfId ?? ask.personId) !== approval.approverId
  const covered = new Set(
    asksIn(loaded, step.id)
      .filter(({ role, askedAt }) => role === 'escalated' && (!isFurtherUp || askedAt > ask.askedAt))
      .map(({ approvalId }) => approvalId),
  )
  if (covered.has(approval.id)) return true
  const standing = standingIn(loaded, step.id)
  const approved = standing.filter(({ status }) => status === 'approved').length
  const asked = standing.filter(({ id, status }) => status === 'asked' && covered.has(id)).length
  return asked >= step.needed - approved
}

async function unanswered(tx: Tx, { personId, onBehalfOfId, askedAt }: ApprovalAsk): Promise<Because> {
  const { timeZone, locale } = await getCompany(tx)
  const people = await getPeople(tx, [personId, onBehalfOfId])
  const nameOf = (id: string) => people.get(id)?.name ?? 'somebody'
  const onBehalfOf = onBehalfOfId && nameOf(onBehalfOfId)
  const facts = { who: nameOf(personId), onBehalfOf, since: askedAt.toISOString(), timeZone }
  return because({ kind: 'unanswered', facts }, locale)
}
