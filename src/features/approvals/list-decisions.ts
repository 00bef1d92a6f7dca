import type { Tx } from '../../database/index.ts'
import { getPeople } from '../people/index.ts'
import { Approval, ApprovalRequest, ApprovalStep } from './approvals.entity.ts'
import { isDecided } from './machine.ts'

/** A decision, or that it was taken back. */
export interface DecisionEntry {
  /** UTC. */
  at: Date
  who: string
  /** The approver in whose place they did it, by name; null: in their own. */
  onBehalfOf: string | null
  channel: string
  comment: string | null
  verdict: 'approved' | 'rejected' | 'sent_back'
  /** In an optional step: an objection there ends nothing. */
  isOptional: boolean
  /** null: it was decided. Else whose decision was undone; their own where `isOwn`. */
  undone: { name: string; isOwn: boolean } | null
}

/** Everything that was ever decided and taken back about a subject, in all its requests, oldest first. */
export async function listDecisions(tx: Tx, subjectId: string): Promise<DecisionEntry[]> {
  const { companyId } = tx
  const requests = await tx.em.find(ApprovalRequest, { companyId, subjectId })
  const ofRequests = { companyId, requestId: { $in: requests.map(({ id }) => id) } }
  const steps = await tx.em.find(ApprovalStep, ofRequests)
  const places = new Map(steps.map(({ id, position, required }) => [id, { position, required }]))
  const place = ({ stepId }: Approval) => places.get(stepId)?.position ?? 0
  const decided = await tx.em.find(
    Approval,
    { ...ofRequests, decidedAt: { $ne: null } },
    { orderBy: { id: 'asc' } },
  )
  const people = await getPeople(
    tx,
    decided.flatMap(({ approverId, decidedBy, undoneBy }) => [approverId, decidedBy, undoneBy]),
  )
  const nameOf = (id: string | null) => people.get(id ?? '')?.name ?? 'somebody'
  return decided
    .sort((one, other) => place(one) - place(other))
    .flatMap((approval): DecisionEntry[] => {
      const { decidedAt, decidedBy, undoneStatus, undoneAt, undoneBy, approverId } = approval
      const verdict = undoneStatus ?? approval.status
      if (!decidedAt || !isDecided(verdict)) return []
      const isOptional = places.get(approval.stepId)?.required === false
      const onBehalfOf = decidedBy === approverId ? null : nameOf(approverId)
      const who = nameOf(decidedBy)
      const decision = { at: decidedAt, who, onBehalfOf, verdict, isOptional, undone: null }
      const entry = { ...decision, channel: approval.channel ?? 'system', comment: approval.comment }
      if (!undoneAt) return [entry]
      const undone = { name: who, isOwn: undoneBy === decidedBy }
      const channel = approval.undoneChannel ?? 'system'
      const takenBack = { verdict, isOptional, undone, at: undoneAt, who: nameOf(undoneBy), channel }
      const ofOwn = undone.isOwn
        ? { onBehalfOf, comment: approval.undoneComment }
        : { onBehalfOf: null, comment: null }
      return [entry, { ...takenBack, ...ofOwn }]
    })
    .sort((one, other) => one.at.getTime() - other.at.getTime())
}
