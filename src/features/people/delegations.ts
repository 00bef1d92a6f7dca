import { LockMode } from '@mikro-orm/postgresql'
import { addToOutbox, type Tx } from '../../database/index.ts'
import type { CalendarDate } from '../../kernel/calendar-date.ts'
import { permanentError, userError } from '../../kernel/errors.ts'
import { type Money, parseTypedAmount } from '../../kernel/money.ts'
import { recordAudit } from '../audit/index.ts'
import { readPeriod, requireFree, requirePeople } from './delegation-checks.ts'
import { Delegation, type DelegationTurn, Person } from './people.entity.ts'
import { getCompany, getPeople, getPerson, requireActor } from './people.ts'

export interface DelegationView {
  id: string
  principal: { id: string; name: string; email: string }
  delegate: { id: string; name: string; email: string }
  /** Days in the principal's time zone, both included. */
  from: CalendarDate
  to: CalendarDate
  /** The same in UTC: from `startsAt` until just before `endsAt`. Ended early, `endsAt` is the instant of that. */
  startsAt: Date
  endsAt: Date
  /** Only for what is worth no more than this; null: for everything. */
  upTo: Money | null
  state: 'coming' | 'active' | 'over'
  /** A name; null: an organisation file or the command line. */
  createdBy: string | null
}

export interface DelegationToAdd {
  principalId: string
  delegateId: string
  /** `YYYY-MM-DD` in the principal's time zone. From the system `from` may be past: it begins now then. */
  from: string
  to: string
  /** As somebody types it, in the company's currency; null or empty: for everything. */
  upTo: string | null
}

/**
 * Lets somebody decide in the place of somebody else, from one day to another. Everybody does that for themself; the system
 * for anybody, and so does an admin, but by a mail. The principal may still decide. What follows is work for later: those who are concerned are
 * told, and what is open is asked of the delegate once it begins, and of the principal again once it ends.
 *
 * @throws userError, most with the field: `not_yours`, `person_inactive`, `principal_inactive`, `delegation_to_self`,
 *   `delegate_inactive`, `date_invalid`, `dates_reversed`, `delegation_in_past`, `from_in_past`, `delegation_too_long`,
 *   `delegation_overlaps`, and those of `parseTypedAmount`
 */
export async function addDelegation(tx: Tx, input: DelegationToAdd): Promise<DelegationView> {
  await requireRight(tx, input.principalId)
  const company = await getCompany(tx)
  await lockPeople(tx, [input.principalId, input.delegateId])
  const principal = await getPerson(tx, input.principalId)
  requirePeople(principal, await getPerson(tx, input.delegateId))
  const upTo = input.upTo?.trim() ? parseTypedAmount(input.upTo, company.currency, 'up_to') : null
  const timeZone = principal.timeZone ?? company.timeZone
  const period = readPeriod(input, { now: tx.now, timeZone, startsLate: tx.actor.personId === null })
  await requireFree(tx, principal.id, period)
  const delegation = tx.em.create(Delegation, {
    id: tx.newId(),
    companyId: tx.companyId,
    principalId: principal.id,
    delegateId: input.delegateId,
    ...period,
    upToMinor: upTo?.minor ?? null,
    createdBy: tx.actor.personId,
    createdAt: tx.now,
    endedBy: null,
    endedAt: null,
    turn: null,
  })
  await audit(tx, delegation, 'delegation.added', {
    from: period.fromDate,
    to: period.toDate,
    upTo: delegation.upToMinor,
  })
  await addToOutbox(tx, 'delegation.turn', { delegationId: delegation.id })
  const [view] = await toViews(tx, [delegation])
  if (!view) throw new Error('nothing was added')
  return view
}

/**
 * Ends a delegation now, or keeps it from ever beginning. One that is over stays as it is.
 * @throws userError `delegation_unknown`, `not_yours` to all but the principal, an admin and the system
 */
export async function endDelegation(tx: Tx, id: string): Promise<void> {
  const delegation = await lockDelegation(tx, id)
  if (!delegation) throw userError('delegation_unknown', 'This delegation does not exist.')
  await requireRight(tx, delegation.principalId)
  await end(tx, delegation)
}

/** Somebody leaves: they decide for nobody any more, and nobody decides for them. */
export async function endDelegationsOf(tx: Tx, personId: string): Promise<void> {
  const own = await tx.em.find(Delegation, {
    companyId: tx.companyId,
    $or: [{ principalId: personId }, { delegateId: personId }],
    endsAt: { $gt: tx.now },
  })
  for (const { id } of own) {
    const delegation = await lockDelegation(tx, id)
    if (delegation) await end(tx, delegation)
  }
}

/** The delegations of a person, as principal or delegate, or of everybody; the first to begin comes first. */
export async function listDelegations(
  tx: Tx,
  { personId, includeOver = false }: { personId?: string; includeOver?: boolean } = {},
): Promise<DelegationView[]> {
  const found = await tx.em.find(
    Delegation,
    {
      companyId: tx.companyId,
      ...(personId ? { $or: [{ principalId: personId }, { delegateId: personId }] } : {}),
      ...(includeOver ? {} : { endsAt: { $gt: tx.now } }),
    },
    { orderBy: { startsAt: 'asc', id: 'asc' } },
  )
  return toViews(tx, found)
}

/** A delegation by its id; null where the company has none such. */
export async function findDelegation(tx: Tx, id: string): Promise<DelegationView | null> {
  const [view] = await toViews(tx, await tx.em.find(Delegation, { companyId: tx.companyId, id }))
  return view ?? null
}

export interface ActiveDelegation {
  id: string
  principalId: string
  delegateId: string
  /** Minor units of the company's currency; also where only what needs no code is theirs to pass on. */
  upToMinor: number | null
  toDate: CalendarDate
}

/**
 * Who decides in the place of these people at the instant of the transaction: at most one person each, who works here.
 * What somebody passed on themself never reaches beyond the amount from which they would have to prove that it is them:
 * whoever sits at their Slack could do it. Read from the database each time, so that what others changed meanwhile counts.
 */
export async function activeDelegations(tx: Tx, principalIds: string[]): Promise<ActiveDelegation[]> {
  if (principalIds.length === 0) return []
  await tx.em.flush()
  const rows = await tx.em.execute<(Omit<ActiveDelegation, 'upToMinor'> & { upToMinor: string | null })[]>(
    `select d.id, d.principal_id as "principalId", d.delegate_id as "delegateId", d.to_date::text as "toDate",
       least(d.up_to_minor, case when d.created_by = d.principal_id then c.step_up_over_minor end) as "upToMinor"
     from delegation d join person p on p.company_id = d.company_id and p.id = d.delegate_id
       join company c on c.id = d.company_id
     where d.company_id = ? and d.principal_id in (?) and d.starts_at <= ? and d.ends_at > ? and p.active
     order by d.starts_at, d.id`,
    [tx.companyId, principalIds, tx.now, tx.now],
  )
  return rows.map((row) => ({ ...row, upToMinor: row.upToMinor === null ? null : Number(row.upToMinor) }))
}

/** A delegation that was made, begins, has ended, or was called off before it began. */
export interface TurnedDelegation {
  id: string
  turn: DelegationTurn
  principalId: string
  delegateId: string
}

/**
 * Notes that a delegation was made, begins, has ended or was called off: each at most once, and none that a later one has
 * overtaken. It is looked at again when it begins and when it ends: also where the clock here is behind, and it was early.
 * `turned` is what is to be told, null when there is nothing new.
 */
export async function turnDelegation(
  tx: Tx,
  id: string,
): Promise<
  Pick<Delegation, 'principalId' | 'delegateId'> &
    Pick<DelegationView, 'state'> & { turned: TurnedDelegation | null }
> {
  const delegation = await lockDelegation(tx, id)
  if (!delegation)
    throw permanentError('delegation_unknown', 'There is no such delegation.', { details: { id } })
  const { principalId, delegateId, startsAt, endsAt } = delegation
  const state = stateOf(delegation, tx.now)
  if (state !== 'over') {
    const notBefore = state === 'coming' ? startsAt : endsAt
    await addToOutbox(tx, 'delegation.turn', { delegationId: id }, { notBefore, mergeKey: id })
  }
  const turn = turnOf(delegation, state)
  const isNew = turn !== delegation.turn
  delegation.turn = turn
  if (isNew && turn === 'begins') await audit(tx, delegation, 'delegation.began')
  if (isNew && turn === 'ended') await audit(tx, delegation, 'delegation.ended')
  const turned = isNew && turn ? { id, turn, principalId, delegateId } : null
  return { principalId, delegateId, state, turned }
}

/** Nobody need be told that it was called off who has not heard that it was made. */
function turnOf(
  { turn, startsAt, endsAt }: Delegation,
  state: DelegationView['state'],
): DelegationTurn | null {
  if (state === 'coming') return 'made'
  if (state === 'active') return 'begins'
  if (startsAt < endsAt) return 'ended'
  return turn && 'called_off'
}

function stateOf({ startsAt, endsAt }: Delegation, now: Date): DelegationView['state'] {
  if (endsAt <= now) return 'over'
  return startsAt <= now ? 'active' : 'coming'
}

async function end(tx: Tx, delegation: Delegation): Promise<void> {
  if (delegation.endsAt <= tx.now) return
  Object.assign(delegation, { endsAt: tx.now, endedAt: tx.now, endedBy: tx.actor.personId })
  await audit(tx, delegation, 'delegation.ended_early')
  await addToOutbox(tx, 'delegation.turn', { delegationId: delegation.id })
}

/**
 * Of two delegations of one person at one moment the later one sees the earlier; and whoever leaves at this moment has
 * left, or does it after this. In the same order each time, so that two of these do not wait for each other; an import,
 * which changes people in an order of its own, may be tried again for it.
 */
async function lockPeople(tx: Tx, ids: string[]): Promise<void> {
  await tx.em.flush()
  await tx.em.execute('select 1 from person where id in (?) order by id for no key update', [ids])
  await tx.em.find(Person, { companyId: tx.companyId, id: { $in: ids } }, { refresh: true })
}

async function lockDelegation(tx: Tx, id: string): Promise<Delegation | null> {
  await tx.em.flush()
  const options = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const
  return tx.em.findOne(Delegation, { companyId: tx.companyId, id }, options)
}

/** An admin may arrange it for anybody, but not by a link in a mail, which may have been passed on. */
async function requireRight(tx: Tx, principalId: string): Promise<void> {
  const { personId, channel } = tx.actor
  if (personId === null) return
  const actor = await requireActor(tx)
  if (actor.id === principalId || (actor.roles.includes('admin') && channel !== 'email')) return
  throw userError('not_yours', 'Only they themselves or an admin can let somebody decide for them.')
}

async function audit(
  tx: Tx,
  delegation: Delegation,
  action: string,
  changes: Record<string, unknown> = {},
): Promise<void> {
  const { id, principalId, delegateId } = delegation
  const isForOther = tx.actor.personId !== null && tx.actor.personId !== principalId
  await recordAudit(tx, {
    action,
    subject: { kind: 'person', id: principalId },
    changes: { delegation: id, delegate: delegateId, ...changes },
    ...(isForOther ? { onBehalfOfId: principalId } : {}),
  })
}

async function toViews(tx: Tx, delegations: Delegation[]): Promise<DelegationView[]> {
  const { currency } = await getCompany(tx)
  const people = await getPeople(
    tx,
    delegations.flatMap(({ principalId, delegateId, createdBy }) => [principalId, delegateId, createdBy]),
  )
  const named = (id: string) => {
    const person = people.get(id)
    return { id, name: person?.name ?? 'somebody', email: person?.email ?? '' }
  }
  return delegations.map((delegation) => ({
    id: delegation.id,
    principal: named(delegation.principalId),
    delegate: named(delegation.delegateId),
    from: delegation.fromDate,
    to: delegation.toDate,
    startsAt: delegation.startsAt,
    endsAt: delegation.endsAt,
    upTo: delegation.upToMinor === null ? null : { minor: delegation.upToMinor, currency },
    state: stateOf(delegation, tx.now),
    createdBy: delegation.createdBy && named(delegation.createdBy).name,
  }))
}
