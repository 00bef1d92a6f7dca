import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { bob, cas, fay } from '../expenses/kinds-company.ts'
import { Books } from './months-support.ts'

let database: TestDatabase
let books: Books
const rounds = Math.max(3, Number(process.env.RACES ?? 0))
beforeAll(async () => {
  database = await createTestDatabase()
  books = await Books.create(database)
  await database.asSuperuser(`update person set roles = '{finance}' where email = $1`, [cas])
})
afterAll(() => database.drop())

const outcomes = (results: PromiseSettledResult<unknown>[]) =>
  results.map((result) => (result.status === 'fulfilled' ? 'done' : result.reason.code)).sort()

test('two in finance who close the same month at once: one does, the other hears who did', async () => {
  let month = '2026-09'
  for (let round = 0; round < rounds; round += 1) {
    database.clock.set(`${month}-15T12:00:00Z`)
    await books.approved()
    const [year = 0, number = 0] = month.split('-').map(Number)
    const next = number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`
    database.clock.set(`${next}-02T12:00:00Z`)
    const results = await Promise.allSettled([books.close(month, fay), books.close(month, cas)])
    expect(outcomes(results)).toEqual(['done', 'month_closed'])
    const loser = results.find((result) => result.status === 'rejected')
    const { closed } = await books.overview(month)
    expect(loser?.reason.message).toContain(`${closed?.by} already closed`)
    expect(await books.overview(month)).toMatchObject({ count: 1 })
    month = next
  }
})

test('closing and taking back at once: what left is made up for in the next month', async () => {
  const [open] = await books.months()
  let month = open?.month ?? ''
  for (let round = 0; round < rounds; round += 1) {
    database.clock.set(`${month}-15T12:00:00Z`)
    const { id, approvalId } = await books.approved()
    const [year = 0, number = 0] = month.split('-').map(Number)
    const next = number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`
    database.clock.set(`${next}-02T12:00:00Z`)
    await Promise.all([books.close(month), books.company.undo(approvalId, bob)])
    const after = await books.overview(next)
    const sums = await database.asSuperuser<{ minor: number }>(
      'select coalesce(sum(amount_minor), 0)::int as minor from month_entry where expense_id = $1',
      [id],
    )
    expect(after.total.minor).toBe(-(sums[0]?.minor ?? 0))
    month = next
  }
})

test('settling and taking back at once: one of both', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { id, approvalId } = await books.approved()
    const results = await Promise.allSettled([books.settle([id]), books.company.undo(approvalId, bob)])
    const { status } = await books.company.view(id)
    const [settled, undone] = results
    expect([settled?.status, undone?.status]).toEqual(
      status === 'settled' ? ['fulfilled', 'rejected'] : ['rejected', 'fulfilled'],
    )
  }
})

test('two who settle the same, in any order, settle each once', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const ids = [(await books.approved()).id, (await books.approved()).id, (await books.approved()).id]
    const [one, other] = await Promise.all([books.settle(ids, fay), books.settle(ids.toReversed(), cas)])
    expect((one?.length ?? 0) + (other?.length ?? 0)).toBe(3)
    const rows = await database.asSuperuser<{ n: number }>(
      `select count(*)::int as n from expense_status where expense_id = any ($1) and status = 'settled'`,
      [ids],
    )
    expect(rows[0]?.n).toBe(3)
  }
})
