import type { Tx } from '../../database/index.ts'
import { Approval, ApprovalRequest, ApprovalStep, type SubjectKind } from './approvals.entity.ts'
import { storeState, toState } from './load-request.ts'
import { advance } from './machine.ts'
import type { PlannedStep } from './plan.ts'

export interface RequestToOpen {
  subject: { kind: SubjectKind; id: string }
  submitterId: string
  /** Which revision of the subject is to be approved. */
  revision: number
  steps: PlannedStep[]
}

/** Opens a request by its plan and asks the approvers of the first step. */
export async function openRequest(tx: Tx, input: RequestToOpen): Promise<void> {
  const { companyId } = tx
  const request = tx.em.create(ApprovalRequest, {
    id: tx.newId(),
    companyId,
    subjectKind: input.subject.kind,
    subjectId: input.subject.id,
    submitterId: input.submitterId,
    revision: input.revision,
    status: 'open',
    createdAt: tx.now,
    closedAt: null,
  })
  const steps: ApprovalStep[] = []
  const approvals: Approval[] = []
  for (const [index, planned] of input.steps.entries()) {
    const step = tx.em.create(ApprovalStep, {
      id: tx.newId(),
      companyId,
      requestId: request.id,
      position: index + 1,
      description: planned.description,
      needed: planned.needed,
      required: planned.required,
      status: 'waiting',
    })
    steps.push(step)
    for (const { personId, because } of planned.approvers) {
      approvals.push(
        tx.em.create(Approval, {
          id: tx.newId(),
          companyId,
          requestId: request.id,
          stepId: step.id,
          approverId: personId,
          because,
          status: 'waiting',
          askedAt: null,
          decidedAt: null,
          decidedBy: null,
          channel: null,
          comment: null,
        }),
      )
    }
  }
  const loaded = { request, steps, approvals }
  const answer = advance(toState(loaded), { kind: 'open' })
  if (answer.ok) storeState(tx, loaded, answer.state)
}
