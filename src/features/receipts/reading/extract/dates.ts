import { addDays, type CalendarDate, isCalendarDate } from '../../../../kernel/calendar-date.ts'
import type { TextLine } from '../lines.ts'
import { confidenceAt } from './amounts.ts'
import { plain } from './plain-text.ts'

/** One reading of a date on the receipt; an ambiguous one has an `other`. */
interface DateSpot {
  date: CalendarDate
  /** The other order of day and month, when both are possible. */
  other: CalendarDate | null
  line: number
  confidence: number
  labelled: boolean
  withTime: boolean
  /** Expiry, birth, opening, law: a date, but not that of the purchase. */
  foreign: boolean
}

export interface DateContext {
  today: CalendarDate
  /** Whether month-first is the custom where the receipt is from: true, false, or null when unknown. */
  monthFirst: boolean | null
}

export interface FoundDate {
  value: CalendarDate
  confidence: number
}

/** First letters that tell months apart in the languages of most receipts, January first. */
const monthNames = [
  'JAN GEN ENE OCAK SIJ STYCZ',
  'FEB FEV FEVR HELMI LUT',
  'MAR MAERZ MRZ MRT MARS MAAR MAALIS',
  'APR AVR ABR KWI HUHTI',
  'MAY MAI MAG MAJ MEI TOUKO',
  'JUN JUIN GIU CZERW KESA',
  'JUL JUIL LUG LIP HEINA',
  'AUG AOUT AGO SIERP ELO',
  'SEP SET SEPT SYYS WRZ',
  'OCT OKT OTT OUT LOKA PAZ',
  'NOV MARRAS LIST',
  'DEC DEZ DES DIC DIZ JOULU GRU',
].map((names) => names.split(' '))

const digit = '[0-9OoIl|]'
const gap = '\\s?'
const patterns: { pattern: RegExp; order: 'ymd' | 'numeric' | 'compact' | 'dMonY' | 'MonDY' | 'yMonD' }[] = [
  {
    pattern: new RegExp(
      `(?<!\\d)(20${digit}{2})${gap}([-/.年])${gap}(${digit}{1,2})${gap}[-/.月]${gap}(${digit}{1,2})(?!${digit})`,
      'g',
    ),
    order: 'ymd',
  },
  {
    pattern: new RegExp(
      `(?<![\\d.,/-])(${digit}{1,2})${gap}([-/.'’])${gap}(${digit}{1,2})${gap}[-/.'’]${gap}(20${digit}{2}|${digit}{2})(?!${digit}|[.,/-]\\d)`,
      'g',
    ),
    order: 'numeric',
  },
  {
    pattern: new RegExp(
      `(?<![\\d.,])(${digit}{1,2})(?:ST|ND|RD|TH|\\.|ER|º)?[\\s\\-/.,]{0,2}(?:DE )?([\\p{L}0]{3,9})\\.?[\\s\\-/.,']{0,2}(?:DE )?(20${digit}{2}|${digit}{2})(?!\\d|[:.]\\d)`,
      'giu',
    ),
    order: 'dMonY',
  },
  {
    pattern: new RegExp(
      `(?<!\\p{L})([\\p{L}0]{3,9})\\.?[\\s\\-/.]{0,2}(${digit}{1,2})(?:ST|ND|RD|TH)?[\\s\\-/.,']{1,3}(20${digit}{2}|${digit}{2})(?!\\d|[:.]\\d)`,
      'giu',
    ),
    order: 'MonDY',
  },
  {
    pattern: new RegExp(
      `(?<!\\d)(20${digit}{2})[\\s\\-/.]{0,2}([\\p{L}0]{3,9})[\\s\\-/.]{0,2}(${digit}{1,2})(?!\\d)`,
      'giu',
    ),
    order: 'yMonD',
  },
  {
    // A lost separator: 1003/2018. Without any it may as well be a number, so it counts for little.
    pattern: /(?<!\d)(0[1-9]|[12]\d|3[01])[-/.]?(0[1-9]|1[0-2])[-/.]?(20[12]\d)(?!\d)/g,
    order: 'compact',
  },
]

const labels = /\b(DATE|DATUM|FECHA|DATA|DATO|PAIVAYS|TARIH|TARIKH|DT|BELEG\w*|ISSUED|KELT|DAY)\b/
const foreignWords =
  /\b(EXP\w*|VALID|UNTIL|DUE|BEST|BEFORE|BIRTH|DOB|SINCE|ACT|FROM|PERIOD|GULTIG|BIS|EFFECTIVE|RETURN\w*|DELIVERY|MEMBER|ARRIVAL|DEPARTURE|CHECK-?IN|CHECK-?OUT|W\.?E\.?F)\b/

/**
 * The date of the purchase: of all dates on the receipt the one that is labelled, stands by a time and is repeated.
 * Day-first or month-first is settled by the receipt itself (a day above 12, another form of the same date), then by
 * what is not in the future, then by custom; what stays ambiguous is less sure.
 */
export function findDate(passes: TextLine[][], context: DateContext): FoundDate | null {
  const order = settleOrder(passes.flat(), context)
  const latest = addDays(context.today, 2)
  const weight = (1 + 0.25 * (passes.length - 1)) / passes.length
  const together = new Map<CalendarDate, Candidate>()
  for (const lines of passes) {
    const spots = lines.flatMap((line, index) => findSpots(line, index, latest, order.monthFirst))
    for (const [date, candidate] of scoreDates(spots, lines.length)) {
      const seen = together.get(date)
      const score = candidate.score * weight
      together.set(date, {
        score: score + (seen?.score ?? 0),
        confidence: Math.max(candidate.confidence, seen?.confidence ?? 0),
        ambiguous: candidate.ambiguous && (seen?.ambiguous ?? true),
      })
    }
  }
  const [best] = [...together].sort((a, b) => b[1].score - a[1].score)
  if (!best) return null
  const [value, { score, confidence, ambiguous }] = best
  const all = [...together.values()].reduce((sum, each) => sum + Math.exp(1.3 * each.score), 0)
  const share = Math.exp(1.3 * score) / (all + Math.exp(-1))
  // People hand in what they spent lately: an old date is more often a misread year.
  const age = value >= addDays(context.today, -400) ? 1 : value >= addDays(context.today, -3650) ? 0.85 : 0.5
  const certainty = (ambiguous ? order.certainty : 1) * age * (0.55 + 0.45 * confidence)
  return { value, confidence: Math.min(0.99, share * certainty) }
}

interface Candidate {
  score: number
  confidence: number
  ambiguous: boolean
}

/** The dates of one pass; one that is printed twice is surer, and one unambiguous print settles the other. */
function scoreDates(spots: DateSpot[], lineCount: number): Map<CalendarDate, Candidate> {
  const dates = new Map<CalendarDate, Candidate>()
  for (const spot of spots) {
    const seen = dates.get(spot.date)
    const own = scoreOf(spot, lineCount)
    dates.set(spot.date, {
      score: seen ? Math.max(seen.score, own) + 0.8 : own,
      confidence: Math.max(spot.confidence, seen?.confidence ?? 0),
      ambiguous: spot.other !== null && (seen?.ambiguous ?? true),
    })
  }
  return dates
}

function scoreOf(spot: DateSpot, lineCount: number): number {
  let score = 1.5
  if (spot.labelled) score += 1.5
  if (spot.withTime) score += 1
  if (spot.foreign) score -= 2.5
  score += (spot.confidence - 0.8) * 2
  // A date among the first or last lines is more usual than one amid the items.
  return score + Math.abs(spot.line / Math.max(1, lineCount) - 0.5) * 0.4
}

/** Which order of day and month this receipt uses, and how certain an ambiguous date then is. */
function settleOrder(lines: TextLine[], context: DateContext): { monthFirst: boolean; certainty: number } {
  let [dayFirst, monthFirst] = [0, 0]
  const latest = addDays(context.today, 2)
  const named = new Set<CalendarDate>()
  for (const [index, line] of lines.entries()) {
    for (const spot of findSpots(line, index, latest, false)) if (spot.other === null) named.add(spot.date)
  }
  for (const line of lines) {
    for (const { parts } of matchesOf(line.text, 'numeric')) {
      const [a, b, year] = parts
      const [asDay, asMonth] = [dateOf(year, b, a), dateOf(year, a, b)]
      if (asDay && !asMonth) dayFirst++
      else if (asMonth && !asDay) monthFirst++
      else if (asDay && asMonth && asDay !== asMonth) {
        if (named.has(asDay) || asMonth > latest) dayFirst++
        if (named.has(asMonth) || asDay > latest) monthFirst++
      }
    }
  }
  if (dayFirst !== monthFirst) return { monthFirst: monthFirst > dayFirst, certainty: 0.98 }
  if (context.monthFirst !== null) return { monthFirst: context.monthFirst, certainty: 0.9 }
  return { monthFirst: false, certainty: 0.6 }
}

function findSpots(line: TextLine, index: number, latest: CalendarDate, monthFirst: boolean): DateSpot[] {
  const words = plain(line.text)
  const withTime = /(?<!\d)([01]?\d|2[0-3])[:.][0-5]\d(:[0-5]\d)?\s?(AM|PM|UHR|H)?(?!\d)/.test(words)
  const spots: DateSpot[] = []
  for (const { order, parts, start, end } of allMatches(line.text)) {
    const candidates = datesOf(order, parts, monthFirst).filter(
      (date) => date <= latest && date >= '2000-01-01',
    )
    const date = candidates[0]
    if (date === undefined) continue
    spots.push({
      date,
      other: candidates[1] ?? null,
      line: index,
      confidence: confidenceAt(line.words, start, end) * (order === 'compact' ? 0.4 : 1),
      labelled: labels.test(words),
      withTime,
      foreign: foreignWords.test(words),
    })
  }
  return spots
}

interface Match {
  order: (typeof patterns)[number]['order']
  parts: [string, string, string]
  start: number
  end: number
}

/** Every date-like spot of a text; a stretch that an earlier pattern took is not matched again. */
function allMatches(text: string): Match[] {
  const found: Match[] = []
  for (const { order } of patterns) {
    for (const match of matchesOf(text, order)) {
      if (!found.some((other) => match.start < other.end && other.start < match.end)) found.push(match)
    }
  }
  return found
}

function matchesOf(text: string, order: Match['order']): Match[] {
  const entry = patterns.find((each) => each.order === order)
  if (!entry) return []
  return [...text.matchAll(entry.pattern)].map((match) => {
    const withSeparator = order === 'ymd' || order === 'numeric'
    const third = withSeparator ? match[4] : match[3]
    const second = withSeparator ? match[3] : match[2]
    return {
      order,
      parts: [match[1] ?? '', second ?? '', third ?? ''],
      start: match.index,
      end: match.index + match[0].length,
    }
  })
}

function datesOf(order: Match['order'], parts: Match['parts'], monthFirst: boolean): CalendarDate[] {
  const [a, b, c] = parts
  const possible =
    order === 'ymd'
      ? [dateOf(a, b, c)]
      : order === 'compact'
        ? [dateOf(c, b, a)]
        : order === 'dMonY'
          ? [dateOf(c, monthOf(b), a)]
          : order === 'MonDY'
            ? [dateOf(c, monthOf(a), b)]
            : order === 'yMonD'
              ? [dateOf(a, monthOf(b), c)]
              : monthFirst
                ? [dateOf(c, a, b), dateOf(c, b, a)]
                : [dateOf(c, b, a), dateOf(c, a, b)]
  return [...new Set(possible.filter((date) => date !== null))]
}

function monthOf(name: string): string | null {
  const letters = plain(name).replace(/0/g, 'O')
  const index = monthNames.findIndex((names) => names.some((prefix) => letters.startsWith(prefix)))
  return index < 0 ? null : String(index + 1)
}

function dateOf(year: string, month: string | null, day: string): CalendarDate | null {
  if (month === null) return null
  const [y, m, d] = [year, month, day].map(toDigits)
  if (!y || !m || !d) return null
  const date = `${y.length === 2 ? `20${y}` : y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`
  return isCalendarDate(date) ? date : null
}

function toDigits(text: string): string {
  return text.replace(/[Oo]/g, '0').replace(/[Il|]/g, '1')
}
