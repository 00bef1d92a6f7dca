import { afterAll, beforeAll, expect, test } from 'vitest'
import { inCompany } from '../../../src/database/index.ts'
import { listWaiting } from '../../../src/features/approvals/index.ts'
import { createTestDatabase, importExample, type TestDatabase } from '../../support/test-database.ts'

/**
 * How the question “what waits for me?” is answered in a large company. In the suite a small one; the figure of the README:
 * `EXPENSES=1000000 npm test -- test/features/approvals/waiting.test.ts`.
 */
const expenses = Number(process.env.EXPENSES ?? 20_000)
const waitingForFrank = 40

let database: TestDatabase
let companyId: string
let frank: string

beforeAll(async () => {
  database = await createTestDatabase()
  companyId = await importExample(database, 'company')
  const people = await database.asSuperuser<{ id: string; email: string }>('select id, email from person')
  const id = (email: string) => people.find((person) => person.email.startsWith(email))?.id ?? ''
  frank = id('frank')
  const fill = (sql: string, values: unknown[]) => database.withoutForeignKeys(sql, values)
  const numbered = (kind: number) => `('00000000-0000-700${kind}-8000-' || lpad(to_hex(i), 12, '0'))::uuid`
  await fill(
    `insert into expense (id, company_id, number, kind, status, revision, submitter_id, merchant_name, category_id, paid_by, date,
       amount_minor, currency, company_amount_minor, source, correlation_id, submitted_at, created_at, updated_at)
     select ${numbered(0)}, $1, 'EXP-2025-' || i, 'receipt', case when i % 100 = 0 then 'awaiting_approval' else 'approved' end, 1, $2,
       'Shop ' || i % 1000, (select id from category where company_id = $1 limit 1), 'person', date '2025-01-01' + (i % 365)::int,
       1000 + i % 5000, 'USD', 1000 + i % 5000, 'slack', 'x', now(), now(), now()
     from generate_series(1, $3::int) i`,
    [companyId, id('grace'), expenses],
  )
  await fill(
    `insert into approval_request (id, company_id, subject_kind, subject_id, submitter_id, revision, amount_minor, status,
       created_at)
     select ${numbered(1)}, $1, 'expense', ${numbered(0)}, $2, 1, 1000, case when i % 100 = 0 then 'open' else 'approved' end, now()
     from generate_series(1, $3::int) i`,
    [companyId, id('grace'), expenses],
  )
  await fill(
    `insert into approval_step (id, company_id, request_id, position, description, needed, required, status)
     select ${numbered(2)}, $1, ${numbered(1)}, 1, 'x', 1, true, case when i % 100 = 0 then 'open' else 'approved' end
     from generate_series(1, $2::int) i`,
    [companyId, expenses],
  )
  // One in a hundred waits; a few of them for Frank, the rest for Eve, who decided none of hers for a year.
  await fill(
    `insert into approval (id, company_id, request_id, step_id, approver_id, because, status, asked_at)
     select ${numbered(3)}, $1, ${numbered(1)}, ${numbered(2)},
       case when i % 100 <> 0 or i <= $5::int * 100 then $2::uuid else $3::uuid end, 'x',
       case when i % 100 = 0 then 'asked' else 'approved' end, now()
     from generate_series(1, $4::int) i`,
    [companyId, frank, id('eve'), expenses, waitingForFrank],
  )
  // Everybody was asked; who decided is asked no more.
  await fill(
    `insert into approval_ask (id, company_id, approval_id, person_id, role, because, asked_at, ended_at)
     select ${numbered(4)}, $1, ${numbered(3)}, case when i % 100 <> 0 or i <= $4::int * 100 then $2::uuid else $3::uuid end,
       'approver', 'x', now(), case when i % 100 = 0 then null else now() end
     from generate_series(1, $5::int) i`,
    [companyId, frank, id('eve'), waitingForFrank, expenses],
  )
  await database.asSuperuser('analyze')
}, 1_800_000)
afterAll(() => database.drop())

test('what waits for somebody is found through the index of who is asked, however many expenses there are', async () => {
  const actor = { personId: frank, channel: 'slack' as const }
  const { plan, found } = await inCompany(database, { companyId, actor }, async (tx) => {
    const asked: { sql: string; values: unknown[] }[] = []
    const execute = tx.em.execute.bind(tx.em)
    // The very query of the use case, as it goes to the database.
    tx.em.execute = ((sql: string, values: unknown[]) => {
      asked.push({ sql, values })
      return execute(sql, values)
    }) as typeof tx.em.execute
    const found = await listWaiting(tx, frank, { limit: 20 })
    const [query] = asked
    if (!query) throw new Error('no query seen')
    const plan = await execute<{ 'QUERY PLAN': string }[]>(
      `explain (analyze, buffers) ${query.sql}`,
      query.values,
    )
    return { found, plan: plan.map((line) => line['QUERY PLAN']).join('\n') }
  })
  console.log(`${expenses.toLocaleString('en-US')} expenses:\n${plan}`)
  expect(found).toHaveLength(20)
  expect(plan).toContain('approval_ask_waiting')
  expect(plan).not.toContain('Seq Scan')
})
