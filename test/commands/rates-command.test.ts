import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runOn } from '../support/run-command.ts'
import { createTestDatabase, importExample, type TestDatabase } from '../support/test-database.ts'

let database: TestDatabase
let directory: string
beforeAll(async () => {
  database = await createTestDatabase()
  await importExample(database, 'globex')
  directory = await mkdtemp(join(tmpdir(), 'outlay-rates-'))
})
afterAll(async () => {
  await database.drop()
  await rm(directory, { recursive: true, force: true })
})

async function load(text: string) {
  const file = join(directory, 'rates.csv')
  await writeFile(file, text)
  return runOn(database.url, 'rates', 'import', file)
}

const entries = () =>
  database.asSuperuser<{ channel: string; changes: unknown }>(
    `select channel, changes from audit_entry where action = 'rates.imported'`,
  )

test('rates that are loaded are in the audit log: how many, of which currencies and days', async () => {
  const { out } = await load(
    'date,currency,rate\n2026-02-02,USD,0.9\n2026-01-05,USD,0.8\n2026-02-02,CHF,1.1\n',
  )
  expect(out).toBe('3 rates loaded for Globex.\n')
  expect(await entries()).toEqual([
    {
      channel: 'cli',
      changes: { count: 3, currencies: ['CHF', 'USD'], from: '2026-01-05', to: '2026-02-02' },
    },
  ])
})

test('a file that is refused loads and logs nothing', async () => {
  const before = await entries()
  const { err, code } = await load('date,currency,rate\n2026-03-03,USD,0.9\n2026-03-04,USD,much\n')
  expect({ err, code }).toEqual({ err: 'row 3: “much” is not a rate.\n', code: 1 })
  expect(await entries()).toEqual(before)
  expect(await database.asSuperuser(`select 1 from exchange_rate where date = '2026-03-03'`)).toEqual([])
})
