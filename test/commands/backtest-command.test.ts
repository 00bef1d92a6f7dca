import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { draftExpense, editExpense, routeExpense, submitExpense } from '../../src/features/expenses/index.ts'
import { listCategories } from '../../src/features/people/index.ts'
import { runOn } from '../support/run-command.ts'
import { as, createTestDatabase, importExample, type TestDatabase } from '../support/test-database.ts'

const grace = 'grace.taylor@techcorp.example'
let database: TestDatabase
let directory: string
let text: string
beforeAll(async () => {
  database = await createTestDatabase()
  await importExample(database, 'company')
  directory = await mkdtemp(join(tmpdir(), 'outlay-backtest-'))
  text = await readFile('config/company.example.yaml', 'utf8')
  for (const amount of ['100.00', '200.00', '300.00', '101.00', '102.00']) await submit(amount)
})
afterAll(async () => {
  await database.drop()
  await rm(directory, { recursive: true, force: true })
})
async function submit(amount: string): Promise<void> {
  const id = await as(database, grace, async (tx) => {
    const submitterId = tx.actor.personId ?? ''
    const delivery = { submitterId, source: 'slack' as const, deliveryKey: `backtest:${amount}`, files: [] }
    const expense = await draftExpense(tx, delivery)
    const categoryId = (await listCategories(tx)).find(({ key }) => key === 'equipment')?.id ?? ''
    const values = { merchant: `Shop ${amount}`, amount, currency: 'USD', date: '2026-11-03', categoryId }
    await editExpense(tx, expense.id, values)
    return expense.id
  })
  await as(database, grace, (tx) => submitExpense(tx, id))
  await as(database, grace, (tx) => routeExpense(tx, id))
}

/** What is printed for the example company with something more in some sections. */
async function backtest(more: Record<string, string>, since = '2026-01-01'): Promise<string> {
  let changed = text
  for (const [section, entry] of Object.entries(more)) {
    expect(changed).toContain(`\n${section}:\n`)
    changed = changed.replace(`\n${section}:\n`, `\n${section}:\n  - ${entry}\n`)
  }
  const file = join(directory, 'tried.yaml')
  await writeFile(file, changed)
  const { out, err, code } = await runOn(database.url, 'policy', 'backtest', file, '--since', since)
  return code === 0 ? out : err
}

const big =
  '{ key: big, name: Big things, clause: "9.1", when: { amount: { over: "150.00" } }, do: { block: No. } }'
const cap = '{ key: tight, name: Tight, each: person, category: equipment, per: year, amount: "150.00" }'

test('what is refused is told by the rules and limits that refuse it, the largest first', async () => {
  const out = await backtest({ rules: big, limits: cap })
  expect(out).toMatch(/^refused +4 +USD.703\.00 {2}e\.g\. EXP-2026-0002, EXP-2026-0003, EXP-2026-0004$/m)
  expect(out).toMatch(/^refused by +expenses\nTight +4\n9\.1 Big things +2$/m)
})

test('where all examples are named they are no examples', async () => {
  expect(await backtest({ rules: big })).toMatch(/^refused +2 +USD.500\.00 {2}EXP-2026-0002, EXP-2026-0003$/m)
})

test('nothing on record is said without a table; nothing refused without a list of who refuses', async () => {
  await database.asSuperuser("update expense set submitted_at = submitted_at - interval '30 years'")
  try {
    const out = await backtest({ rules: big }, '2020-11-01')
    expect(out.trim()).toMatch(/no expense was submitted since 2020-11-01, so there is nothing to compare\.$/)
    expect(out).not.toContain('amount')
  } finally {
    await database.asSuperuser("update expense set submitted_at = submitted_at + interval '30 years'")
  }
  expect(await backtest({})).not.toContain('refused')
})

test('a day in the future is refused', async () => {
  expect(await backtest({}, '2999-01-01')).toContain(
    '2999-01-01 is in the future. Say a day since which expenses were submitted.',
  )
})
