import type { Tx } from '../../database/index.ts'
import {
  addDays,
  dateIn,
  daysBetween,
  formatDate,
  parseCalendarDate,
  startOfDay,
} from '../../kernel/calendar-date.ts'
import { userError } from '../../kernel/errors.ts'
import { Delegation, type Person } from './people.entity.ts'
import { getCompany, getPerson } from './people.ts'

/** How many days somebody can decide for somebody else, both ends included. */
export const mostDelegatedDays = 366

/** @throws userError `principal_inactive`, `delegation_to_self`, `delegate_inactive` */
export function requirePeople(principal: Person, delegate: Person): void {
  if (!principal.active) {
    throw userError('principal_inactive', `${principal.name} does not work here any more.`, {
      field: 'principal',
    })
  }
  if (delegate.id === principal.id) {
    throw userError('delegation_to_self', 'Please choose somebody else to decide instead.', {
      field: 'delegate',
    })
  }
  if (!delegate.active) {
    throw userError('delegate_inactive', `${delegate.name} does not work here any more.`, {
      field: 'delegate',
    })
  }
}

/** The days, and the instants (UTC) that they are in the principal's time zone. */
export type Period = Pick<Delegation, 'fromDate' | 'toDate' | 'startsAt' | 'endsAt'>

/**
 * Nobody has decided for somebody before that was said.
 * @param startsLate whether one that would have begun in the past begins now; else it is refused
 * @throws userError `date_invalid`, `dates_reversed`, `delegation_in_past`, `from_in_past`, `delegation_too_long`
 */
export function readPeriod(
  { from, to }: { from: string; to: string },
  { now, timeZone, startsLate }: { now: Date; timeZone: string; startsLate: boolean },
): Period {
  const fromDate = parseCalendarDate(from, 'from')
  const toDate = parseCalendarDate(to, 'to')
  const field = 'to'
  if (toDate < fromDate) {
    throw userError('dates_reversed', 'The last day is before the first.', { field })
  }
  const today = dateIn(now, timeZone)
  if (toDate < today) {
    throw userError('delegation_in_past', 'The last day is over already.', { field })
  }
  const isLate = fromDate < today
  if (isLate && !startsLate) {
    throw userError('from_in_past', 'From cannot be in the past.', { field: 'from' })
  }
  if (daysBetween(fromDate, toDate) >= mostDelegatedDays) {
    throw userError('delegation_too_long', `Please choose at most ${mostDelegatedDays} days.`, { field })
  }
  const startsAt = isLate ? now : startOfDay(fromDate, timeZone)
  return { fromDate, toDate, startsAt, endsAt: startOfDay(addDays(toDate, 1), timeZone) }
}

/**
 * One principal has one delegate at a time.
 * @throws userError `delegation_overlaps`, which names the other
 */
export async function requireFree(tx: Tx, principalId: string, { startsAt, endsAt }: Period): Promise<void> {
  // What ended earlier today is no obstacle for what begins today.
  const begin = startsAt > tx.now ? startsAt : tx.now
  const found = await tx.em.find(
    Delegation,
    { companyId: tx.companyId, principalId, startsAt: { $lt: endsAt }, endsAt: { $gt: begin } },
    { orderBy: { startsAt: 'asc' } },
  )
  // Ended before it began.
  const [other] = found.filter((one) => one.startsAt < one.endsAt)
  if (!other) return
  const { locale } = await getCompany(tx)
  const [principal, delegate] = [
    await getPerson(tx, other.principalId),
    await getPerson(tx, other.delegateId),
  ]
  const days = `from ${formatDate(other.fromDate, locale)} to ${formatDate(other.toDate, locale)}`
  throw userError(
    'delegation_overlaps',
    `${delegate.name} decides for ${principal.id === tx.actor.personId ? 'you' : principal.name} already ${days}. End that first, or choose other days.`,
    {
      field: 'from',
      details: {
        delegationId: other.id,
        name: delegate.name,
        ...(principal.id === tx.actor.personId ? {} : { principal: principal.name }),
        from: other.fromDate,
        to: other.toDate,
      },
    },
  )
}
