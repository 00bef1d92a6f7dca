import { isDeepStrictEqual } from 'node:util'
import type { Tx } from '../../database/index.ts'
import { recordAudit } from '../audit/index.ts'
import { ApprovalRequest } from './approvals.entity.ts'
import { type LoadedRequest, lockRequest, storeState, toState } from './load-request.ts'
import { advance, isGone } from './machine.ts'
import { type PlannedStep, samePeople } from './plan.ts'
import type { ApprovalSubjects } from './subjects.ts'
import { tellSubject } from './tell-subject.ts'
import { createSteps, holdApprovers } from './write-steps.ts'

/**
 * Adds to the open request about a subject those of `steps` that it does not ask already; they come after its own. A
 * whole plan can be given. Nothing happens when no request is open. Locks the request and then the subject, so the
 * caller may not hold the subject.
 * @throws transientError `approver_left` when somebody of the plan leaves at this moment
 */
export async function addSteps(
  tx: Tx,
  subjects: ApprovalSubjects,
  subjectId: string,
  steps: readonly PlannedStep[],
): Promise<void> {
  await holdApprovers(tx, steps)
  const open = await tx.em.findOne(ApprovalRequest, { companyId: tx.companyId, subjectId, status: 'open' })
  const loaded = open && (await lockRequest(tx, open.id))
  if (loaded?.request.status !== 'open') return
  const added = appendSteps(tx, loaded, steps)
  if (added.length === 0) return
  await recordAudit(tx, {
    action: 'approval.steps_added',
    subject: { kind: loaded.request.subjectKind, id: subjectId },
    changes: { steps: added.map(({ position }) => position) },
  })
  await tellSubject(tx, subjects, loaded, { event: 'asked_anew' })
}

/** Appends to a locked, open request what it does not ask already. */
export function appendSteps(
  tx: Tx,
  loaded: LoadedRequest,
  steps: readonly PlannedStep[],
): { position: number }[] {
  const planned = steps.filter((step) => !asksAlready(loaded, step))
  const position = Math.max(0, ...loaded.steps.map((step) => step.position)) + 1
  const added = createSteps(tx, loaded.request, { planned, position })
  const answer = advance(toState(loaded), {
    kind: 'add_steps',
    steps: toState({ request: loaded.request, ...added }).steps,
  })
  loaded.steps.push(...added.steps)
  loaded.approvals.push(...added.approvals)
  if (answer.ok) storeState(tx, loaded, answer.state)
  return added.steps
}

/** A step for the same clause of the policy, or for the very same people and as many of them. */
function asksAlready({ steps, approvals }: LoadedRequest, planned: PlannedStep): boolean {
  const definitions = steps.flatMap(({ definition }) => definition?.steps ?? [])
  if (planned.definition.steps.every((step) => definitions.some((known) => isDeepStrictEqual(known, step)))) {
    return true
  }
  const wanted = planned.approvers.map(({ personId }) => personId)
  return steps.some((step) => {
    const asked = approvals.filter(({ stepId, status }) => stepId === step.id && !isGone(status))
    return (
      (step.required || !planned.required) &&
      step.needed >= planned.needed &&
      samePeople(
        asked.map(({ approverId }) => approverId),
        wanted,
      )
    )
  })
}
