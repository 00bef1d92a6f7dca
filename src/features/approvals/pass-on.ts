import { addToOutbox, type Tx } from '../../database/index.ts'
import { queueMail } from '../notifications/index.ts'
import { getPeople, type TurnedDelegation, turnDelegation } from '../people/index.ts'
import { syncAsks } from './asks.ts'
import { lockRequest } from './load-request.ts'
import type { ApprovalSubjects } from './subjects.ts'
import { tellSubject } from './tell-subject.ts'
import { holdAllApprovers } from './write-steps.ts'

/** How much later it is looked at once more: a slow transaction may have begun before the delegation did, or ended. */
const secondLookMs = 60_000

/**
 * A delegation was made, begins or has ended: those concerned are told, each time once, and what is open is asked of the
 * delegate, or of the principal again. Called at another time, or once more, it does what is left to do.
 */
export async function passOn(tx: Tx, subjects: ApprovalSubjects, delegationId: string): Promise<void> {
  // Whoever asks somebody at this moment does it before, as things were, or after, as they are.
  await holdAllApprovers(tx)
  const { turned, principalId } = await turnDelegation(tx, delegationId)
  if (turned) await tellBoth(tx, turned)
  if (turned?.turn === 'made') return
  for (const requestId of await requestsAskedOf(tx, principalId)) {
    const loaded = await lockRequest(tx, requestId)
    const newAsks = await syncAsks(tx, loaded)
    const isNews = turned !== null || newAsks.length > 0
    if (isNews) await tellSubject(tx, subjects, loaded, { event: 'passed_on', newAsks })
  }
  if (!turned) return
  const notBefore = new Date(tx.now.getTime() + secondLookMs)
  await addToOutbox(tx, 'delegation.turn', { delegationId }, { notBefore })
}

/** The requests in which somebody is asked, or somebody else in their place, by id. */
async function requestsAskedOf(tx: Tx, principalId: string): Promise<string[]> {
  const rows = await tx.em.execute<{ id: string }[]>(
    `select distinct a.request_id as id
     from approval_ask k join approval a on a.company_id = k.company_id and a.id = k.approval_id
     where k.company_id = ? and k.ended_at is null and (k.person_id = ? or k.on_behalf_of_id = ?) order by 1`,
    [tx.companyId, principalId, principalId],
  )
  return rows.map(({ id }) => id)
}

/** One mail each, however much is passed on. The principal knows what they made themself. */
async function tellBoth(
  tx: Tx,
  { id: delegationId, turn, principalId, delegateId, createdBy }: TurnedDelegation,
): Promise<void> {
  const isKnown = turn === 'made' && createdBy === principalId
  const people = await getPeople(tx, isKnown ? [delegateId] : [principalId, delegateId])
  for (const { id: personId, email: address, active } of people.values()) {
    if (!active) continue
    await queueMail(tx, { kind: 'delegation', to: { address, personId }, delegationId, details: { turn } })
  }
}
