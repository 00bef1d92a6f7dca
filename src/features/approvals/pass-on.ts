import { addAllToOutbox, addToOutbox, type Tx } from '../../database/index.ts'
import { queueMail } from '../notifications/index.ts'
import { getPeople, type TurnedDelegation, turnDelegation } from '../people/index.ts'
import { lockRequest } from './load-request.ts'
import type { ApprovalSubjects } from './subjects.ts'
import { tellSubject } from './tell-subject.ts'

/**
 * How much later it is looked at once more: whoever asked somebody at that moment may not have been done, or have had a
 * clock that was behind.
 */
const secondLookMs = 60_000

/**
 * A delegation was made, begins or has ended: those concerned are told, each time once, and each open request that may be
 * asked of the wrong one now is looked at later, on its own (`syncRequest`), so that nobody waits for all of them. Called at
 * another time, or once more, it does what is left to do.
 */
export async function passOn(tx: Tx, delegationId: string): Promise<void> {
  const { state, turned, principalId, delegateId } = await turnDelegation(tx, delegationId)
  // Some of this stays as it is, such as what is worth too much.
  const askedOfOthers = 'k.person_id = ? or (k.on_behalf_of_id = ? and k.person_id <> ?)'
  if (state === 'active') await askToSync(tx, askedOfOthers, [principalId, principalId, delegateId])
  const askedOfDelegate = 'k.on_behalf_of_id = ? and k.person_id = ?'
  if (state === 'over') await askToSync(tx, askedOfDelegate, [principalId, delegateId])
  if (!turned) return
  await tellBoth(tx, turned)
  if (state === 'coming') return
  const notBefore = new Date(tx.now.getTime() + secondLookMs)
  await addToOutbox(tx, 'delegation.turn', { delegationId }, { notBefore })
}

/** Asks whom an open request is to be asked of now, and tells its subject. Doing it again changes nothing. */
export async function syncRequest(tx: Tx, subjects: ApprovalSubjects, requestId: string): Promise<void> {
  const loaded = await lockRequest(tx, requestId)
  if (loaded.request.status === 'open') await tellSubject(tx, subjects, loaded, { event: 'passed_on' })
}

/** What counts for delegations has changed: looks again at all that is asked of delegates, or could be. */
export async function passOnAnew(tx: Tx): Promise<void> {
  await askToSync(
    tx,
    `k.on_behalf_of_id is not null or exists (select 1 from delegation d where d.company_id = k.company_id
       and d.principal_id = k.person_id and d.starts_at <= ? and d.ends_at > ?)`,
    [tx.now, tx.now],
  )
}

/** Asks for `syncRequest` for each request with somebody asked now, an `approval_ask k`, of whom this is true. */
async function askToSync(tx: Tx, condition: string, parameters: unknown[]): Promise<void> {
  await tx.em.flush()
  const rows = await tx.em.execute<{ id: string }[]>(
    `select distinct a.request_id as id
     from approval_ask k join approval a on a.company_id = k.company_id and a.id = k.approval_id
     where k.company_id = ? and k.ended_at is null and (${condition}) order by 1`,
    [tx.companyId, ...parameters],
  )
  const work = rows.map(({ id: requestId }) => ({ payload: { requestId }, mergeKey: requestId }))
  await addAllToOutbox(tx, 'approval.sync_asks', work)
}

/**
 * One mail each, however much is passed on. The principal gets theirs also for what was made in their own name: whoever
 * did that may have been somebody else.
 */
async function tellBoth(
  tx: Tx,
  { id: delegationId, turn, principalId, delegateId }: TurnedDelegation,
): Promise<void> {
  const people = await getPeople(tx, [principalId, delegateId])
  for (const { id: personId, email: address, active } of people.values()) {
    if (!active) continue
    await queueMail(tx, { kind: 'delegation', to: { address, personId }, delegationId, details: { turn } })
  }
}
