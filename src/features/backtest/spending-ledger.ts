import type { CalendarDate } from '../../kernel/calendar-date.ts'
import type { Member } from '../people/index.ts'
import type { Limit, LimitPeriod } from '../policy/index.ts'

/**
 * Adds up spending in memory, as expenses do in the database, for judging a long series of them one after the other under a
 * policy that was not in force. Amounts are minor units of the company's currency.
 */
export class SpendingLedger {
  readonly #sums = new Map<string, number>()

  /** What the person spent so far in the day, month and year of `date`. */
  byPerson(personId: string, date: CalendarDate): { day: number; month: number; year: number } {
    const sum = (length: number) => this.#sums.get(personKey(personId, date.slice(0, length))) ?? 0
    return { day: sum(10), month: sum(7), year: sum(4) }
  }

  /** What counts towards a limit so far, in the period given. */
  underLimit(period: LimitPeriod, submitter: Member): number {
    return this.#sums.get(limitKey(period, submitter)) ?? 0
  }

  /** @param spending `limited`: what of it counts towards which limit */
  add(spending: {
    submitter: Member
    date: CalendarDate
    minor: number
    limited: { period: LimitPeriod; minor: number }[]
  }): void {
    const { submitter, date, minor, limited } = spending
    for (const length of [10, 7, 4]) this.#increase(personKey(submitter.id, date.slice(0, length)), minor)
    for (const { period, minor } of limited) this.#increase(limitKey(period, submitter), minor)
  }

  #increase(key: string, minor: number): void {
    this.#sums.set(key, (this.#sums.get(key) ?? 0) + minor)
  }
}

const personKey = (personId: string, period: string) => `person ${personId} ${period}`

function limitKey({ limit, from }: LimitPeriod, submitter: Member): string {
  const whose: Record<Limit['each'], string | null> = {
    person: submitter.id,
    team: submitter.homeTeamId,
    company: null,
  }
  return `limit ${limit.key} ${whose[limit.each]} ${from}`
}
