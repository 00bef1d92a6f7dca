import type { Tx } from '../../database/index.ts'
import { recordAudit } from '../audit/index.ts'
import { type Directory, endDelegationsOf, getPeople, loadDirectory } from '../people/index.ts'
import { appendSteps } from './add-steps.ts'
import type { Approval, ApprovalAsk, ApprovalStep } from './approvals.entity.ts'
import { currentAsks } from './asks.ts'
import { askNextUp } from './escalate.ts'
import { type LoadedRequest, lockRequest, storeState, toState } from './load-request.ts'
import { advance, isGone, isUndecided, type RequestStatus } from './machine.ts'
import { type PlannedStep, planSteps, type StepDefinition } from './plan.ts'
import type { ApprovalSubjects, NewAsk } from './subjects.ts'
import { tellSubject } from './tell-subject.ts'
import { createApproval, holdAllApprovers } from './write-steps.ts'

export interface MovedApproval {
  subjectId: string
  /** They were asked already; else they would have been later. */
  wasAsked: boolean
  /** Who decides instead, by name. Empty when nobody could be found and the request ended. */
  to: string[]
  status: RequestStatus
}

/**
 * Finds others for everything that somebody who leaves was to decide and has not: each step is planned anew by what the
 * policy asked for and by the people of today. What they decided before stays, and so does everybody else who is asked.
 * A request for which too few are left ends, and its subject is told that it is `stuck`; one in which all who are left
 * had approved already is approved. Their delegations end: whoever they stood in for is asked again. Where they were asked
 * as the next one up, the next one further up is. What the caller has read with this transaction before is not followed
 * any more afterwards.
 */
export async function moveOpenApprovals(
  tx: Tx,
  subjects: ApprovalSubjects,
  personId: string,
): Promise<MovedApproval[]> {
  await tx.em.flush()
  await holdAllApprovers(tx)
  await endDelegationsOf(tx, personId)
  const directory = without(await loadDirectoryNow(tx), personId)
  const results: MovedApproval[] = []
  for (const requestId of await requestsWaitingFor(tx, personId)) {
    const loaded = await lockRequest(tx, requestId)
    const { request } = loaded
    const wasAsked = loaded.approvals.some(
      ({ approverId, status }) => approverId === personId && status === 'asked',
    )
    const moved = moveInRequest(tx, loaded, { personId, directory })
    const newAsks = await climbOn(tx, loaded, { personId, directory })
    if (moved.length === 0) {
      await tellSubject(tx, subjects, loaded, { event: newAsks[0] ? 'escalated' : 'passed_on', newAsks })
    } else {
      await recordAudit(tx, {
        action: 'approval.moved',
        subject: { kind: request.subjectKind, id: request.subjectId },
        changes: { from: personId, approvals: moved.map(({ id }) => id), request: request.status },
      })
      await tellSubject(tx, subjects, loaded, {
        event: request.status === 'withdrawn' ? 'stuck' : 'asked_anew',
        newAsks,
      })
      const to = await namesOf(tx, loaded, moved)
      results.push({ subjectId: request.subjectId, wasAsked, to, status: request.status })
    }
    // Whatever is kept here is compared with the database again for each of the next ones.
    await tx.em.flush()
    tx.em.clear()
  }
  return results
}

/** As it is in the database: this transaction may have read people before somebody else left. */
export async function loadDirectoryNow(tx: Tx): Promise<Directory> {
  return loadDirectory({ ...tx, em: tx.em.fork({ keepTransactionContext: true }) })
}

const without = (directory: Directory, personId: string): Directory => ({
  ...directory,
  people: directory.people.map((person) => (person.id === personId ? { ...person, active: false } : person)),
})

/** Those in which somebody stands, or is asked in another's place or besides them. */
async function requestsWaitingFor(tx: Tx, personId: string): Promise<string[]> {
  const rows = await tx.em.execute<{ id: string }[]>(
    `select distinct r.id from approval_request r join approval a on a.company_id = r.company_id and a.request_id = r.id
     where r.company_id = ? and r.status = 'open' and a.status in ('asked', 'waiting') and (a.approver_id = ?
       or exists (select 1 from approval_ask k
         where k.company_id = a.company_id and k.approval_id = a.id and k.person_id = ? and k.ended_at is null))
     order by r.id`,
    [tx.companyId, personId, personId],
  )
  return rows.map(({ id }) => id)
}

/** Where somebody was asked as the next one up, asks the next one further up instead. */
async function climbOn(
  tx: Tx,
  loaded: LoadedRequest,
  { personId, directory }: { personId: string; directory: Directory },
): Promise<NewAsk[]> {
  const isTheirs = (ask: ApprovalAsk) => ask.personId === personId && ask.role === 'escalated'
  const newAsks: NewAsk[] = []
  for (const ask of currentAsks(loaded).filter(isTheirs)) {
    ask.endedAt = tx.now
    const approval = loaded.approvals.find(({ id }) => id === ask.approvalId)
    if (approval?.status !== 'asked') continue
    const { because, reason } = ask
    const next = await askNextUp(tx, loaded, {
      approval,
      beyond: personId,
      because: { because, reason },
      directory,
    })
    if (next) newAsks.push(next)
  }
  return newAsks
}

/** Moves what this person has not decided in a locked request. Answers with the approvals that were moved. */
export function moveInRequest(
  tx: Tx,
  loaded: LoadedRequest,
  { personId, directory }: { personId: string; directory: Directory },
): Approval[] {
  const moved: Approval[] = []
  for (const approval of loaded.approvals.filter(({ approverId }) => approverId === personId)) {
    const step = loaded.steps.find(({ id }) => id === approval.stepId)
    // The one before may have ended the request.
    if (!step || !isUndecided(approval.status)) continue
    const [first, ...further] = planAnew(step, loaded, directory)
    if (first) Object.assign(step, { description: first.description, definition: first.definition })
    // First, so that the request cannot be approved without them.
    appendSteps(tx, loaded, further)
    replace(tx, loaded, { approval, step, planned: first })
    moved.push(approval)
  }
  return moved
}

/** The step as it would be planned today: several where one had stood for several. Empty when nobody is found. */
function planAnew(step: ApprovalStep, loaded: LoadedRequest, directory: Directory): PlannedStep[] {
  const submitter = directory.people.find(({ id }) => id === loaded.request.submitterId)
  if (!submitter) return []
  // Who decided for somebody else counts in the step already: another one is found.
  const counted = loaded.approvals.flatMap(({ stepId, status, approverId, decidedBy }) =>
    stepId === step.id && !isGone(status) && decidedBy && decidedBy !== approverId ? [decidedBy] : [],
  )
  const others = counted.reduce(without, directory)
  return planSteps({ ...definitionOf(step), submitter, directory: others }) ?? []
}

/** Requests from before do not say what the policy asked for: finance decides. */
function definitionOf({ definition, description, required, needed }: ApprovalStep): StepDefinition {
  const finance = { approver: 'finance' as const, scope: 'team' as const, description, required, needed }
  return definition ?? { steps: [finance], categoryId: null }
}

function replace(
  tx: Tx,
  loaded: LoadedRequest,
  { approval, step, planned }: { approval: Approval; step: ApprovalStep; planned: PlannedStep | undefined },
): void {
  const others = (planned?.approvers ?? []).map(({ personId, because, reason }) => ({
    id: tx.newId(),
    approverId: personId,
    because,
    reason,
  }))
  const staying = loaded.approvals.filter(
    ({ stepId, id, status }) => stepId === step.id && id !== approval.id && !isGone(status),
  )
  const ids = new Set([...staying, ...others].map(({ approverId }) => approverId))
  const asksAll = step.definition?.steps.some(({ needed }) => needed === 'all')
  const needed = asksAll && planned ? ids.size : (planned?.needed ?? step.needed)
  const answer = advance(toState(loaded), { kind: 'replace', approvalId: approval.id, others, needed })
  if (!answer.ok) return
  const asked = answer.state.steps.flatMap(({ approvals }) => approvals)
  for (const { id, approverId, because, reason } of others) {
    if (!asked.some((one) => one.id === id)) continue
    loaded.approvals.push(createApproval(tx, step, { id, personId: approverId, because, reason }))
  }
  storeState(tx, loaded, answer.state)
}

/** Who is in the steps that somebody left; in a step that nobody is left in, those who are asked otherwise. */
async function namesOf(tx: Tx, { request, approvals }: LoadedRequest, moved: Approval[]): Promise<string[]> {
  if (request.status === 'withdrawn') return []
  const there = approvals.filter(({ status }) => !isGone(status))
  const inSteps = there.filter(({ stepId }) => moved.some((one) => one.stepId === stepId))
  const deciding = inSteps.length > 0 ? inSteps : there.filter(({ status }) => status === 'asked')
  const people = await getPeople(
    tx,
    deciding.map(({ approverId }) => approverId),
  )
  return [...people.values()].map(({ name }) => name).sort()
}
