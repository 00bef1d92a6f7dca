import type { Tx } from '../../database/index.ts'
import { getPeople } from '../people/index.ts'
import { Approval, ApprovalRequest } from './approvals.entity.ts'
import { type LoadedRequest, readSteps } from './load-request.ts'
import { type ApprovalStatus, isDecided, isGone, type RequestStatus, type StepStatus } from './machine.ts'
import { undoableUntil } from './undo-decision.ts'

export interface ApprovalSummary {
  id: string
  approverId: string
  approver: string
  because: string
  status: ApprovalStatus
  /** Set when it was decided. */
  decided: { by: string; at: Date; channel: string; comment: string | null } | null
  /** Until when (UTC) the approver can take it back; null when they cannot. */
  undoableUntil: Date | null
}

/** An approval that counts no more: it was taken back, or fell with an earlier one that was. */
export interface UndoneApproval {
  id: string
  approverId: string
  approver: string
  /** What they had decided; null for somebody who had been asked and had not decided. */
  what: 'approved' | 'rejected' | 'sent_back' | null
  decided: ApprovalSummary['decided']
  /** Who took back their decision, and when. */
  byId: string
  by: string
  at: Date
  channel: string
  comment: string | null
  /** The approval that stands for it now, asked or waiting; null when somebody else stands in. */
  freshId: string | null
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
  /** These stand in no step. */
  undone: UndoneApproval[]
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
  const loaded = await readSteps(tx, request)
  const { steps, approvals } = loaded
  const people = await getPeople(
    tx,
    approvals.flatMap(({ approverId, decidedBy, undoneBy }) => [approverId, decidedBy, undoneBy]),
  )
  const nameOf = (id: string) => people.get(id)?.name ?? 'somebody'
  const decidedOf = ({ decidedAt, decidedBy, channel, comment }: Approval): ApprovalSummary['decided'] =>
    decidedAt && decidedBy
      ? { by: nameOf(decidedBy), at: decidedAt, channel: channel ?? 'system', comment }
      : null
  const until = await undoableUntil(tx, loaded)
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
        .filter(({ stepId, status }) => stepId === id && status !== 'undone')
        .map((approval) => ({
          id: approval.id,
          approverId: approval.approverId,
          approver: nameOf(approval.approverId),
          because: approval.because,
          status: approval.status,
          decided: decidedOf(approval),
          undoableUntil: until.get(approval.id) ?? null,
        })),
    })),
    undone: approvals.flatMap((approval) => {
      const { id, approverId, undoneStatus, undoneAt: at, undoneBy: byId } = approval
      if (!undoneStatus || !at || !byId) return []
      return [
        {
          id,
          approverId,
          approver: nameOf(approverId),
          what: isDecided(undoneStatus) ? undoneStatus : null,
          decided: decidedOf(approval),
          byId,
          by: nameOf(byId),
          at,
          channel: approval.undoneChannel ?? 'system',
          comment: approval.undoneComment,
          freshId: freshOf(loaded, approval)?.id ?? null,
        },
      ]
    }),
  }
}

/** The approval of the same person in the same step that counts now. */
const freshOf = ({ approvals }: LoadedRequest, { stepId, approverId }: Approval): Approval | undefined =>
  approvals.find((one) => one.stepId === stepId && one.approverId === approverId && !isGone(one.status))

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
