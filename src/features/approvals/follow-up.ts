import { addAllToOutbox, addToOutbox, type Tx } from '../../database/index.ts'
import { addWorkingTime, minutesPerDay } from '../../kernel/working-time.ts'
import { getCompany, getPeople, workingCalendarOf } from '../people/index.ts'
import { Approval, ApprovalAsk, type ApprovalStep } from './approvals.entity.ts'
import { type LoadedRequest, lockRequest } from './load-request.ts'

export type FollowUp = 'approval.remind' | 'approval.escalate'

/**
 * Asks for what follows when somebody who is asked does not answer: after the company's working days, by the calendar of
 * the one who is asked, a reminder and an escalation. Both are rows of the outbox that wait for their time, so they are
 * lost neither with a queue nor by a restart. Nothing follows in an optional step, which holds up nothing.
 */
export async function followUp(tx: Tx, loaded: LoadedRequest, asks: ApprovalAsk[]): Promise<void> {
  const required = new Set(loaded.steps.filter((step) => step.required).map(({ id }) => id))
  const holdUp = new Set(loaded.approvals.filter(({ stepId }) => required.has(stepId)).map(({ id }) => id))
  const due = asks.filter(({ approvalId }) => holdUp.has(approvalId))
  // All at once, and not one after the other by their calendars.
  await getPeople(
    tx,
    due.map(({ personId }) => personId),
  )
  await followUpLater(tx, due, 'approval.remind')
  await followUpLater(tx, due, 'approval.escalate')
}

/** Asks for one of them, as many working days from now as the company has set for it. */
export async function followUpLater(tx: Tx, asks: ApprovalAsk[], job: FollowUp): Promise<void> {
  const days = await daysBefore(tx, job)
  if (days === 0) return
  const work = []
  for (const { id: askId, personId } of asks) {
    const calendar = await workingCalendarOf(tx, personId)
    const notBefore = addWorkingTime(tx.now, days * minutesPerDay(calendar), calendar)
    if (notBefore) work.push({ payload: { askId }, notBefore })
  }
  await addAllToOutbox(tx, job, work)
}

async function daysBefore(tx: Tx, job: FollowUp): Promise<number> {
  const { remindAfterDays, escalateAfterDays } = await getCompany(tx)
  return job === 'approval.remind' ? remindAfterDays : escalateAfterDays
}

/** Somebody who is asked, has not answered, and holds up a request. The request is locked. */
export interface DueAsk {
  loaded: LoadedRequest
  ask: ApprovalAsk
  approval: Approval
  step: ApprovalStep
}

/**
 * The ask that something was to follow on, its request locked. null when nothing is to follow: it was answered, others are
 * asked, the company has ended such follow-ups; or not now, because it comes late, after a standstill, and the person is
 * off work: then it was asked for again, for when they work next.
 */
export async function lockDueAsk(tx: Tx, askId: string, job: FollowUp): Promise<DueAsk | null> {
  const { approvalId, endedAt } = await tx.em.findOneOrFail(ApprovalAsk, { id: askId })
  // It never begins again, so the request need not be waited for.
  if (endedAt !== null) return null
  const { requestId } = await tx.em.findOneOrFail(Approval, { id: approvalId })
  const loaded = await lockRequest(tx, requestId)
  const ask = loaded.asks.find(({ id, endedAt }) => id === askId && endedAt === null)
  const approval = loaded.approvals.find(({ id, status }) => id === approvalId && status === 'asked')
  const step = loaded.steps.find(({ id, required }) => id === approval?.stepId && required)
  if (!ask || !approval || !step) return null
  if ((await daysBefore(tx, job)) === 0) return null
  const atWork = addWorkingTime(tx.now, 0, await workingCalendarOf(tx, ask.personId))
  if (atWork && atWork > tx.now) {
    await addToOutbox(tx, job, { askId }, { notBefore: atWork })
    return null
  }
  return { loaded, ask, approval, step }
}
