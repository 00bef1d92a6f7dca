import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inCompany } from '../../../src/database/index.ts'
import { holidayRegions, isHolidayRegion, workingCalendarOf } from '../../../src/features/people/index.ts'
import { createTestDatabase, importExample, type TestDatabase } from '../../support/test-database.ts'

let database: TestDatabase
let companyId: string
let personId: string

beforeAll(async () => {
  database = await createTestDatabase()
  companyId = await importExample(database, 'globex')
  const [person] = await database.asSuperuser<{ id: string }>('select id from person order by name limit 1')
  personId = person?.id ?? ''
})
afterAll(() => database.drop())

interface Settings {
  company: { holidays: string | null }
  person: { holidays: string | null; time_zone: string | null }
}

async function calendarWith({ company, person }: Settings) {
  await database.asSuperuser(
    `update company set time_zone = 'Europe/London', holidays = $2, working_days = '{monday,sunday}', work_from = '08:30',
       work_to = '12:00' where id = $1`,
    [companyId, company.holidays],
  )
  await database.asSuperuser('update person set holidays = $2, time_zone = $3 where id = $1', [
    personId,
    person.holidays,
    person.time_zone,
  ])
  const actor = { personId: null, channel: 'system' as const }
  return inCompany(database, { companyId, actor }, (tx) => workingCalendarOf(tx, personId))
}

test('the days and hours are the company’s, the time zone and the holidays one’s own', async () => {
  const own = await calendarWith({
    company: { holidays: 'US' },
    person: { holidays: 'DE-BY', time_zone: 'Europe/Berlin' },
  })
  expect(own).toMatchObject({ timeZone: 'Europe/Berlin', from: '08:30', to: '12:00' })
  expect([...own.days]).toEqual(['monday', 'sunday'])
  expect([own.isHoliday('2026-06-04'), own.isHoliday('2026-11-26')]).toEqual([true, false])
})

test('without an own time zone and own holidays the company’s hold, and without any every day can be worked', async () => {
  const person = { holidays: null, time_zone: null }
  const byCompany = await calendarWith({ company: { holidays: 'US' }, person })
  expect(byCompany.timeZone).toBe('Europe/London')
  expect([byCompany.isHoliday('2026-06-04'), byCompany.isHoliday('2026-11-26')]).toEqual([false, true])
  const without = await calendarWith({ company: { holidays: null }, person })
  expect([without.isHoliday('2026-11-26'), without.isHoliday('2026-12-25')]).toEqual([false, false])
})

describe('a day off', () => {
  const isOff = async (region: string, date: string) =>
    (
      await calendarWith({ company: { holidays: region }, person: { holidays: null, time_zone: null } })
    ).isHoliday(date)

  test.each([
    ['US', '2026-07-03', 'the Friday for a feast on a Saturday'],
    ['AU-NSW', '2026-04-05', 'a feast on which the clock repeats an hour'],
    ['DE-BB', '2027-03-28', 'a feast on which the clock skips an hour'],
    ['US-LA-NO', '2026-02-17', 'a feast of one city'],
    ['KR', '2026-09-25', 'the second of several days'],
    ['SZ', '2027-01-02', 'a feast that lasts from one year into the next'],
  ])('in %s is %s: %s', async (region, date) => {
    expect(await isOff(region, date)).toBe(true)
  })

  test.each([
    ['US', '2026-02-14', 'what is only observed'],
    ['IS', '2026-12-24', 'what begins in the afternoon'],
    ['DE', '2026-06-04', 'what is kept in another part of the country'],
  ])('in %s is not %s: %s', async (region, date) => {
    expect(await isOff(region, date)).toBe(false)
  })
})

test('regions are countries, their states, and parts of these', () => {
  expect(['US', 'DE-BY', 'US-LA-NO'].map(isHolidayRegion)).toEqual([true, true, true])
  expect(['XX', 'DE-XX', 'de', 'US-LA-XX', ''].map(isHolidayRegion)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ])
  expect(holidayRegions().get('US')).toBe('United States of America')
})
