import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { adam, ann, bob, fay } from '../expenses/kinds-company.ts'
import { Books } from './months-support.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

/** A company of its own for each: months follow on one another. */
let made = 0
async function open(timeZone?: string): Promise<Books> {
  made += 1
  await database.asSuperuser(
    `update person set email = 'old${made}.' || email where email like '%@kinds.example' and email not like 'old%'`,
  )
  await database.asSuperuser(`update company set name = name || ' ${made}' where name = 'Kinds'`)
  return Books.create(database, timeZone)
}
const usd = (minor: number) => ({ minor, currency: 'USD' })

describe('a month', () => {
  test('holds what was approved in it, by the clock of the company', async () => {
    const books = await open()
    await books.approved({ changes: { amount: '10.00' } }, '2026-11-02T12:00:00Z')
    // 30 November, 22:43 in New York.
    await books.approved({ changes: { amount: '20.00' } }, '2026-12-01T03:43:00Z')
    // A minute after midnight.
    await books.approved({ changes: { amount: '21.00' } }, '2026-12-01T05:01:00Z')
    expect(await books.overview('2026-11')).toMatchObject({
      total: usd(3000),
      count: 2,
      isOver: true,
      closed: null,
    })
    expect(await books.overview('2026-12')).toMatchObject({ total: usd(2100), count: 1, isOver: false })
    expect(await books.overview('2026-10')).toMatchObject({ total: usd(0), count: 0, byCategory: [] })
    expect(await books.months()).toEqual([
      { month: '2026-12', total: usd(2100), count: 1, closed: false },
      { month: '2026-11', total: usd(3000), count: 2, closed: false },
    ])
  })

  test('adds up to the cent by category, also what was split in another currency, and by team', async () => {
    const books = await open()
    const parts: [['travel', string], ['meals', string], ['travel', string]] = [
      ['travel', '3.33'],
      ['meals', '3.33'],
      ['travel', '3.34'],
    ]
    await books.approved({ parts, changes: { amount: '10.00', currency: 'EUR' } }, '2026-11-02T12:00:00Z')
    await books.approved({ changes: { amount: '0.01', currency: 'EUR' } })
    const { total, byCategory, byTeam } = await books.overview('2026-11')
    expect(total).toEqual(usd(1117 + 1))
    expect(byCategory.map(({ name, count }) => [name, count])).toEqual([
      ['travel', 2],
      ['meals', 1],
    ])
    expect(byCategory.reduce((all, part) => all + part.total.minor, 0)).toBe(1118)
    expect(byTeam).toEqual([{ name: 'Work', total: usd(1118), count: 2 }])
  })

  test('leaves out what was only asked for, rejected or taken back', async () => {
    const books = await open()
    books.at('2026-11-02T12:00:00Z')
    await books.company.approvedRequest('500.00', { category: 'travel' })
    const { id } = await books.company.submitted({ category: 'travel', receipt: 'none' })
    await books.company.decide(id, bob, 'reject')
    const { approvalId } = await books.approved()
    await books.company.undo(approvalId, bob)
    expect(await books.overview('2026-11')).toMatchObject({ total: usd(0), count: 0 })
    expect(await books.unpaid()).toEqual([])
  })

  test('says what of it is still to be paid', async () => {
    const books = await open()
    const { id } = await books.approved({ changes: { amount: '10.00' } }, '2026-11-02T12:00:00Z')
    await books.approved({ changes: { amount: '20.00' } })
    expect((await books.overview('2026-11')).unpaid).toEqual({ total: usd(3000), count: 2 })
    await books.settle([id])
    expect((await books.overview('2026-11')).unpaid).toEqual({ total: usd(2000), count: 1 })
    books.at('2026-12-01T12:00:00Z')
    await books.close('2026-11')
    expect(await books.overview('2026-11')).toMatchObject({
      total: usd(3000),
      unpaid: { total: usd(2000), count: 1 },
    })
  })
})

describe('closing', () => {
  test('leaves lines that nobody can change or delete', async () => {
    const books = await open()
    await books.approved({ changes: { amount: '10.00' } }, '2026-11-02T12:00:00Z')
    books.at('2026-12-02T12:00:00Z')
    await books.close('2026-11')
    for (const change of [
      'update month_entry set amount_minor = 1',
      'delete from month_entry',
      'truncate month_entry',
    ])
      await expect(database.asSuperuser(change)).rejects.toThrow('a month that is closed never changes')
    expect(await books.overview('2026-11')).toMatchObject({ total: usd(1000) })
  })

  test('keeps a month as it was, whatever becomes of what was in it', async () => {
    const books = await open()
    const { id, approvalId } = await books.approved({ changes: { amount: '10.00' } }, '2026-11-02T12:00:00Z')
    await books.approved({ changes: { amount: '5.00' } })
    books.at('2026-12-02T12:00:00Z')
    await books.close('2026-11')
    const closed = await books.overview('2026-11')
    expect(closed).toMatchObject({
      total: usd(1500),
      count: 2,
      closed: { by: 'Fay', at: new Date('2026-12-02T12:00:00Z') },
    })
    await books.company.undo(approvalId, bob)
    await database.asSuperuser(
      `update category set name = 'Journeys' where key = 'travel' and company_id = $1`,
      [books.company.id],
    )
    const { unpaid, ...rest } = await books.overview('2026-11')
    expect(closed).toMatchObject(rest)
    expect(unpaid).toEqual({ total: usd(500), count: 1 })
    expect(await books.overview('2026-12')).toMatchObject({ total: usd(-1000), count: 0 })
    // Approved again, it counts where it was approved again.
    await books.company.decide(id, bob)
    expect(await books.overview('2026-12')).toMatchObject({
      total: usd(0),
      count: 1,
      byCategory: [
        { name: 'Journeys', total: usd(1000), count: 1 },
        { name: 'travel', total: usd(-1000), count: 0 },
      ],
    })
    books.at('2027-01-01T12:00:00Z')
    await books.close('2026-12')
    const [first, second, third, fourth] = await books.entries()
    expect([first, second, third, fourth]).toMatchObject([
      { month: '2026-11', kind: 'approved', minor: 1000 },
      { month: '2026-11', kind: 'approved', minor: 500 },
      { month: '2026-12', kind: 'approved', minor: 1000 },
      { month: '2026-12', kind: 'undone', minor: -1000 },
    ])
  })

  test('what was approved in a month and came late enters the next one', async () => {
    const books = await open()
    await books.approved({ changes: { amount: '10.00' } }, '2026-11-02T12:00:00Z')
    books.at('2026-12-01T05:00:00Z')
    await books.close('2026-11')
    // A transaction that had begun before midnight commits only now.
    const { id } = await books.approved({ changes: { amount: '7.00' } }, '2026-12-01T06:00:00Z')
    await database.asSuperuser(`update expense set completed_at = '2026-12-01T04:59:59Z' where id = $1`, [id])
    expect(await books.overview('2026-11')).toMatchObject({ total: usd(1000) })
    expect(await books.overview('2026-12')).toMatchObject({ total: usd(700), count: 1 })
  })

  test('is refused for a month that is not over in the company’s time zone', async () => {
    const books = await open()
    await books.approved({}, '2026-11-02T12:00:00Z')
    books.at('2026-12-01T04:59:59Z')
    await expect(books.close('2026-11')).rejects.toMatchObject({ code: 'month_not_over', field: 'month' })
    books.at('2026-12-01T05:00:00Z')
    await books.close('2026-11')
  })

  test('goes month by month, from the first in which something was approved', async () => {
    const books = await open()
    await expect(books.close('2026-08')).rejects.toMatchObject({ code: 'nothing_to_close' })
    await books.approved({}, '2026-09-15T12:00:00Z')
    await books.approved({}, '2026-11-02T12:00:00Z')
    books.at('2026-12-05T12:00:00Z')
    await expect(books.close('2026-11')).rejects.toMatchObject({
      code: 'month_order',
      message: 'Close September 2026 first: months are closed one after the other.',
      details: { first: '2026-09' },
    })
    await expect(books.close('2026-08')).rejects.toMatchObject({ code: 'nothing_to_close' })
    for (const month of ['2026-09', '2026-10', '2026-11']) await books.close(month)
    await expect(books.close('2026-10')).rejects.toMatchObject({
      code: 'month_closed',
      message: expect.stringMatching(/^Fay already closed October 2026, Dec 5, 2026/),
    })
    expect((await books.months(2)).map(({ month, closed }) => [month, closed])).toEqual([
      ['2026-12', false],
      ['2026-11', true],
    ])
    expect(await books.monthNames(2)).toEqual([
      { month: '2026-12', closed: false },
      { month: '2026-11', closed: true },
    ])
  })

  test('is finance’s alone; admins may look, and nobody else', async () => {
    const books = await open()
    await books.approved({}, '2026-11-02T12:00:00Z')
    books.at('2026-12-05T12:00:00Z')
    for (const person of [adam, ann, bob])
      await expect(books.close('2026-11', person)).rejects.toMatchObject({ code: 'finance_required' })
    expect(await books.overview('2026-11', adam)).toMatchObject({ count: 1 })
    for (const person of [ann, bob]) {
      await expect(books.overview('2026-11', person)).rejects.toMatchObject({ code: 'finance_required' })
      await expect(books.export('2026-11', person)).rejects.toMatchObject({ code: 'finance_required' })
    }
  })

  test.each(['2026-13', '2026-1', 'november', '', '2026-11-01'])('%j is no month', async (month) => {
    const books = await open()
    await expect(books.close(month)).rejects.toMatchObject({ code: 'month_invalid', field: 'month' })
    await expect(books.overview(month)).rejects.toMatchObject({ code: 'month_invalid' })
  })

  test('is in the audit log with its sum', async () => {
    const books = await open()
    await books.approved({ changes: { amount: '10.00' } }, '2026-11-02T12:00:00Z')
    books.at('2026-12-05T12:00:00Z')
    await books.close('2026-11')
    const rows = await database.asSuperuser<{ changes: object }>(
      `select changes from audit_entry where company_id = $1 and action = 'month.closed'`,
      [books.company.id],
    )
    expect(rows).toEqual([{ changes: { month: '2026-11', amount: 1000, currency: 'USD', expenses: 1 } }])
  })
})

test('another company sees nothing of it', async () => {
  const books = await open()
  await books.approved({}, '2026-11-02T12:00:00Z')
  books.at('2026-12-05T12:00:00Z')
  await books.close('2026-11')
  await database.asSuperuser(`update person set email = 'other.' || email where company_id = $1`, [
    books.company.id,
  ])
  await database.asSuperuser(`update company set name = 'Other' where id = $1`, [books.company.id])
  const other = await Books.create(database)
  other.at('2026-12-05T12:00:00Z')
  expect(await other.months()).toEqual([])
  expect(await other.overview('2026-11', fay)).toMatchObject({ count: 0, closed: null })
  expect(await other.unpaid()).toEqual([])
  expect((await other.export('2026-11')).csv.split('\r\n')).toHaveLength(2)
})
