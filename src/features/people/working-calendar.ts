import { createRequire } from 'node:module'
import type Holidays from 'date-holidays'
import type { Tx } from '../../database/index.ts'
import { addDays, type CalendarDate } from '../../kernel/calendar-date.ts'
import type { WorkingCalendar } from '../../kernel/working-time.ts'
import { getCompany, getPerson } from './people.ts'

/** When a person works: the company's days and hours by their own clock, without the holidays of where they are. */
export async function workingCalendarOf(tx: Tx, personId: string): Promise<WorkingCalendar> {
  const company = await getCompany(tx)
  const person = await getPerson(tx, personId)
  const region = person.holidays ?? company.holidays
  return {
    timeZone: person.timeZone ?? company.timeZone,
    days: new Set(company.workingDays),
    from: company.workFrom,
    to: company.workTo,
    isHoliday: (date) => region !== null && isPublicHoliday(region, date),
  }
}

/** Whether public holidays are known for a region: `US`, `DE-BY`, `US-LA-NO`. */
export function isHolidayRegion(text: string): boolean {
  return holidayRegions().has(text)
}

/** Every region whose public holidays are known, with its name in English where there is one. */
export function holidayRegions(): ReadonlyMap<string, string> {
  regions ??= listRegions()
  return regions
}
let regions: Map<string, string> | undefined

/** Whole days only: where work ends earlier before a feast, it is a working day. */
function isPublicHoliday(region: string, date: CalendarDate): boolean {
  const year = Number(date.slice(0, 4))
  // What begins at the end of a year can last into the next one.
  return holidaysOf(region, year).has(date) || holidaysOf(region, year - 1).has(date)
}

const known = new Map<string, ReadonlySet<CalendarDate>>()

function holidaysOf(region: string, year: number): ReadonlySet<CalendarDate> {
  const key = `${region} ${year}`
  const days = known.get(key) ?? listHolidays(region, year)
  known.set(key, days)
  return days
}

function listHolidays(region: string, year: number): ReadonlySet<CalendarDate> {
  const [country = '', ...parts] = region.split('-')
  const [state = '', part = ''] = parts
  const calendar = new (loadHolidays())(country, state, part, { types: ['public'] })
  return new Set(
    calendar.getHolidays(year).flatMap(({ date, start, end }) => {
      // An hour more or less where the clock changes on that day.
      const days = Math.floor(((end.getTime() - start.getTime()) / 3_600_000 + 1) / 24)
      return Array.from({ length: days }, (_, day) => addDays(date.slice(0, 10), day))
    }),
  )
}

function listRegions(): Map<string, string> {
  const calendar = new (loadHolidays())()
  const found = new Map<string, string>()
  for (const [country, name] of entriesOf(calendar.getCountries('en'))) {
    found.set(country, name)
    for (const [state, name] of entriesOf(calendar.getStates(country, 'en'))) {
      found.set(`${country}-${state}`, name)
      for (const [part, name] of entriesOf(calendar.getRegions(country, state, 'en'))) {
        found.set(`${country}-${state}-${part}`, name)
      }
    }
  }
  return found
}

/** A country without states has no object of them. */
const entriesOf = (names: Record<string, string> | undefined) => Object.entries(names ?? {})

/** On first use: the rules of every country take 40 MB of memory, which a company without holidays does without. */
function loadHolidays(): typeof Holidays {
  return createRequire(import.meta.url)('date-holidays')
}
