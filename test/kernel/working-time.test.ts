import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addWorkingTime,
  minutesPerDay,
  nextMorning,
  type WorkingCalendar,
} from '../../src/kernel/working-time.ts'

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] as const
const week = [...weekdays, 'saturday', 'sunday'] as const
const calendar = (timeZone: string, changes: Partial<WorkingCalendar> = {}): WorkingCalendar => ({
  timeZone,
  days: new Set(weekdays),
  from: '09:00',
  to: '17:00',
  isHoliday: () => false,
  ...changes,
})
const newYork = calendar('America/New_York')
const at = (start: string, minutes: number, by = newYork) =>
  addWorkingTime(new Date(start), minutes, by)?.toISOString()

describe('a working day later', () => {
  test('is the same time on the next working day', () => {
    expect(at('2026-11-17T15:30:00-05:00', 480)).toBe('2026-11-18T20:30:00.000Z')
  })

  test('counts from the opening when it begins in the evening, in the night or at the weekend', () => {
    for (const start of [
      '2026-11-13T17:00:00-05:00',
      '2026-11-14T12:00:00-05:00',
      '2026-11-16T03:00:00-05:00',
    ])
      expect(at(start, 60)).toBe('2026-11-16T15:00:00.000Z')
  })

  test('leaves the weekend and a holiday out', () => {
    const thanksgiving = calendar('America/New_York', { isHoliday: (date) => date === '2026-11-26' })
    expect(at('2026-11-25T15:00:00-05:00', 480, thanksgiving)).toBe('2026-11-27T20:00:00.000Z')
    expect(at('2026-11-27T15:00:00-05:00', 480, thanksgiving)).toBe('2026-11-30T20:00:00.000Z')
  })

  test('begins the next day where it ends with a day’s work, so nobody is disturbed at closing time', () => {
    expect(at('2026-11-13T09:00:00-05:00', 480)).toBe('2026-11-16T14:00:00.000Z')
  })

  test('is found also after years', () => {
    expect(at('2026-11-17T15:30:00-05:00', 1000 * 480)).toBe('2030-09-17T19:30:00.000Z')
  })

  test.each([
    ['America/New_York', '2026-03-06T15:00:00-05:00', '2026-03-09T19:00:00.000Z'],
    ['America/New_York', '2026-10-30T15:00:00-04:00', '2026-11-02T20:00:00.000Z'],
    ['Europe/Berlin', '2026-03-27T15:00:00+01:00', '2026-03-30T13:00:00.000Z'],
    ['Europe/Berlin', '2026-10-23T15:00:00+02:00', '2026-10-26T14:00:00.000Z'],
    ['Australia/Sydney', '2026-04-03T15:00:00+11:00', '2026-04-06T05:00:00.000Z'],
    ['Australia/Sydney', '2026-10-02T15:00:00+10:00', '2026-10-05T04:00:00.000Z'],
    ['Australia/Lord_Howe', '2026-04-03T15:00:00+11:00', '2026-04-06T04:30:00.000Z'],
    ['Australia/Lord_Howe', '2026-10-02T15:00:00+10:30', '2026-10-05T04:00:00.000Z'],
  ])('is the same time by the clock on the wall where the clock changed: %s, %s', (zone, start, later) => {
    expect(at(start, 480, calendar(zone))).toBe(later)
  })

  test('is shorter or longer in the night in which the clock changes', () => {
    const nights = calendar('America/New_York', { days: new Set(['sunday']), from: '00:00', to: '24:00' })
    expect(at('2026-03-08T00:00:00-05:00', 23 * 60 - 1, nights)).toBe('2026-03-09T03:59:00.000Z')
    expect(at('2026-11-01T00:00:00-04:00', 25 * 60 - 1, nights)).toBe('2026-11-02T04:59:00.000Z')
  })
})

test('no working time at all later is the next instant at which somebody works', () => {
  expect(at('2026-11-17T15:30:00-05:00', 0)).toBe('2026-11-17T20:30:00.000Z')
  expect(at('2026-11-14T15:30:00-05:00', 0)).toBe('2026-11-16T14:00:00.000Z')
})

test('a calendar by which nobody ever works has an end', () => {
  expect(addWorkingTime(new Date(0), 1, calendar('UTC', { days: new Set() }))).toBeNull()
  expect(addWorkingTime(new Date(0), 1, calendar('UTC', { isHoliday: () => true }))).toBeNull()
  expect(addWorkingTime(new Date(0), 0, calendar('UTC', { from: '17:00', to: '09:00' }))).toBeNull()
})

test('a day has as many minutes as its hours', () => {
  expect(minutesPerDay(newYork)).toBe(480)
  expect(minutesPerDay({ from: '08:30', to: '24:00' })).toBe(930)
})

/** Everything in steps of a quarter of an hour: the grid on which every clock of the world changes. */
const quarter = 15
const zones = [
  'America/New_York',
  'Europe/Berlin',
  'Australia/Sydney',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Asia/Kathmandu',
  'UTC',
]
/** Not between 0 and 4 or 23 and 24 o'clock: there the clock shows the same twice, so it does not say when work ends. */
const aTime = fc.oneof(fc.constantFrom(0, 96), fc.integer({ min: 16, max: 92 }))
const aCalendar = fc
  .record({
    timeZone: fc.constantFrom(...zones),
    days: fc.subarray([...week], { minLength: 1 }),
    hours: fc.uniqueArray(aTime, { minLength: 2, maxLength: 2 }),
    holiday: fc.integer({ min: 2, max: 31 }),
  })
  .map(({ timeZone, days, hours, holiday }) => {
    const [from = 0, to = 0] = hours.toSorted((one, other) => one - other)
    const isHoliday = (date: string) => Number(date.slice(8)) % holiday === 0
    return calendar(timeZone, { days: new Set(days), from: clock(from), to: clock(to), isHoliday })
  })
const clock = (quarters: number) =>
  `${String(Math.floor(quarters / 4)).padStart(2, '0')}:${String((quarters % 4) * quarter).padStart(2, '0')}`
/** Around the changes of the clock in 2026: March, April, October and November. */
const aStart = fc
  .tuple(
    fc.constantFrom(
      '2026-03-06',
      '2026-03-27',
      '2026-04-03',
      '2026-09-04',
      '2026-10-02',
      '2026-10-23',
      '2026-10-30',
    ),
    fc.nat({ max: 96 * 4 }),
  )
  .map(([date, quarters]) => new Date(Date.parse(date) + quarters * quarter * 60_000))
const someMinutes = fc.nat({ max: 60 }).map((quarters) => quarters * quarter)
const runs = { numRuns: Number(process.env.RUNS ?? 150) }

/** The same question asked of the platform instead of luxon: what the clock on the wall shows. */
function isWorked(instant: number, by: WorkingCalendar): boolean {
  const shown = shownBy(by.timeZone).formatToParts(instant)
  const part = (type: string) => shown.find((one) => one.type === type)?.value ?? ''
  const date = `${part('year')}-${part('month')}-${part('day')}`
  const time = `${part('hour')}:${part('minute')}`
  const days: ReadonlySet<string> = by.days
  const isDay = days.has(part('weekday').toLowerCase()) && !by.isHoliday(date)
  return isDay && time >= by.from && time < by.to
}
const clocks = new Map<string, Intl.DateTimeFormat>()
function shownBy(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    weekday: 'long',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
  clocks.set(timeZone, made)
  return made
}

/** Working minutes between two instants, counted one quarter after the other. */
function counted(from: Date, to: Date, by: WorkingCalendar): number {
  let minutes = 0
  for (let instant = from.getTime(); instant < to.getTime(); instant += quarter * 60_000)
    if (isWorked(instant, by)) minutes += quarter
  return minutes
}

describe('whatever the zone, the days, the hours and the holidays', () => {
  const later = (start: Date, minutes: number, by: WorkingCalendar) => {
    const found = addWorkingTime(start, minutes, by)
    if (!found) throw new Error('nobody works')
    return found
  }

  test('exactly that much was worked in between, and the end is within working hours', () => {
    fc.assert(
      fc.property(aCalendar, aStart, someMinutes, (by, start, minutes) => {
        const end = later(start, minutes, by)
        expect(isWorked(end.getTime(), by)).toBe(true)
        expect(counted(start, end, by)).toBe(minutes)
      }),
      runs,
    )
  })

  test('one after the other is the same as both at once', () => {
    fc.assert(
      fc.property(aCalendar, aStart, someMinutes, someMinutes, (by, start, first, second) => {
        expect(later(later(start, first, by), second, by)).toEqual(later(start, first + second, by))
      }),
      runs,
    )
  })

  test('what begins later ends no earlier, and more takes longer', () => {
    fc.assert(
      fc.property(aCalendar, aStart, someMinutes, fc.nat({ max: 200 }), (by, start, minutes, more) => {
        const end = later(start, minutes, by).getTime()
        const after = new Date(start.getTime() + more * 60_000)
        expect(later(after, minutes, by).getTime()).toBeGreaterThanOrEqual(end)
        expect(later(start, minutes + 1 + more, by).getTime()).toBeGreaterThan(end)
      }),
      runs,
    )
  })
})

describe('the next morning of work', () => {
  const morning = (start: string, by = newYork) => nextMorning(new Date(start), by)?.toISOString()

  test('is the opening of the next day on which they work', () => {
    expect(morning('2026-11-17T15:30:00-05:00')).toBe('2026-11-18T14:00:00.000Z')
    expect(morning('2026-11-18T03:00:00-05:00')).toBe('2026-11-18T14:00:00.000Z')
    expect(morning('2026-11-20T10:00:00-05:00')).toBe('2026-11-23T14:00:00.000Z')
  })

  test('is now in the first hour of a day of work, and only then', () => {
    expect(morning('2026-11-18T09:00:00-05:00')).toBe('2026-11-18T14:00:00.000Z')
    expect(morning('2026-11-18T09:59:59-05:00')).toBe('2026-11-18T14:59:59.000Z')
    expect(morning('2026-11-18T10:00:00-05:00')).toBe('2026-11-19T14:00:00.000Z')
    expect(morning('2026-11-21T09:30:00-05:00')).toBe('2026-11-23T14:00:00.000Z')
  })

  test('leaves holidays out, and never comes for whoever never works', () => {
    const isHoliday = (date: string) => date === '2026-11-26'
    const thanksgiving = calendar('America/New_York', { isHoliday })
    expect(morning('2026-11-25T12:00:00-05:00', thanksgiving)).toBe('2026-11-27T14:00:00.000Z')
    expect(morning('2026-11-25T12:00:00Z', calendar('UTC', { days: new Set() }))).toBeUndefined()
  })

  test('is by the clock on the wall where it changes', () => {
    expect(morning('2026-10-30T12:00:00-04:00')).toBe('2026-11-02T14:00:00.000Z')
  })
})
