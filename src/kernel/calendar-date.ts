import { DateTime, IANAZone } from 'luxon'
import { userError } from './errors.ts'

/** A calendar date `YYYY-MM-DD` without time or zone: the date printed on a receipt. */
export type CalendarDate = string

/** Whether `text` is a real date of the Gregorian calendar in the form `YYYY-MM-DD`. */
export function isCalendarDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && DateTime.fromISO(text, { zone: 'utc' }).isValid
}

/**
 * Reads `YYYY-MM-DD`.
 * @throws userError `date_invalid`
 */
export function parseCalendarDate(text: string, field = 'date'): CalendarDate {
  const trimmed = text.trim()
  if (!isCalendarDate(trimmed)) {
    throw userError('date_invalid', `“${text.slice(0, 40)}” is not a date. Write it like 2026-03-31.`, {
      field,
    })
  }
  return trimmed
}

/** The calendar date that `instant` (UTC) falls on in `timeZone` (IANA name): 31 Dec 22:43 in New York is not January. */
export function dateIn(instant: Date, timeZone: string): CalendarDate {
  const date = DateTime.fromJSDate(instant, { zone: timeZone }).toISODate()
  if (date === null) throw new Error(`not a time zone: ${timeZone}`)
  return date
}

/** `date` moved by a number of days. */
export function addDays(date: CalendarDate, days: number): CalendarDate {
  return DateTime.fromISO(date, { zone: 'utc' }).plus({ days }).toISODate() ?? date
}

/** Whether the platform knows `zone` as an IANA time zone. */
export function isTimeZone(zone: string): boolean {
  return IANAZone.isValidZone(zone)
}

/** `2026-03-31` as people of `locale` read it: `Mar 31, 2026`. */
export function formatDate(date: CalendarDate, locale = 'en-US'): string {
  return DateTime.fromISO(date, { zone: 'utc' }).setLocale(locale).toLocaleString(DateTime.DATE_MED)
}

/** The month of a date as people of `locale` read it: `November 2026`. */
export function formatMonth(date: CalendarDate, locale = 'en-US'): string {
  return DateTime.fromISO(date, { zone: 'utc' })
    .setLocale(locale)
    .toLocaleString({ month: 'long', year: 'numeric' })
}

/** An instant as people in `timeZone` read it, with the zone named: `Mar 31, 2026, 2:05 PM EDT`. */
export function formatInstant(instant: Date, timeZone: string, locale = 'en-US'): string {
  return DateTime.fromJSDate(instant, { zone: timeZone })
    .setLocale(locale)
    .toLocaleString({ ...DateTime.DATETIME_MED, timeZoneName: 'short' })
}

/** The same for somebody whose own zone that is, and who needs no name of it: `Mar 31, 2026, 2:05 PM`. */
export function formatOwnInstant(instant: Date, timeZone: string, locale = 'en-US'): string {
  return DateTime.fromJSDate(instant, { zone: timeZone })
    .setLocale(locale)
    .toLocaleString(DateTime.DATETIME_MED)
}

/** The day of an instant as people in `timeZone` read it, where the year is plain: `Tue, Nov 17`. */
export function formatDay(instant: Date, timeZone: string, locale = 'en-US'): string {
  return DateTime.fromJSDate(instant, { zone: timeZone })
    .setLocale(locale)
    .toLocaleString({ weekday: 'short', month: 'short', day: 'numeric' })
}

/** How many days `to` is after `from`; negative when it is before. */
export function daysBetween(from: CalendarDate, to: CalendarDate): number {
  return DateTime.fromISO(to, { zone: 'utc' }).diff(DateTime.fromISO(from, { zone: 'utc' }), 'days').days
}

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const

/** The day of the week of a date. */
export function weekdayOf(date: CalendarDate): (typeof weekdays)[number] {
  const day = weekdays[DateTime.fromISO(date, { zone: 'utc' }).weekday - 1]
  if (!day) throw new Error(`not a date: ${date}`)
  return day
}

/** The instant (UTC) at which a date begins in a time zone. */
export function startOfDay(date: CalendarDate, timeZone: string): Date {
  return DateTime.fromISO(date, { zone: timeZone }).startOf('day').toJSDate()
}
