import type { Tx } from '../../database/index.ts'
import { transientError } from '../../kernel/errors.ts'
import { Approval, type ApprovalRequest, ApprovalStep } from './approvals.entity.ts'
import type { PlannedStep } from './plan.ts'
import type { Because } from './reasons.ts'

/** Writes planned steps of a request, all waiting. The first gets the position given. */
export function createSteps(
  tx: Tx,
  request: ApprovalRequest,
  { planned, position }: { planned: readonly PlannedStep[]; position: number },
): { steps: ApprovalStep[]; approvals: Approval[] } {
  const steps = planned.map(({ description, needed, required, definition }, index) =>
    tx.em.create(ApprovalStep, {
      id: tx.newId(),
      companyId: tx.companyId,
      requestId: request.id,
      position: position + index,
      description,
      needed,
      required,
      definition,
      status: 'waiting',
    }),
  )
  const approvals = steps.flatMap((step, index) =>
    (planned[index]?.approvers ?? []).map((approver) =>
      createApproval(tx, step, { id: tx.newId(), ...approver }),
    ),
  )
  return { steps, approvals }
}

/** Writes that somebody is to be asked in a step. */
export function createApproval(
  tx: Tx,
  step: ApprovalStep,
  { id, personId, because, reason }: { id: string; personId: string } & Because,
): Approval {
  return tx.em.create(Approval, {
    id,
    companyId: tx.companyId,
    requestId: step.requestId,
    stepId: step.id,
    approverId: personId,
    because,
    reason,
    status: 'waiting',
    askedAt: null,
    decidedAt: null,
    decidedBy: null,
    channel: null,
    comment: null,
    undoneStatus: null,
    undoneAt: null,
    undoneBy: null,
    undoneChannel: null,
    undoneComment: null,
  })
}

/**
 * Sees to it that nobody who leaves at this moment is asked: until the end of the transaction their leaving waits, and
 * then moves what is asked here; or it came first, and the plan is out of date. Comes before any lock on a request.
 * @throws transientError `approver_left`
 */
export async function holdApprovers(tx: Tx, planned: readonly PlannedStep[]): Promise<void> {
  await tx.em.execute('select pg_advisory_xact_lock_shared(hashtextextended(?, 0))', [leaving(tx)])
  const ids = [...new Set(planned.flatMap(({ approvers }) => approvers.map(({ personId }) => personId)))]
  if (ids.length === 0) return
  // Not by entity: those are as they were read when it was planned.
  const gone = await tx.em.execute<{ id: string }[]>(
    'select id from person where company_id = ? and id in (?) and not active',
    [tx.companyId, ids],
  )
  if (gone.length > 0) {
    throw transientError('approver_left', 'Somebody who would be asked has just left. Please try again.')
  }
}

/** Waits for everybody who asks people now, and lets them wait until the end of the transaction. */
export async function holdAllApprovers(tx: Tx): Promise<void> {
  await tx.em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [leaving(tx)])
}

const leaving = (tx: Tx) => `${tx.companyId} approvers`
