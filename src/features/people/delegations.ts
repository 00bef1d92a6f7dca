import { LockMode } from '@mikro-orm/postgresql'
import { addToOutbox, type Tx } from '../../database/index.ts'
import type { CalendarDate } from '../../kernel/calendar-date.ts'
import { permanentError, userError } from '../../kernel/errors.ts'
import { type Money, parseTypedAmount } from '../../kernel/money.ts'
import { recordAudit } from '../audit/index.ts'
import { readPeriod, requireFree, requirePeople } from './delegation-checks.ts'
import { Delegation, type DelegationTurn } from './people.entity.ts'
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
  /** `YYYY-MM-DD` in the principal's time zone. `from` may be past: it begins now then. */
  from: string
  to: string
  /** As somebody types it, in the company's currency; null or empty: for everything. */
  upTo: string | null
}

/**
 * Lets somebody decide in the place of somebody else, from one day to another. Everybody does that for themself, an admin
 * and the system for anybody. The principal may still decide. What follows is work for later: those who are concerned are
 * told, and what is open is asked of the delegate once it begins, and of the principal again once it ends.
 *
 * @throws userError, most with the field: `not_yours`, `person_inactive`, `principal_inactive`, `delegation_to_self`,
 *   `delegate_inactive`, `date_invalid`, `dates_reversed`, `delegation_in_past`, `delegation_too_long`,
 *   `delegation_overlaps`, and those of `parseTypedAmount`
 */
export async function addDelegation(tx: Tx, input: DelegationToAdd): Promise<DelegationView> {
  await requireRight(tx, input.principalId)
  const company = await getCompany(tx)
  const principal = await getPerson(tx, input.principalId)
  // Of two at one moment the later one sees the earlier.
  await tx.em.execute('select 1 from person where id = ? for no key update', [principal.id])
  requirePeople(principal, await getPerson(tx, input.delegateId))
  const upTo = input.upTo?.trim() ? parseTypedAmount(input.upTo, company.currency, 'up_to') : null
  const period = readPeriod(input, { now: tx.now, timeZone: principal.timeZone ?? company.timeZone })
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
  await askForTurns(tx, delegation)
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

export interface ActiveDelegation {
  id: string
  principalId: string
  delegateId: string
  /** Minor units of the company's currency. */
  upToMinor: number | null
  toDate: CalendarDate
}

/**
 * Who decides in the place of these people at the instant of the transaction: at most one person each, who works here.
 * Read from the database each time, so that what others changed meanwhile counts.
 */
export async function activeDelegations(tx: Tx, principalIds: string[]): Promise<ActiveDelegation[]> {
  if (principalIds.length === 0) return []
  await tx.em.flush()
  const rows = await tx.em.execute<(Omit<ActiveDelegation, 'upToMinor'> & { upToMinor: string | null })[]>(
    `select d.id, d.principal_id as "principalId", d.delegate_id as "delegateId", d.up_to_minor as "upToMinor",
       d.to_date::text as "toDate"
     from delegation d join person p on p.company_id = d.company_id and p.id = d.delegate_id
     where d.company_id = ? and d.principal_id in (?) and d.starts_at <= ? and d.ends_at > ? and p.active
     order by d.starts_at, d.id`,
    [tx.companyId, principalIds, tx.now, tx.now],
  )
  return rows.map((row) => ({ ...row, upToMinor: row.upToMinor === null ? null : Number(row.upToMinor) }))
}

/** A delegation that was made, begins, or has ended. */
export interface TurnedDelegation {
  id: string
  turn: DelegationTurn
  principalId: string
  delegateId: string
  createdBy: string | null
}

/**
 * Notes that a delegation was made, begins or has ended: each at most once, and none that a later one has overtaken.
 * `turned` is what is to be told, null when there is nothing new.
 */
export async function turnDelegation(
  tx: Tx,
  id: string,
): Promise<{ principalId: string; turned: TurnedDelegation | null }> {
  const delegation = await lockDelegation(tx, id)
  if (!delegation)
    throw permanentError('delegation_unknown', 'There is no such delegation.', { details: { id } })
  const { principalId, delegateId, createdBy } = delegation
  const turn = turns[stateOf(delegation, tx.now)]
  if (turn === delegation.turn) return { principalId, turned: null }
  delegation.turn = turn
  if (turn === 'begins') await audit(tx, delegation, 'delegation.began')
  if (turn === 'ended') await audit(tx, delegation, 'delegation.ended')
  return { principalId, turned: { id, turn, principalId, delegateId, createdBy } }
}

const turns = { coming: 'made', active: 'begins', over: 'ended' } as const

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

/** At once those who are concerned are told; it is looked at again when it begins and when it ends. */
async function askForTurns(tx: Tx, { id: delegationId, startsAt, endsAt }: Delegation): Promise<void> {
  await addToOutbox(tx, 'delegation.turn', { delegationId })
  if (startsAt > tx.now) await addToOutbox(tx, 'delegation.turn', { delegationId }, { notBefore: startsAt })
  await addToOutbox(tx, 'delegation.turn', { delegationId }, { notBefore: endsAt })
}

async function lockDelegation(tx: Tx, id: string): Promise<Delegation | null> {
  await tx.em.flush()
  const options = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const
  return tx.em.findOne(Delegation, { companyId: tx.companyId, id }, options)
}

async function requireRight(tx: Tx, principalId: string): Promise<void> {
  if (tx.actor.personId === null) return
  const actor = await requireActor(tx)
  if (actor.id === principalId || actor.roles.includes('admin')) return
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
