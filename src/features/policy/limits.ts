import { DateTime } from 'luxon'
import type { CalendarDate } from '../../kernel/calendar-date.ts'
import type { Limit, PolicyDocument } from './policy.ts'

/** A limit and the days whose spending counts towards it, both included. */
export interface LimitPeriod {
  limit: Limit
  from: CalendarDate
  to: CalendarDate
}

/** The active limits that an expense counts towards. Teams are looked at by home team. */
export function limitsFor(
  { limits }: PolicyDocument,
  { category, homeTeam, date }: { category: string; homeTeam: string | null; date: CalendarDate },
): LimitPeriod[] {
  const day = DateTime.fromISO(date, { zone: 'utc' })
  return limits
    .filter(({ active }) => active)
    .filter((limit) => limit.category?.includes(category) ?? true)
    .filter((limit) => limit.team?.includes(homeTeam ?? '') ?? true)
    .filter(({ each }) => each !== 'team' || homeTeam !== null)
    .map((limit) => ({
      limit,
      from: day.startOf(limit.per).toFormat('yyyy-MM-dd'),
      to: day.endOf(limit.per).toFormat('yyyy-MM-dd'),
    }))
}

/** The period of a limit that a date is in, as people of `locale` read it: `Nov 5, 2026`, `November 2026`, `2026`. */
export function periodName(per: Limit['per'], date: CalendarDate, locale: string): string {
  const formats = {
    day: DateTime.DATE_MED,
    month: { month: 'long', year: 'numeric' },
    year: { year: 'numeric' },
  } as const
  return DateTime.fromISO(date, { zone: 'utc' }).setLocale(locale).toLocaleString(formats[per])
}
