import type { ParsedResult } from 'chrono-node'
import * as german from 'chrono-node/de'
import * as english from 'chrono-node/en'
import { addDays, type CalendarDate, isCalendarDate } from '../../kernel/calendar-date.ts'

/** A date in a text that somebody typed. */
export interface TypedDate {
  date: CalendarDate
  isSure: boolean
  /** Where days stand, with the word before: `on 3 Nov`. */
  spans: Span[]
}

interface Span {
  start: number
  end: number
}

interface Spot extends Span {
  date: CalendarDate
  isSure: boolean
  /** How it is written decides between two. */
  rank: number
}

/**
 * The day that a text names, in English or German: `yesterday`, `am 3. November`, `11/02/2026`, `03.11.`. An expense is never
 * dated in the future: without a year it is the last such day. By slashes the month comes first where that is the custom
 * (`locale`), as long as that is no day to come. Times of day alone are none.
 */
export function findTypedDate(text: string, today: CalendarDate, locale: string): TypedDate | null {
  const spots = [
    ...dottedDays(text, today),
    ...fixedWords(text, today),
    ...parse(text, today, locale).flatMap((result) => toSpot(result, today)),
  ].filter(({ date }) => date <= today && date >= '2000-01-01')
  spots.sort((a, b) => b.rank - a.rank || b.end - b.start - (a.end - a.start) || a.start - b.start)
  const [best] = spots
  if (!best) return null
  const others = spots.filter(
    ({ start, end, rank }) => rank === best.rank && (start >= best.end || end <= best.start),
  )
  const isAlone = others.every(({ date }) => date === best.date)
  const spans = [best, ...others].map((spot) => widen(text, spot))
  return { date: best.date, isSure: best.isSure && isAlone, spans }
}

function parse(text: string, today: CalendarDate, locale: string): ParsedResult[] {
  const reference = { instant: new Date(`${today}T12:00:00Z`), timezone: 0 }
  const inSlashes = monthFirst(locale) ? english.casual : english.GB
  const isBySlashes = ({ text: read }: ParsedResult) => /^\d+\//.test(read)
  const isByDots = ({ text: read }: ParsedResult) => /^\d+\./.test(read)
  // Days by dots come day first everywhere; by slashes custom decides.
  return [
    ...english.casual.parse(text, reference).filter((one) => !isBySlashes(one) && !isByDots(one)),
    ...inSlashes.parse(text, reference).filter(isBySlashes),
    ...german.casual.parse(text, reference).filter((one) => !isBySlashes(one)),
  ]
}

/** Where people write 11/02 for the second of November: of the languages here only Americans do. */
const monthFirst = (locale: string) => /^en([-_]US)?$/i.test(locale)

function toSpot({ text, start: read, index }: ParsedResult, today: CalendarDate): Spot[] {
  const end = index + text.length
  const at = { start: index, end }
  const date = dateOf(read.get('year'), read.get('month'), read.get('day'))
  if (date === null) return []
  if (read.isCertain('day') && read.isCertain('month')) {
    const isRough = /\b(week|month|woche|monat)/i.test(text)
    if (/^\d{1,2}\/\d/.test(text)) return bySlashes(text, date, today).map((spot) => ({ ...at, ...spot }))
    const past = read.isCertain('year') ? date : lastOf(date, today)
    return past ? [{ ...at, date: past, isSure: !isRough, rank: /\d/.test(text) ? 3 : 2 }] : []
  }
  // `Sun` and `Mon` are also names; only a whole day of the week is one.
  const isWeekday = read.isCertain('weekday') && /\p{L}{5,}/u.test(text)
  if (!isWeekday) return []
  return [{ ...at, date: date > today ? addDays(date, -7) : date, isSure: true, rank: 2 }]
}

/** `11/02/2026` in the order that was read, or in the other one where the first is still to come. */
function bySlashes(text: string, date: CalendarDate, today: CalendarDate): Omit<Spot, 'start' | 'end'>[] {
  const hasYear = /^\d+\/\d+\/\d/.test(text)
  const settled = (one: CalendarDate | null) =>
    one && (hasYear ? (one <= today ? one : null) : lastOf(one, today))
  const first = settled(date)
  const [year, month, day] = date.split('-').map(Number)
  const second = month === day ? null : settled(dateOf(year, day, month))
  const chosen = first ?? second
  return chosen
    ? [{ date: chosen, isSure: first !== null && (second === null || second === first), rank: 3 }]
    : []
}

/** `03.11.`, or `03.11` after a word that a day follows: the last such day. */
function dottedDays(text: string, today: CalendarDate): Spot[] {
  const pattern = /(?<!\d|\d[.,])(\d{1,2})\.(\d{1,2})(?:\.(?!\d)|(?![\d.,]))/g
  return [...text.matchAll(pattern)].flatMap((match) => {
    const isNamed = match[0].endsWith('.') || /\b(on|am|vom|den|dated?)\s+$/i.test(text.slice(0, match.index))
    const date = dateOf(Number(today.slice(0, 4)), Number(match[2]), Number(match[1]))
    const last = isNamed && date ? lastOf(date, today) : null
    const [start, end] = [match.index, match.index + match[0].length]
    return last ? [{ date: last, isSure: true, start, end, rank: 3 }] : []
  })
}

/** What the parser reads as another day. */
function fixedWords(text: string, today: CalendarDate): Spot[] {
  return [...text.matchAll(/\b(the )?day before yesterday\b/gi)].map((match) => ({
    date: addDays(today, -2),
    isSure: true,
    start: match.index,
    end: match.index + match[0].length,
    rank: 4,
  }))
}

/** The same day of the month in this year, or in the last one where it is still to come. */
function lastOf(date: CalendarDate, today: CalendarDate): CalendarDate | null {
  const year = Number(today.slice(0, 4))
  const [, month, day] = date.split('-').map(Number)
  const [now, before] = [dateOf(year, month, day), dateOf(year - 1, month, day)]
  return now && now <= today ? now : before
}

function dateOf(year?: number | null, month?: number | null, day?: number | null): CalendarDate | null {
  if (!year || !month || !day) return null
  const date = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
  return isCalendarDate(date) ? date : null
}

/** With the word that leads to it. */
function widen(text: string, { start, end }: Span): Span {
  const word = /\b(on|am|vom|den|dated?|from)\s+$/i.exec(text.slice(0, start))
  return { start: word ? word.index : start, end }
}
