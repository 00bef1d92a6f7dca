import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  type Preferences,
  preferencesOf,
  readerOf,
  savePreferences,
} from '../../../src/features/people/index.ts'
import { as, createTestDatabase, importExample, type TestDatabase } from '../../support/test-database.ts'

const grace = 'grace.taylor@techcorp.example'
const frank = 'frank.miller@techcorp.example'
let database: TestDatabase
let companyId: string
let graceId = ''
const idOf = async (email: string) =>
  (await database.asSuperuser<{ id: string }>('select id from person where email = $1', [email]))[0]?.id ?? ''

beforeAll(async () => {
  database = await createTestDatabase()
  companyId = await importExample(database)
  graceId = await idOf(grace)
})
afterAll(() => database.drop())
beforeEach(() => database.asSuperuser('delete from preference'))

const save = (changes: Partial<Preferences>, by = grace) =>
  as(database, by, (tx) => savePreferences(tx, changes))
const load = () => as(database, grace, (tx) => preferencesOf(tx, graceId))
const none = { locale: null, notifyBy: 'both', quietFrom: null, quietTo: null, digestOver: null }

test('whoever chose nothing hears by both, at any time, in the language of Slack or the company', async () => {
  expect(await load()).toEqual(none)
})

test('what is chosen is kept, what is left out stays, and null takes a choice back', async () => {
  await save({ locale: 'de-de', notifyBy: 'slack', quietFrom: '22:00', quietTo: '07:00' })
  await save({ digestOver: 3 })
  const chosen = { locale: 'de-DE', notifyBy: 'slack', quietFrom: '22:00', quietTo: '07:00', digestOver: 3 }
  expect(await load()).toEqual(chosen)
  expect(await as(database, grace, (tx) => readerOf(tx, graceId))).toMatchObject({ locale: 'de-DE' })
  await save({ locale: null, quietFrom: null, quietTo: null, digestOver: 0 })
  expect(await load()).toEqual({ ...none, notifyBy: 'slack', digestOver: 0 })
})

test('a language that Slack does not speak to them is known to be another one', async () => {
  const isNotSlacks = async () => (await as(database, grace, (tx) => readerOf(tx, graceId))).isNotSlacks
  await database.asSuperuser(`update person set slack_locale = 'en-GB' where id = $1`, [graceId])
  expect(await isNotSlacks()).toBe(false)
  await save({ locale: 'en-US' })
  expect(await isNotSlacks()).toBe(false)
  await save({ locale: 'de-DE' })
  expect(await isNotSlacks()).toBe(true)
  await database.asSuperuser('update person set slack_locale = null where id = $1', [graceId])
  expect(await isNotSlacks()).toBe(true)
  await save({ locale: null })
  expect(await isNotSlacks()).toBe(false)
})

test('a change is in the audit log with what was before; none is not', async () => {
  const entries = () =>
    database.asSuperuser<{ changes: object }>(
      `select changes from audit_entry where action = 'person.preferences_changed' and company_id = $1 order by id`,
      [companyId],
    )
  const before = (await entries()).length
  await save({ notifyBy: 'mail' })
  await save({ notifyBy: 'mail' })
  const changes = (await entries()).slice(before).map((entry) => entry.changes)
  expect(changes).toEqual([{ notifyBy: { from: 'both', to: 'mail' } }])
})

describe('is refused, at the field, with how to write it:', () => {
  test.each([
    ['no language', { locale: 'no language' }, 'locale_unknown', 'locale'],
    ['a language that nobody speaks here', { locale: 'xx-XX' }, 'locale_unknown', 'locale'],
    ['no time', { quietFrom: '7', quietTo: '08:00' }, 'time_invalid', 'quietFrom'],
    ['a time of no day', { quietFrom: '22:00', quietTo: '24:00' }, 'time_invalid', 'quietTo'],
    ['a beginning without an end', { quietFrom: '22:00' }, 'quiet_hours_incomplete', 'quietTo'],
    ['an end without a beginning', { quietTo: '07:00' }, 'quiet_hours_incomplete', 'quietFrom'],
    ['the same twice', { quietFrom: '07:00', quietTo: '07:00' }, 'quiet_hours_empty', 'quietTo'],
    ['less than nothing', { digestOver: -1 }, 'digest_over_invalid', 'digestOver'],
    ['half a request', { digestOver: 2.5 }, 'digest_over_invalid', 'digestOver'],
  ])('%s', async (_, changes, code, field) => {
    await expect(save(changes)).rejects.toMatchObject({ kind: 'user', code, field })
    expect(await load()).toEqual(none)
  })
})

test('what one chooses is nobody else’s', async () => {
  await save({ notifyBy: 'mail' }, frank)
  expect(await load()).toEqual(none)
})

test('two changes at the same moment are both kept', async () => {
  await Promise.all([save({ notifyBy: 'mail' }), save({ digestOver: 5 }), save({ locale: 'fr' })])
  expect(await load()).toEqual({ ...none, notifyBy: 'mail', digestOver: 5, locale: 'fr' })
})

test.each(['7:00', '24:00', '07:60', 'noon'])('not even the database takes %s as a time', async (time) => {
  await save({ quietFrom: '22:00', quietTo: '07:00' })
  await expect(database.asSuperuser('update preference set quiet_to = $1', [time])).rejects.toThrow('check')
})
