import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { acrossCompanies, type SystemTx, type Tx } from '../../../src/database/index.ts'
import { isThreadKnown, subjectsOfThread } from '../../../src/features/notifications/index.ts'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { ann, TwoSteps } from '../expenses/two-steps.ts'

let database: TestDatabase
let company: TwoSteps
beforeAll(async () => {
  database = await createTestDatabase()
  company = await TwoSteps.create(database)
  await company.submitted()
  await database.asSuperuser(
    `insert into surface (id, company_id, kind, expense_id, person_id, round, address, message_ts, created_at)
     select gen_random_uuid(), s.company_id, 'slack.expense', s.expense_id, s.person_id, s.round + g,
       jsonb_build_object('channel', 'C' || (g % 500), 'threadTs', g || '.1'), g || '.2', now()
     from (select * from surface limit 1) s, generate_series(1, 60000) g`,
  )
  await database.asSuperuser('analyze surface')
}, 60_000)
afterAll(() => database.drop())

/** How PostgreSQL finds what the query looks for that the code runs, behind the company wall. */
async function planOf<T extends Tx | SystemTx>(tx: T, run: (tx: T) => Promise<unknown>): Promise<string> {
  const execute = vi.spyOn(tx.em, 'execute')
  await run(tx)
  const [sql, parameters] = execute.mock.lastCall ?? []
  const lines = await tx.em.execute<{ 'QUERY PLAN': string }[]>(`explain ${String(sql)}`, parameters)
  return lines.map((line) => line['QUERY PLAN']).join('\n')
}

test('whether a thread is known is found by an index, before each answer to Slack', async () => {
  const thread = { channel: 'C7', threadTs: '507.1' }
  const known = (threadTs: string) =>
    acrossCompanies(database, (tx) => isThreadKnown(tx, { ...thread, threadTs }))
  expect([await known('507.1'), await known('8.1')]).toEqual([true, false])
  const plan = await acrossCompanies(database, (tx) => planOf(tx, () => isThreadKnown(tx, thread)))
  expect(plan).toContain('Index')
  expect(plan).not.toContain('Seq Scan on surface')
})

test('what a thread is about is found by an index, by its root or by our message', async () => {
  const personId = await company.personId(ann)
  const about = (tx: Tx, threadTs: string) => subjectsOfThread(tx, { personId, channel: 'C7', threadTs })
  const ids = [
    await company.inside((tx) => about(tx, '507.1')),
    await company.inside((tx) => about(tx, '507.2')),
  ]
  expect(ids.map(({ expenses }) => expenses.length)).toEqual([1, 1])
  const plan = await company.inside((tx) => planOf(tx, () => about(tx, '507.1')))
  expect(plan).toContain('thread_ts')
  expect(plan).toMatch(/Index Cond: .*channel/)
  expect(plan).not.toContain('Seq Scan on surface')
})
