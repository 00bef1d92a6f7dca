import type { Tx } from '../../database/index.ts'
import { ApprovalRequest, type SubjectKind } from './approvals.entity.ts'
import { storeState, toState } from './load-request.ts'
import { advance, type RequestStatus } from './machine.ts'
import type { PlannedStep } from './plan.ts'
import { createSteps, holdApprovers } from './write-steps.ts'

export interface RequestToOpen {
  subject: { kind: SubjectKind; id: string }
  submitterId: string
  /** Which revision of the subject is to be approved. */
  revision: number
  steps: PlannedStep[]
}

/**
 * Opens a request by its plan and asks the approvers of the first step. A request without steps is approved at once.
 * @throws transientError `approver_left` when somebody of the plan leaves at this moment
 */
export async function openRequest(tx: Tx, input: RequestToOpen): Promise<RequestStatus> {
  await holdApprovers(tx, input.steps)
  const request = tx.em.create(ApprovalRequest, {
    id: tx.newId(),
    companyId: tx.companyId,
    subjectKind: input.subject.kind,
    subjectId: input.subject.id,
    submitterId: input.submitterId,
    revision: input.revision,
    status: 'open',
    createdAt: tx.now,
    closedAt: null,
  })
  const loaded = { request, ...createSteps(tx, request, { planned: input.steps, position: 1 }) }
  const answer = advance(toState(loaded), { kind: 'open' })
  if (answer.ok) storeState(tx, loaded, answer.state)
  return request.status
}
