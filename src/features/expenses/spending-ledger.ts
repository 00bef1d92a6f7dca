import type { CalendarDate } from '../../kernel/calendar-date.ts'
import type { Member } from '../people/index.ts'
import type { Limit } from '../policy/index.ts'

interface Spending {
  submitter: Member
  teamNames: ReadonlyMap<string, string>
  category: string
  date: CalendarDate
  /** In minor units of the company's currency. */
  minor: number
}

/**
 * Adds up spending in memory as `spending.ts` does in the database, for judging a long series of expenses one after the
 * other under a policy that was not in force.
 */
export class SpendingLedger {
  readonly #limits: Limit[]
  readonly #sums = new Map<string, number>()

  constructor(limits: Limit[]) {
    this.#limits = limits
  }

  /** What the person spent so far in the day, month and year of `date`. */
  byPerson(personId: string, date: CalendarDate): { day: number; month: number; year: number } {
    const sum = (length: number) => this.#sums.get(personKey(personId, date.slice(0, length))) ?? 0
    return { day: sum(10), month: sum(7), year: sum(4) }
  }

  /** What counts towards a limit so far, in the period that begins at `from`. */
  underLimit(limit: Limit, from: CalendarDate, submitter: Member): number {
    return this.#sums.get(limitKey(limit, from, submitter)) ?? 0
  }

  add(spending: Spending): void {
    const { submitter, date, minor } = spending
    for (const length of [10, 7, 4]) this.#increase(personKey(submitter.id, date.slice(0, length)), minor)
    for (const limit of this.#limits) {
      if (!countsTowards(limit, spending)) continue
      this.#increase(limitKey(limit, startOf(limit.per, date), submitter), minor)
    }
  }

  #increase(key: string, minor: number): void {
    this.#sums.set(key, (this.#sums.get(key) ?? 0) + minor)
  }
}

function countsTowards(limit: Limit, { category, submitter, teamNames }: Spending): boolean {
  const team = teamNames.get(submitter.teamIds[0] ?? '') ?? ''
  return (!limit.category || limit.category.includes(category)) && (!limit.team || limit.team.includes(team))
}

const personKey = (personId: string, period: string) => `person ${personId} ${period}`

function limitKey(limit: Limit, from: CalendarDate, submitter: Member): string {
  const whose = { person: submitter.id, team: submitter.teamIds[0] ?? '', company: '' }[limit.each]
  return `limit ${limit.key} ${whose} ${from}`
}

function startOf(per: Limit['per'], date: CalendarDate): CalendarDate {
  return { day: date, month: `${date.slice(0, 7)}-01`, year: `${date.slice(0, 4)}-01-01` }[per]
}
