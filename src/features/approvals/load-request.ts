import { LockMode } from '@mikro-orm/postgresql'
import type { Tx } from '../../database/index.ts'
import { Approval, ApprovalAsk, ApprovalRequest, ApprovalStep } from './approvals.entity.ts'
import type { RequestState } from './machine.ts'
import { holdApprovers } from './write-steps.ts'

export interface LoadedRequest {
  request: ApprovalRequest
  steps: ApprovalStep[]
  approvals: Approval[]
  /** Everybody who is or was asked. */
  asks: ApprovalAsk[]
}

/**
 * Locks the request until the end of the transaction, then reads it afresh with its steps, approvals and asks. The order
 * of locks is the same everywhere: whoever may leave or come back, then the request, or several by id, then its subject.
 */
export async function lockRequest(tx: Tx, requestId: string): Promise<LoadedRequest> {
  // What this transaction changed already must not be overwritten by reading afresh.
  await tx.em.flush()
  // Others may be asked by what follows: nobody leaves unnoticed meanwhile.
  await holdApprovers(tx, [])
  const request = await tx.em.findOneOrFail(
    ApprovalRequest,
    { id: requestId },
    { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
  )
  return readSteps(tx, request)
}

export async function readSteps(tx: Tx, request: ApprovalRequest): Promise<LoadedRequest> {
  const where = { companyId: tx.companyId, requestId: request.id }
  const steps = await tx.em.find(ApprovalStep, where, { orderBy: { position: 'asc' }, refresh: true })
  const approvals = await tx.em.find(Approval, where, { orderBy: { id: 'asc' }, refresh: true })
  const approvalId = { $in: approvals.map(({ id }) => id) }
  const asks = await tx.em.find(
    ApprovalAsk,
    { companyId: tx.companyId, approvalId },
    { orderBy: { id: 'asc' }, refresh: true },
  )
  return { request, steps, approvals, asks }
}

/** The request as the machine sees it. */
export function toState({ request, steps, approvals }: Omit<LoadedRequest, 'asks'>): RequestState {
  return {
    status: request.status,
    submitterId: request.submitterId,
    steps: steps.map((step) => ({
      position: step.position,
      required: step.required,
      needed: step.needed,
      status: step.status,
      approvals: approvals
        .filter((approval) => approval.stepId === step.id)
        .map(({ id, approverId, status, decidedBy }) => ({ id, approverId, status, decidedBy })),
    })),
  }
}

/** Writes what the machine answered back to the rows. Who is asked from now on gets the time of it. */
export function storeState(tx: Tx, { request, steps, approvals }: LoadedRequest, state: RequestState): void {
  if (request.status !== state.status) {
    request.status = state.status
    request.closedAt = state.status === 'open' ? null : tx.now
  }
  for (const step of steps) {
    const next = state.steps.find(({ position }) => position === step.position)
    if (!next) continue
    step.status = next.status
    step.needed = next.needed
    for (const { id, status, decidedBy } of next.approvals) {
      const approval = approvals.find((candidate) => candidate.id === id)
      if (!approval || approval.status === status) continue
      approval.status = status
      approval.decidedBy = decidedBy
      if (status === 'asked') approval.askedAt = tx.now
    }
  }
}
