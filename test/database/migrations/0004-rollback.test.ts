import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inCompany, migrate } from '../../../src/database/index.ts'
import { readDocument, undoable, viewExpense } from '../../../src/features/expenses/index.ts'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'

let database: TestDatabase
const [companyId, person, category, expense, other, document, request, step, approval] = Array.from(
  { length: 9 },
  () => randomUUID(),
)

/** One company as it was before, with an approved expense that has its document, and one that waits. */
beforeAll(async () => {
  database = await createTestDatabase('template0')
  await database.orm.migrator.up({ to: '0003-sealed-audit' })
  const insert = (table: string, row: Record<string, unknown>) =>
    database.withoutForeignKeys(
      `insert into ${table} (${Object.keys(row).join()}) values (${Object.keys(row).map((_, index) => `$${index + 1}`)})`,
      Object.values(row),
    )
  const now = database.clock.now()
  const own = { company_id: companyId }
  await insert('company', {
    id: companyId,
    name: 'A',
    currency: 'USD',
    time_zone: 'UTC',
    locale: 'en-US',
    created_at: now,
  })
  await insert('person', { ...own, id: person, name: 'Ann', email: 'ann@a.example', created_at: now })
  await insert('category', { ...own, id: category, key: 'meals', name: 'Meals', position: 0 })
  const claim = {
    ...own,
    revision: 1,
    submitter_id: person,
    merchant_name: 'Café',
    category_id: category,
    paid_by: 'person',
    date: '2026-11-03',
    amount_minor: 1200,
    currency: 'EUR',
    company_amount_minor: 1300,
    source: 'slack',
    correlation_id: 'x',
    created_at: now,
    updated_at: now,
  }
  await insert('expense', { ...claim, id: expense, number: 'EXP-1', status: 'approved' })
  await insert('expense', { ...claim, id: other, number: 'EXP-2', status: 'awaiting_approval' })
  const pdf = { sha256: 'f00', media_type: 'application/pdf', size: 1, content: Buffer.from('x') }
  await insert('blob', { ...own, ...pdf, created_at: now })
  const issued = {
    kind: 'expense_statement',
    expense_id: expense,
    revision: 1,
    number: 'EXP-1',
    sha256: 'f00',
  }
  await insert('document', { ...own, ...issued, id: document, created_at: now })
  const asked = { subject_kind: 'expense', subject_id: expense, submitter_id: person, revision: 1 }
  await insert('approval_request', { ...own, ...asked, id: request, status: 'approved', created_at: now })
  const only = { position: 1, description: 'x', needed: 1, required: true, status: 'approved' }
  await insert('approval_step', { ...own, ...only, id: step, request_id: request })
  const decided = { because: 'x', status: 'approved', asked_at: now, decided_at: now, decided_by: person }
  await insert('approval', {
    ...own,
    ...decided,
    id: approval,
    request_id: request,
    step_id: step,
    approver_id: person,
  })
  await migrate(database)
})
afterAll(() => database.drop())

const inside = <T>(work: Parameters<typeof inCompany<T>>[2]) =>
  inCompany(database, { companyId: companyId ?? '', actor: { personId: null, channel: 'system' } }, work)

test('an expense that was approved is in its first round, and one that waits in none', async () => {
  expect((await inside((tx) => viewExpense(tx, expense ?? '')))?.round).toBe(1)
  expect((await inside((tx) => viewExpense(tx, other ?? '')))?.round).toBe(0)
})

test('a document that was issued is the statement of that round, and says what the expense says', async () => {
  expect(await inside((tx) => readDocument(tx, document ?? ''))).toMatchObject({
    kind: 'expense_statement',
    number: 'EXP-1',
    round: 1,
    facts: {
      merchant: 'Café',
      category: 'Meals',
      date: '2026-11-03',
      paidBy: 'person',
      amount: { minor: 1200, currency: 'EUR' },
      companyAmount: { minor: 1300, currency: 'USD' },
    },
  })
})

test('what was decided before can be taken back, within a day', async () => {
  const view = await inside((tx) => viewExpense(tx, expense ?? ''))
  const until = new Date(database.clock.now().getTime() + 24 * 3_600_000)
  expect(view && undoable(view, person ?? '')).toEqual([{ approvalId: approval, until }])
})

test('the wall between companies stands again afterwards', async () => {
  const actor = { personId: null, channel: 'system' as const }
  const foreign = await inCompany(database, { companyId: randomUUID(), actor }, (tx) =>
    tx.em.execute<unknown[]>('select id from expense union select id from document'),
  )
  expect(foreign).toEqual([])
})
