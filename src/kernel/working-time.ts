import { DateTime } from 'luxon'
import { addDays, type CalendarDate, dateIn, weekdayOf } from './calendar-date.ts'

/** When somebody works: these hours on these days of the week, in their own time zone, and never on a holiday. */
export interface WorkingCalendar {
  /** IANA name. */
  timeZone: string
  days: ReadonlySet<ReturnType<typeof weekdayOf>>
  /** `HH:MM` by the clock on the wall; `to` is no part of the hours, and `24:00` is the end of the day. */
  from: string
  to: string
  isHoliday(date: CalendarDate): boolean
}

/** After so many days in a row on which nobody works, nobody ever will. */
const longestRest = 400

/**
 * The instant (UTC) at which `minutes` of working time have passed since `start`. It is always within working hours: what
 * ends with a day's work is the beginning of the next, and `0` minutes is the next instant at which somebody works.
 * Minutes are real ones: an hour that the clock skips is not worked, and one that it repeats is worked twice.
 * @returns null when nobody ever works by this calendar
 */
export function addWorkingTime(start: Date, minutes: number, calendar: WorkingCalendar): Date | null {
  let left = minutes * 60_000
  let rest = 0
  for (let date = dateIn(start, calendar.timeZone); rest < longestRest; date = addDays(date, 1)) {
    const { opens, closes } = hoursOf(date, calendar)
    const begin = Math.max(opens, start.getTime())
    if (begin >= closes) {
      rest += 1
    } else if (begin + left < closes) {
      return new Date(begin + left)
    } else {
      left -= closes - begin
      rest = 0
    }
  }
  return null
}

/**
 * When (UTC) somebody begins the next day of work; at once, while the first hour of one is not over.
 * @returns null when nobody ever works by this calendar
 */
export function nextMorning(start: Date, calendar: WorkingCalendar): Date | null {
  let date = dateIn(start, calendar.timeZone)
  for (let rest = 0; rest < longestRest; rest += 1, date = addDays(date, 1)) {
    const { opens, closes } = hoursOf(date, calendar)
    const firstHour = Math.min(closes, opens + 3_600_000)
    if (opens < closes && start.getTime() < firstHour) return new Date(Math.max(opens, start.getTime()))
  }
  return null
}

/** How many minutes one working day has by the clock on the wall. */
export function minutesPerDay({ from, to }: Pick<WorkingCalendar, 'from' | 'to'>): number {
  return minuteOf(to) - minuteOf(from)
}

/** The working hours of one day in milliseconds (UTC); on a day of rest they end when they begin. */
function hoursOf(date: CalendarDate, calendar: WorkingCalendar): { opens: number; closes: number } {
  const { timeZone: zone, days, from, to } = calendar
  const opens = DateTime.fromISO(`${date}T${from}`, { zone }).toMillis()
  if (!days.has(weekdayOf(date)) || calendar.isHoliday(date)) return { opens, closes: opens }
  return { opens, closes: DateTime.fromISO(`${date}T${to}`, { zone }).toMillis() }
}

function minuteOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number)
  return (hours ?? 0) * 60 + (minutes ?? 0)
}
