import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrate } from '../../../src/database/index.ts'
import { type AuditLog, logOf } from '../../features/audit/audit-log.ts'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'

let database: TestDatabase
let log: AuditLog
const companyId = randomUUID()
const entries = Array.from({ length: 2500 }, () => randomUUID()).sort()

/** Entries from before, every second with personal values. */
beforeAll(async () => {
  database = await createTestDatabase('template0')
  await database.orm.migrator.up({ to: '0002-policy-and-decisions' })
  await database.asSuperuser(
    `insert into company (id, name, currency, time_zone, locale, created_at) values ($1, 'Old Ltd', 'USD', 'UTC', 'en-US', now())`,
    [companyId],
  )
  await database.asSuperuser(
    `insert into audit_entry (id, company_id, at, channel, action, subject_kind, subject_id, changes)
     select id::uuid, $1, now(), 'system', 'test.done', 'company', $1, '{"to": 1.50, "from": null}'
     from unnest($2::text[]) as id`,
    [companyId, entries],
  )
  await database.asSuperuser(
    `insert into audit_personal (company_id, entry_id, "values")
     select $1, id::uuid, '{"name": "Müller", "ages": [1e3, 2.0]}' from unnest($2::text[]) as id`,
    [companyId, entries.filter((_, n) => n % 2 === 0)],
  )
  await migrate(database)
  log = logOf(database, companyId)
})
afterAll(() => database.drop())

test('entries from before wait for their seal like others, and are sealed in the order of their ids', async () => {
  expect(await log.verify()).toMatchObject({ verified: 0, waiting: 2500, erased: 0, faults: 0 })
  expect(await log.seal()).toBe(2500)
  expect(await log.verify()).toMatchObject({ verified: 2500, waiting: 0, faults: 0 })
  expect((await log.sealed()).map(({ id }) => id)).toEqual(entries)
})

test('a change of personal values from before is found from now on', async () => {
  await database.withoutForeignKeys(`update audit_personal set "values" = '{}' where entry_id = $1`, [
    entries[0],
  ])
  expect((await log.verify()).all).toMatchObject([{ kind: 'personal', entryId: entries[0] }])
})

test('the log cannot be changed afterwards either', async () => {
  await expect(database.asSuperuser('update audit_entry set channel = channel')).rejects.toThrow(
    'append-only',
  )
})
