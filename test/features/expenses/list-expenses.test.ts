import { afterAll, beforeAll, expect, test } from 'vitest'
import { acrossCompanies } from '../../../src/database/index.ts'
import {
  countOwnExpenses,
  discardExpense,
  draftExpense,
  type ExpenseStatus,
  findExpense,
  listOwnExpenses,
} from '../../../src/features/expenses/index.ts'
import { personByEmail } from '../../../src/features/people/index.ts'
import { as, createTestDatabase, importExample, type TestDatabase } from '../../support/test-database.ts'
import { ann, bob, cas, Kinds, tim } from './kinds-company.ts'

const homer = 'homer.simpson@globex.example'

let database: TestDatabase
let company: Kinds
/** Ann's, in the order in which they were made. */
const made: Record<string, { id: string; number: string }> = {}

beforeAll(async () => {
  database = await createTestDatabase()
  company = await Kinds.create(database)
  const remember = async (name: string, id: string) => {
    const { number } = await company.view(id)
    made[name] = { id, number }
    return id
  }
  await remember('draft', await company.draft({ changes: { merchant: 'Half a lunch' } }))
  const back = await remember('back', (await company.submitted({ changes: { merchant: 'Café Über' } })).id)
  await company.decide(back, bob, 'send_back')
  const done = await remember('approved', (await company.submitted({})).id)
  await company.decide(done, bob)
  await remember('waiting', (await company.submitted({ category: 'tools', changes: { amount: '77.50' } })).id)
  await remember('blocked', (await company.submitted({ receipt: 'none', changes: { amount: '40.00' } })).id)
  const gone = await remember('discarded', await company.draft())
  await as(database, ann, (tx) => discardExpense(tx, gone))
  await remember('others', (await company.submitted({ by: cas, changes: { merchant: 'Cas eats' } })).id)
  await importExample(database, 'globex')
  const person = await acrossCompanies(database, (tx) => personByEmail(tx, homer))
  await as(database, homer, (tx) =>
    draftExpense(tx, { submitterId: person?.id ?? '', source: 'slack', deliveryKey: 'globex', files: [] }),
  )
}, 60_000)
afterAll(() => database.drop())

const names = (lines: { id: string }[]) =>
  lines.map(({ id }) => Object.entries(made).find(([, one]) => one.id === id)?.[0])
const list = (by: string, page: Parameters<typeof listOwnExpenses>[1]) =>
  as(database, by, (tx) => listOwnExpenses(tx, page))
const find = (by: string, words: string) => as(database, by, (tx) => findExpense(tx, words))

test('one’s own expenses come newest first, without those that were discarded', async () => {
  expect(names(await list(ann, { limit: 50 }))).toEqual(['blocked', 'waiting', 'approved', 'back', 'draft'])
  expect(names(await list(cas, { limit: 50 }))).toEqual(['others'])
  expect(await list(bob, { limit: 50 })).toEqual([])
})

test('a person of another company sees none of them, and they none of theirs', async () => {
  const lines = await list(homer, { limit: 50 })
  expect(lines).toHaveLength(1)
  expect(names(lines)).toEqual([undefined])
  expect(await find(homer, 'Café')).toEqual([])
  expect(await find(homer, made.waiting?.number ?? '')).not.toEqual(
    expect.arrayContaining([expect.objectContaining({ id: made.waiting?.id })]),
  )
  expect(await find(homer, '77.50')).toEqual([])
})

test('pages of any size give all of them once, in order, also over several statuses', async () => {
  for (const status of [undefined, ['draft', 'sent_back', 'blocked'] satisfies ExpenseStatus[]]) {
    const base = status ? { status } : {}
    const all = names(await list(ann, { ...base, limit: 50 }))
    for (const limit of [1, 2, 3]) {
      const paged: (string | undefined)[] = []
      for (let after: string | undefined; ; ) {
        const page = await list(ann, { ...base, limit, ...(after ? { after } : {}) })
        paged.push(...names(page))
        after = page.at(-1)?.id
        if (page.length < limit) break
      }
      expect(paged).toEqual(all)
    }
  }
})

test('a line says what is missing, who is waited for, and why it came back', async () => {
  const lines = new Map((await list(ann, { limit: 50 })).map((line) => [names([line])[0], line]))
  expect(lines.get('waiting')).toMatchObject({
    waitingFor: 'Tim',
    amount: { minor: 7750, currency: 'USD' },
    categories: ['tools'],
    missing: [],
    said: null,
  })
  expect(lines.get('back')).toMatchObject({ waitingFor: null, said: { by: 'Bob', text: 'No' } })
  expect(lines.get('blocked')?.said).toMatchObject({ by: null, text: expect.stringContaining('eceipt') })
  const id = await company.draft({ kind: 'mileage' })
  const [newest] = await list(ann, { limit: 1 })
  expect(newest).toMatchObject({ id, status: 'draft', missing: expect.arrayContaining(['trip']) })
  await as(database, ann, (tx) => discardExpense(tx, id))
})

test('own expenses are counted by status', async () => {
  const counts = await as(database, ann, countOwnExpenses)
  expect(counts.get('sent_back')).toBe(1)
  expect(counts.get('awaiting_approval')).toBe(1)
  expect(counts.get('settled')).toBeUndefined()
})

test('an expense is found by its number, however it is typed', async () => {
  const { number = '' } = made.waiting ?? {}
  const bare = String(Number(number.slice(-4)))
  for (const words of [number, number.toLowerCase(), bare, `#${bare}`, ` EXP-${bare} `, number.slice(4)]) {
    expect(names(await find(ann, words)), words).toEqual(['waiting'])
  }
})

test('an expense is found by merchant or amount', async () => {
  expect(names(await find(ann, 'café'))).toEqual(['back'])
  expect(names(await find(ann, '77.50'))).toEqual(['waiting'])
  expect(names(await find(ann, 'USD 77.50'))).toEqual(['waiting'])
  expect(await find(ann, 'EUR 77.50')).toEqual([])
  expect(await find(ann, '')).toEqual([])
  expect(await find(ann, "'; drop table expense; --{},\\")).toEqual([])
})

test('whoever is asked finds it too, and by number also afterwards; nobody else does', async () => {
  expect(names(await find(tim, '77.50'))).toEqual(['waiting'])
  expect(names(await find(bob, made.approved?.number ?? ''))).toEqual(['approved'])
  expect(await find(tim, made.approved?.number ?? '')).toEqual([])
  expect(await find(cas, made.waiting?.number ?? '')).toEqual([])
  expect(await find(cas, 'café')).toEqual([])
  expect(await find(ann, 'Cas eats')).toEqual([])
})

test('a page of drafts among many expenses is read from the index', async () => {
  const idOf = async (email: string) =>
    (await database.asSuperuser<{ id: string }>('select id from person where email = $1', [email]))[0]?.id
  await database.withoutForeignKeys(
    `insert into expense (id, company_id, number, kind, status, revision, submitter_id, merchant_name, category_id, paid_by,
       date, amount_minor, currency, company_amount_minor, source, correlation_id, created_at, updated_at)
     select ('00000000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, $1, 'EXP-2020-' || i, 'receipt',
       case when i % 500 = 0 then 'draft' else 'approved' end, 1,
       case when i % 100 = 0 then $2::uuid else $3::uuid end, 'x', (select id from category where company_id = $1 limit 1),
       'person', '2020-01-01', 100, 'USD', 100, 'slack', 'x', now(), now() from generate_series(1, 20000) i`,
    [company.id, await idOf(ann), await idOf(cas)],
  )
  await database.asSuperuser('analyze expense')
  const plan = await as(database, ann, async (tx) => {
    const seen: string[] = []
    const execute = tx.em.execute.bind(tx.em)
    tx.em.execute = (async (sql: string, values: unknown[]) => {
      if (sql.includes('unnest')) {
        const lines = await execute<{ 'QUERY PLAN': string }[]>(`explain ${sql}`, values)
        seen.push(...lines.map((line) => line['QUERY PLAN']))
      }
      return execute(sql, values)
    }) as typeof tx.em.execute
    expect(await listOwnExpenses(tx, { status: ['draft', 'sent_back'], limit: 5 })).toHaveLength(5)
    return seen.join('\n')
  })
  expect(plan).toContain('expense_own_by_status')
  expect(plan).not.toContain('Seq Scan')
})
