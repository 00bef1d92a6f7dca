import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inCompany, migrate } from '../../../src/database/index.ts'
import { viewExpense } from '../../../src/features/expenses/index.ts'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'

let database: TestDatabase
const [companyId, person, expense] = [randomUUID(), randomUUID(), randomUUID()]

beforeAll(async () => {
  database = await createTestDatabase('template0')
  await database.orm.migrator.up({ to: '0005-time-and-trust' })
  const sql = (text: string, parameters: unknown[]) => database.withoutForeignKeys(text, parameters)
  await sql(
    `insert into company (id, name, currency, time_zone, locale, created_at) values ($1, 'A', 'USD', 'UTC', 'en-US', now())`,
    [companyId],
  )
  await sql(
    `insert into person (id, company_id, name, email, created_at) values ($1, $2, 'Ann', 'ann@a.example', now())`,
    [person, companyId],
  )
  await sql(
    `insert into expense (id, company_id, number, status, revision, submitter_id, paid_by, source, correlation_id, created_at,
       updated_at) values ($1, $2, 'EXP-1', 'draft', 0, $3, 'person', 'slack', 'x', now(), now())`,
    [expense, companyId, person],
  )
  await migrate(database)
})
afterAll(() => database.drop())

test('an expense from before is one with a receipt, not split, and draws on nothing', async () => {
  const who = { companyId, actor: { personId: null, channel: 'system' as const } }
  expect(await inCompany(database, who, (tx) => viewExpense(tx, expense))).toMatchObject({
    kind: 'receipt',
    calculation: null,
    shares: [],
    request: null,
  })
})
