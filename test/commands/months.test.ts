import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { adam, fay } from '../features/expenses/kinds-company.ts'
import { Books } from '../features/invoices/months-support.ts'
import { runOn } from '../support/run-command.ts'
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
const months = async (...words: string[]) => {
  const { out, err, code } = await runOn(database.url, 'months', ...words)
  return { out: (out + err).replaceAll('\u00a0', ' '), code }
}

test('months are listed, closed in the name of somebody in finance, and written to a file', async () => {
  const books = await Books.create(database)
  expect(await months('list')).toEqual({ out: 'Nothing was approved yet.\n', code: 0 })
  // The command has a clock of its own, by which this month is over.
  await books.approved({ changes: { amount: '10.00', date: '2025-03-02' } }, '2025-03-05T12:00:00Z')
  expect((await months('list')).out).toContain('2025-03  open    USD 10.00  (1)\n')
  expect(await months('close', '2025-03', '--as', adam)).toEqual({
    out: 'Only finance can do this.\n',
    code: 1,
  })
  expect(await months('close', '2025-03', '--as', fay)).toEqual({
    out: 'Closed 2025-03: USD 10.00 (1).\n',
    code: 0,
  })
  expect((await months('close', '2025-03', '--as', fay)).out).toMatch(/^Fay already closed March 2025, /)
  expect((await months('list')).out).toContain('2025-03  closed  USD 10.00  (1)\n')
  const file = join(await mkdtemp(join(tmpdir(), 'months-')), 'march.csv')
  expect(await months('export', '2025-03', '--file', file)).toEqual({ out: '', code: 0 })
  const text = await readFile(file, 'utf8')
  expect((await months('export', '2025-03')).out).toBe(text)
  expect(text.split('\r\n')[1]).toContain('ann@kinds.example,Work,')
  expect(await months('export', 'March')).toEqual({
    out: '“March” is no month. Write it like 2026-11.\n',
    code: 1,
  })
})
