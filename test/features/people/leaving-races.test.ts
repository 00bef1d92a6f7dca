import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { moveOpenApprovals } from '../../../src/features/approvals/index.ts'
import { addDelegation, getPerson, listDelegations } from '../../../src/features/people/index.ts'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { type Name, SmallCompany } from '../approvals/small-company.ts'

let database: TestDatabase
let company: SmallCompany

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  company = await SmallCompany.create(database)
})

/** Eve lets Frank decide for her. `first`: what her transaction does before that. */
const delegate = (first: (tx: Parameters<typeof getPerson>[0]) => Promise<unknown> = async () => {}) =>
  company.as('eve', async (tx) => {
    await first(tx)
    const days = { from: '2026-11-20', to: '2026-11-30', upTo: null }
    return addDelegation(tx, { principalId: company.ids.eve, delegateId: company.ids.frank, ...days })
  })

/** Whether a transaction waits for a lock of another. */
const isWaiting = async () =>
  (
    await database.asSuperuser(`select 1 from pg_stat_activity where wait_event_type = 'Lock'
     and datname = current_database()`)
  ).length > 0

const leaves = (name: Name, meanwhile: () => Promise<unknown>) =>
  company.as(null, async (tx) => {
    await tx.em.execute('update person set active = false where id = ?', [company.ids[name]])
    await meanwhile()
    await moveOpenApprovals(tx, company.subjects, company.ids[name])
  })

test.each([
  ['frank', 'delegate_inactive'],
  ['eve', 'principal_inactive'],
] as const)(
  '%s leaves at the moment at which Eve lets Frank decide: it is refused, as %s',
  async (name, code) => {
    const seen: unknown[] = []
    let adding: Promise<unknown> = Promise.resolve()
    await leaves(name, async () => {
      adding = delegate((tx) => getPerson(tx, company.ids[name])).then(
        (made) => seen.push(made),
        (error) => seen.push(error),
      )
      await expect.poll(async () => seen.length > 0 || (await isWaiting()), { timeout: 20_000 }).toBe(true)
    })
    await adding
    expect(seen).toMatchObject([{ code }])
    expect(await company.as(null, (tx) => listDelegations(tx))).toEqual([])
  },
)

test('Frank leaves while Eve is letting him decide: it ends', async () => {
  let leaving: Promise<unknown> = Promise.resolve()
  await company.as('eve', async (tx) => {
    const days = { from: '2026-11-20', to: '2026-11-30', upTo: null }
    await addDelegation(tx, { principalId: company.ids.eve, delegateId: company.ids.frank, ...days })
    await tx.em.flush()
    leaving = leaves('frank', async () => {})
    await expect.poll(isWaiting, { timeout: 20_000 }).toBe(true)
  })
  await leaving
  expect(await company.as(null, (tx) => listDelegations(tx))).toEqual([])
  expect(await company.as(null, (tx) => listDelegations(tx, { includeOver: true }))).toHaveLength(1)
})
