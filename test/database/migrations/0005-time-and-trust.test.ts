import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inCompany, migrate, type Tx } from '../../../src/database/index.ts'
import { listWaiting, needsCode } from '../../../src/features/approvals/index.ts'
import { viewExpense } from '../../../src/features/expenses/index.ts'
import { doWork } from '../../support/do-work.ts'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'

let database: TestDatabase
const companyId = randomUUID()
const people = { ann: randomUUID(), bob: randomUUID(), cas: randomUUID() }
const expense = randomUUID()
const asked = { required: randomUUID(), optional: randomUUID(), decided: randomUUID() }

/** Three days before the clock of tests, a Tuesday. */
const askedAt = new Date('2026-11-17T15:00:00Z')

/** One company as it was before, with an expense that is asked of Bob, and of Cas in a step that is not required. */
beforeAll(async () => {
  database = await createTestDatabase('template0')
  await database.orm.migrator.up({ to: '0004-rollback' })
  const insert = (table: string, row: Record<string, unknown>) =>
    database.withoutForeignKeys(
      `insert into ${table} (${Object.keys(row).join()}) values (${Object.keys(row).map((_, index) => `$${index + 1}`)})`,
      Object.values(row),
    )
  const own = { company_id: companyId }
  const place = { currency: 'USD', time_zone: 'UTC', locale: 'en-US', created_at: askedAt }
  await insert('company', { id: companyId, name: 'A', ...place })
  for (const [name, id] of Object.entries(people))
    await insert('person', { ...own, id, name, email: `${name}@a.example`, created_at: askedAt })
  const category = randomUUID()
  await insert('category', { ...own, id: category, key: 'meals', name: 'Meals', position: 0 })
  await insert('expense', {
    ...own,
    id: expense,
    number: 'EXP-1',
    status: 'awaiting_approval',
    revision: 1,
    submitter_id: people.ann,
    merchant_name: 'Café',
    category_id: category,
    paid_by: 'person',
    date: '2026-11-03',
    amount_minor: 1200,
    currency: 'EUR',
    company_amount_minor: 1300,
    source: 'slack',
    correlation_id: 'x',
    created_at: askedAt,
    updated_at: askedAt,
  })
  const request = randomUUID()
  await insert('approval_request', {
    ...own,
    id: request,
    subject_kind: 'expense',
    subject_id: expense,
    submitter_id: people.ann,
    revision: 1,
    status: 'open',
    created_at: askedAt,
  })
  const ask = async (required: boolean, position: number, rows: Record<string, unknown>[]) => {
    const step = { id: randomUUID(), request_id: request, position, required }
    await insert('approval_step', { ...own, ...step, description: 'x', needed: 2, status: 'open' })
    const common = { step_id: step.id, request_id: request, because: 'the policy asks for you' }
    for (const row of rows) await insert('approval', { ...own, ...common, asked_at: askedAt, ...row })
  }
  const decided = { status: 'approved', decided_at: askedAt, decided_by: people.cas }
  await ask(true, 1, [
    { id: asked.required, approver_id: people.bob, status: 'asked' },
    { id: asked.decided, approver_id: people.cas, ...decided },
  ])
  await ask(false, 2, [{ id: asked.optional, approver_id: people.cas, status: 'asked' }])
  await migrate(database)
})
afterAll(() => database.drop())

const inside = <T>(work: (tx: Tx) => Promise<T>) =>
  inCompany(database, { companyId, actor: { personId: null, channel: 'system' } }, work)

test('whoever was asked is asked, since then and for the same reason', async () => {
  const waiting = await inside((tx) => listWaiting(tx, people.bob, { limit: 9 }))
  expect(waiting).toMatchObject([
    { approvalId: asked.required, subjectId: expense, askedAt, onBehalfOf: null },
  ])
  const view = await inside((tx) => viewExpense(tx, expense))
  const asks = view?.steps.map(({ approvers }) => approvers.flatMap(({ asks }) => asks))
  const because = 'the policy asks for you'
  expect(asks).toMatchObject([[{ name: 'bob', because }], [{ name: 'cas', because }]])
})

test('a request is worth what its expense is, in the company’s currency', async () => {
  expect(await database.asSuperuser('select amount_minor from approval_request')).toEqual([
    { amount_minor: '1300' },
  ])
  expect(await inside((tx) => needsCode(tx, 1300))).toBe(false)
})

test('what waits already is followed up where it holds up something: by a reminder and by the next one up', async () => {
  const due = await database.asSuperuser<{ job: string; days: number; name: string }>(
    `select o.job, o.queue, o.company_id, p.name, extract(day from o.not_before - k.asked_at)::int as days
     from outbox o join approval_ask k on k.id::text = o.payload ->> 'askId' join person p on p.id = k.person_id
     order by o.job`,
  )
  const own = { queue: 'main', company_id: companyId, name: 'bob' }
  expect(due).toEqual([
    { ...own, job: 'approval.escalate', days: 5 },
    { ...own, job: 'approval.remind', days: 3 },
  ])
  expect(await doWork(database, 'approval.remind')).toEqual(['done'])
  expect(await database.asSuperuser(`select to_address from outgoing_mail where kind = 'reminder'`)).toEqual([
    { to_address: 'bob@a.example' },
  ])
})

test('the wall between companies stands again afterwards, and round what is new', async () => {
  const foreign = await inCompany(
    database,
    { companyId: randomUUID(), actor: { personId: null, channel: 'system' } },
    (tx) => tx.em.execute<unknown[]>('select id from approval_request union select id from approval_ask'),
  )
  expect(foreign).toEqual([])
})
