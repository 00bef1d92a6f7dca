import type { Tx } from '../../database/index.ts'
import { getPeople } from '../people/index.ts'
import { Approval, ApprovalRequest } from './approvals.entity.ts'
import { readSteps } from './load-request.ts'
import type { ApprovalStatus, RequestStatus, StepStatus } from './machine.ts'

export interface ApprovalSummary {
  id: string
  approverId: string
  approver: string
  because: string
  status: ApprovalStatus
  /** Set when it was decided. */
  decided: { by: string; at: Date; channel: string; comment: string | null } | null
}

export interface RequestSummary {
  id: string
  revision: number
  status: RequestStatus
  steps: {
    position: number
    description: string
    required: boolean
    needed: number
    status: StepStatus
    approvals: ApprovalSummary[]
  }[]
}

/**
 * A request about a subject, with names, as cards and pages show it: the one that `approvalId` belongs to, else the
 * latest; null when there was none yet.
 */
export async function summarizeRequest(
  tx: Tx,
  subjectId: string,
  approvalId: string | null = null,
): Promise<RequestSummary | null> {
  const approval = approvalId && (await tx.em.findOne(Approval, { id: approvalId }))
  const request = await tx.em.findOne(
    ApprovalRequest,
    { companyId: tx.companyId, subjectId, ...(approval ? { id: approval.requestId } : {}) },
    { orderBy: { revision: 'desc' } },
  )
  if (!request) return null
  const { steps, approvals } = await readSteps(tx, request)
  const people = await getPeople(
    tx,
    approvals.flatMap(({ approverId, decidedBy }) => [approverId, decidedBy]),
  )
  const nameOf = (id: string) => people.get(id)?.name ?? 'somebody'
  return {
    id: request.id,
    revision: request.revision,
    status: request.status,
    steps: steps.map(({ id, position, description, required, needed, status }) => ({
      position,
      description,
      required,
      needed,
      status,
      approvals: approvals
        .filter((approval) => approval.stepId === id)
        .map((approval) => ({
          id: approval.id,
          approverId: approval.approverId,
          approver: nameOf(approval.approverId),
          because: approval.because,
          status: approval.status,
          decided:
            approval.decidedAt && approval.decidedBy
              ? {
                  by: nameOf(approval.decidedBy),
                  at: approval.decidedAt,
                  channel: approval.channel ?? 'system',
                  comment: approval.comment,
                }
              : null,
        })),
    })),
  }
}

/** Which subject an approval is about; null when it does not exist in this company. */
export async function subjectOfApproval(
  tx: Tx,
  approvalId: string,
): Promise<{ subjectId: string; approverId: string } | null> {
  const approval = await tx.em.findOne(Approval, { id: approvalId })
  if (!approval) return null
  const request = await tx.em.findOneOrFail(ApprovalRequest, { id: approval.requestId })
  return { subjectId: request.subjectId, approverId: approval.approverId }
}
