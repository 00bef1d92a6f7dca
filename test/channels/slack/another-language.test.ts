import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { saveAndFollow } from '../../../src/channels/slack/forms/settings-form.ts'
import type { Preferences } from '../../../src/features/people/index.ts'
import { ann, bob, TwoSteps } from '../../features/expenses/two-steps.ts'
import { as, createTestDatabase, type TestDatabase } from '../../support/test-database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  const company = await TwoSteps.create(database)
  await company.submitted()
  await company.submitted()
})
afterAll(() => database.drop())
beforeEach(async () => {
  await database.asSuperuser('delete from preference')
  await database.asSuperuser(`update surface set posting_since = now(), message_ts = '1.' || round`)
  await database.asSuperuser('delete from outbox')
})

const choose = (email: string, changes: Partial<Preferences>) =>
  as(database, email, (tx) => saveAndFollow(tx, { teamId: 'T1', userId: `U ${email}` }, changes))

/** Which messages of whom are to be shown anew. */
const asked = async () => {
  const rows = await database.asSuperuser<{ kind: string; email: string }>(
    `select s.kind, p.email from outbox o join surface s on s.id::text = o.payload ->> 'surfaceId'
     join person p on p.id = s.person_id where o.job = 'surface.render' and o.status = 'pending' order by s.id`,
  )
  return rows.map(({ kind, email }) => [kind, email])
}

test('whoever chooses another language has their cards in it, and nobody else has', async () => {
  expect(await choose(bob, { locale: 'de-DE' })).toBe('de-DE')
  const card = ['slack.approval', bob]
  expect(await asked()).toEqual([card, card])
})

test('so has a submitter their own threads', async () => {
  await choose(ann, { locale: 'de-DE' })
  const thread = ['slack.expense', ann]
  expect(await asked()).toEqual([thread, thread])
})

test('back to the language that is given, they follow as well', async () => {
  await choose(bob, { locale: 'de-DE' })
  await database.asSuperuser('delete from outbox')
  await choose(bob, { locale: null })
  expect(await asked()).toHaveLength(2)
})

test('nothing is shown anew where the language stays', async () => {
  await choose(bob, { notifyBy: 'slack' })
  expect(await asked()).toEqual([])
})

test('nothing of it is asked for where the choice is refused', async () => {
  await expect(choose(bob, { locale: 'de-DE', digestOver: -1 })).rejects.toMatchObject({ kind: 'user' })
  expect(await asked()).toEqual([])
})

test('what is still held back in quiet hours stays held back', async () => {
  await database.asSuperuser(
    `update surface set posting_since = null, message_ts = null, show_from = now() + interval '1 hour'`,
  )
  await choose(bob, { locale: 'de-DE' })
  expect(await asked()).toEqual([])
})

test('of very many the newest hundred follow', async () => {
  await database.asSuperuser(
    `insert into surface (id, company_id, kind, expense_id, approval_id, person_id, round, address, message_ts,
       posting_since, created_at)
     select gen_random_uuid(), s.company_id, 'slack.reminder', s.expense_id, s.approval_id, s.person_id, g, '{}', '2.' || g,
       now(), s.created_at + g * interval '1 minute'
     from (select * from surface where kind = 'slack.approval' limit 1) s, generate_series(1, 120) g`,
  )
  await choose(bob, { locale: 'de-DE' })
  const kinds = (await asked()).map(([kind]) => kind)
  expect(kinds).toEqual(Array.from({ length: 100 }, () => 'slack.reminder'))
})
