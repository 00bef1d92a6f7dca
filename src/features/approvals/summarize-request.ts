import type { Tx } from '../../database/index.ts'
import { getPeople } from '../people/index.ts'
import { Approval, ApprovalRequest, type AskRole } from './approvals.entity.ts'
import { currentAsks, whoMayDecide } from './asks.ts'
import { type LoadedRequest, readSteps } from './load-request.ts'
import { type ApprovalStatus, isDecided, isGone, type RequestStatus, type StepStatus } from './machine.ts'
import type { Reason } from './reasons.ts'
import { undoableUntil } from './undo-decision.ts'

export interface ApprovalSummary {
  id: string
  approverId: string
  approver: string
  because: string
  reason?: Reason | null
  status: ApprovalStatus
  /** Since when (UTC) it waits for an answer; null as long as its turn has not come. */
  askedAt: Date | null
  /** Who is asked now: the approver or a delegate in their place, and whoever it was escalated to. */
  asks: AskSummary[]
  /** Everybody who may decide it at this moment, by id: also an approver who has a delegate. */
  mayDecide: string[]
  /** Set when it was decided. */
  decided: DecidedSummary | null
  /** Until when (UTC) the one who decided can take it back; null when they cannot. */
  undoableUntil: Date | null
}

export interface AskSummary {
  personId: string
  name: string
  role: AskRole
  /** The name of the approver in whose place a delegate is asked. */
  onBehalfOf: string | null
  /** Reads after “You are asked because ”. */
  because: string
  reason?: Reason | null
  /** UTC. */
  askedAt: Date
  remindedAt: Date | null
}

export interface DecidedSummary {
  byId: string
  by: string
  /** The name of the approver in whose place a delegate, or the next one up, decided; null where it is their own. */
  onBehalfOf: string | null
  at: Date
  channel: string
  comment: string | null
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
  const nameOf = await namesIn(tx, loaded)
  const decidedOf = ({
    approverId,
    decidedAt,
    decidedBy,
    channel,
    comment,
  }: Approval): DecidedSummary | null => {
    if (!decidedAt || !decidedBy) return null
    const onBehalfOf = decidedBy === approverId ? null : nameOf(approverId)
    const by = { byId: decidedBy, by: nameOf(decidedBy), onBehalfOf }
    return { ...by, at: decidedAt, channel: channel ?? 'system', comment }
  }
  const until = await undoableUntil(tx, loaded)
  const mayDecide = await whoMayDecide(tx, loaded)
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
          reason: approval.reason,
          status: approval.status,
          askedAt: approval.askedAt,
          asks: asksOf(loaded, approval, nameOf),
          mayDecide: mayDecide.get(approval.id) ?? [],
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

async function namesIn(tx: Tx, { approvals, asks }: LoadedRequest): Promise<(id: string) => string> {
  const people = await getPeople(tx, [
    ...approvals.flatMap(({ approverId, decidedBy, undoneBy }) => [approverId, decidedBy, undoneBy]),
    ...asks.flatMap(({ personId, onBehalfOfId }) => [personId, onBehalfOfId]),
  ])
  return (id) => people.get(id)?.name ?? 'somebody'
}

/** Who is asked now, in the order in which they were. */
const asksOf = (loaded: LoadedRequest, { id }: Approval, nameOf: (id: string) => string): AskSummary[] =>
  currentAsks(loaded)
    .filter(({ approvalId }) => approvalId === id)
    .map(({ personId, role, onBehalfOfId, because, reason, askedAt, remindedAt }) => ({
      personId,
      name: nameOf(personId),
      role,
      onBehalfOf: onBehalfOfId && nameOf(onBehalfOfId),
      because,
      reason,
      askedAt,
      remindedAt,
    }))

/** The approval of the same person in the same step that counts now. */
const freshOf = ({ approvals }: LoadedRequest, { stepId, approverId }: Approval): Approval | undefined =>
  approvals.find((one) => one.stepId === stepId && one.approverId === approverId && !isGone(one.status))

export interface ApprovalSubject {
  subjectId: string
  approverId: string
  /** By id: who may decide it at this moment. */
  mayDecide: string[]
  /** By id: who may see what it is about, because they are or were asked, may decide, or decided. */
  mayLook: string[]
}

/** Which subject an approval is about, and for whom; null when it does not exist in this company. */
export async function subjectOfApproval(tx: Tx, approvalId: string): Promise<ApprovalSubject | null> {
  const approval = await tx.em.findOne(Approval, { id: approvalId })
  if (!approval) return null
  const request = await tx.em.findOneOrFail(ApprovalRequest, { id: approval.requestId })
  const { approverId, decidedBy } = approval
  const loaded = await readSteps(tx, request)
  const mayDecide = (await whoMayDecide(tx, loaded)).get(approvalId) ?? []
  const asked = loaded.asks.filter((ask) => ask.approvalId === approvalId).map(({ personId }) => personId)
  const mayLook = new Set([approverId, ...mayDecide, ...asked, ...(decidedBy ? [decidedBy] : [])])
  return { subjectId: request.subjectId, approverId, mayDecide, mayLook: [...mayLook] }
}
