import type { Tx } from '../../database/index.ts'
import { ApprovalRequest, type SubjectKind } from './approvals.entity.ts'
import { syncAsks } from './asks.ts'
import { type LoadedRequest, storeState, toState } from './load-request.ts'
import { advance, type RequestStatus } from './machine.ts'
import type { PlannedStep } from './plan.ts'
import type { NewAsk } from './subjects.ts'
import { createSteps, holdApprovers } from './write-steps.ts'

export interface RequestToOpen {
  subject: { kind: SubjectKind; id: string }
  submitterId: string
  /** Which revision of the subject is to be approved. */
  revision: number
  /** What it is worth, in minor units of the company's currency. */
  amountMinor: number
  steps: PlannedStep[]
}

/**
 * Opens a request by its plan and asks the approvers of the first step, or their delegates. A request without steps is
 * approved at once.
 * @returns what became of it, and who is asked now
 * @throws transientError `approver_left` when somebody of the plan leaves at this moment
 */
export async function openRequest(
  tx: Tx,
  input: RequestToOpen,
): Promise<{ status: RequestStatus; newAsks: NewAsk[] }> {
  await holdApprovers(tx, input.steps)
  const request = tx.em.create(ApprovalRequest, {
    id: tx.newId(),
    companyId: tx.companyId,
    subjectKind: input.subject.kind,
    subjectId: input.subject.id,
    submitterId: input.submitterId,
    revision: input.revision,
    amountMinor: input.amountMinor,
    status: 'open',
    createdAt: tx.now,
    closedAt: null,
  })
  const steps = createSteps(tx, request, { planned: input.steps, position: 1 })
  const loaded: LoadedRequest = { request, ...steps, asks: [] }
  const answer = advance(toState(loaded), { kind: 'open' })
  if (answer.ok) storeState(tx, loaded, answer.state)
  await tx.em.flush()
  const newAsks = await syncAsks(tx, loaded)
  return { status: request.status, newAsks }
}
