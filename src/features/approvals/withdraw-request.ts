import type { Tx } from '../../database/index.ts'
import { userError } from '../../kernel/errors.ts'
import { ApprovalRequest } from './approvals.entity.ts'
import { syncAsks } from './asks.ts'
import { alreadyDecided } from './explain-decision.ts'
import { lockRequest, storeState, toState } from './load-request.ts'
import { advance } from './machine.ts'

/** Whether somebody is asked about a subject now. */
export async function hasOpenRequest(tx: Tx, subjectId: string): Promise<boolean> {
  return (await tx.em.count(ApprovalRequest, { companyId: tx.companyId, subjectId, status: 'open' })) > 0
}

/**
 * Ends the open request about a subject, because the submitter takes it back. Nothing happens when none is open.
 * @throws userError `already_decided` once somebody has decided
 */
export async function withdrawRequest(tx: Tx, subjectId: string): Promise<void> {
  const open = await tx.em.findOne(ApprovalRequest, { companyId: tx.companyId, subjectId, status: 'open' })
  if (!open) return
  const loaded = await lockRequest(tx, open.id)
  // Taken back twice at the same moment.
  if (loaded.request.status === 'withdrawn') return
  const answer = advance(toState(loaded), { kind: 'withdraw' })
  if (!answer.ok) {
    const so = ', so it cannot be taken back any more'
    const decided = loaded.approvals.find(({ decidedBy }) => decidedBy !== null)
    if (decided) throw await alreadyDecided(tx, decided, so)
    throw userError('already_decided', `This is decided already${so}.`, { details: { isTakingBack: true } })
  }
  storeState(tx, loaded, answer.state)
  await syncAsks(tx, loaded)
}
