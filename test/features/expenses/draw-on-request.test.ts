import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { editExpense, submitExpense } from '../../../src/features/expenses/index.ts'
import { as, createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { ann, askedIn, bob, cas, documentsAsked, drawing, found, Kinds, messageOf } from './kinds-company.ts'

let database: TestDatabase
let company: Kinds

beforeAll(async () => {
  database = await createTestDatabase()
  company = await Kinds.create(database)
})
afterAll(() => database.drop())

describe('an expense that draws on a request', () => {
  test('within what was approved needs nobody, and says by which request', async () => {
    const request = await company.approvedRequest('1000.00')
    const view = await company.submitted(drawing(request.id, '400.00'))
    const clause = `${request.number}, approved by Bob, Nov 20, 2026`
    expect(view).toMatchObject({ status: 'approved', automatic: clause, steps: [] })
    expect(view.request).toMatchObject({
      number: request.number,
      approved: { minor: 100_000 },
      left: { minor: 100_000 },
    })
    expect(messageOf(view, 'request_covers')).toBe(
      `${request.number} pays for this: USD 600.00 of it is left after this.`,
    )
    expect(await documentsAsked(database, view.id)).toBe(1)
    expect((await company.view(request.id)).drawn).toEqual({
      used: { minor: 40_000, currency: 'USD' },
      left: { minor: 60_000, currency: 'USD' },
      expenses: [
        { id: view.id, number: view.number, amount: { minor: 40_000, currency: 'USD' }, status: 'approved' },
      ],
    })
  })

  test('may exceed it by what the company tolerates; beyond, it is judged as any, and says by how much', async () => {
    const request = await company.approvedRequest('1000.00')
    expect((await company.submitted(drawing(request.id, '700.00'))).status).toBe('approved')
    const over = await company.submitted(drawing(request.id, '400.01'))
    expect(over).toMatchObject({ status: 'awaiting_approval', automatic: null })
    expect(askedIn(over)).toEqual([['Bob']])
    expect(messageOf(over, 'request_exceeded')).toBe(
      `With this, USD 1,100.01 of ${request.number} would be spent: USD 100.01 more than the USD 1,000.00 that was approved.`,
    )
    await company.decide(over.id, bob, 'reject')
    const within = await company.submitted(drawing(request.id, '400.00'))
    expect(within.status).toBe('approved')
    expect(messageOf(within, 'request_covers')).toBe(
      `${request.number} pays for this: USD 100.00 more than approved, within the tolerance.`,
    )
  })

  test('two at one moment never both fit where only one does', async () => {
    for (let round = 0; round < 5; round++) {
      const request = await company.approvedRequest('500.00')
      const ids = [
        await company.draft(drawing(request.id, '300.00')),
        await company.draft(drawing(request.id, '301.00')),
      ]
      await Promise.all(ids.map((id) => as(database, ann, (tx) => submitExpense(tx, id))))
      const statuses = await Promise.all(ids.map(async (id) => (await company.view(id)).status))
      expect(statuses.sort()).toEqual(['approved', 'awaiting_approval'])
    }
  })

  test('is looked at where anything warns: without a receipt, or a twin', async () => {
    const request = await company.approvedRequest('1000.00')
    const small = await company.submitted(drawing(request.id, '20.00', { receipt: 'none' }))
    expect(small.status).toBe('awaiting_approval')
    expect(found(small)).toEqual(['info policy_applies', 'warning no_receipt', 'info request_covers'])
    const twin = { ...drawing(request.id, '30.00').changes, merchant: 'Twin' }
    expect((await company.submitted({ changes: twin })).status).toBe('approved')
    const second = await company.submittedAgain({ changes: twin })
    expect(second.status).toBe('awaiting_approval')
    expect(found(second)).toContain('warning duplicate_fields')
  })

  test('is refused where a rule refuses it, however much was approved', async () => {
    const request = await company.approvedRequest('1000.00')
    const view = await company.submitted(drawing(request.id, '40.00', { receipt: 'none' }))
    expect(view.status).toBe('blocked')
    expect(found(view)).toContain('blocking rule:receipts')
  })

  test('that is split draws by category: each part on what was approved for it', async () => {
    const request = await company.submitted({
      kind: 'request',
      parts: [
        ['meals', '300.00'],
        ['travel', '700.00'],
      ],
      changes: { amount: '1000.00' },
    })
    await company.decide(request.id, bob)
    const parts = (meals: string, travel: string, amount: string) => ({
      parts: [['meals', meals] as ['meals', string], ['travel', travel] as ['travel', string]],
      changes: { amount, requestId: request.id },
    })
    expect((await company.submitted(parts('200.00', '100.00', '300.00'))).status).toBe('approved')
    // 700 are left in all, but of meals no more than 100 and what is tolerated.
    const over = await company.submitted(parts('150.00', '10.00', '160.00'))
    expect(over.status).toBe('awaiting_approval')
    expect(messageOf(over, 'request_exceeded')).toContain('USD 50.00 more')
    await company.decide(over.id, bob, 'reject')
    expect((await company.submitted({ ...drawing(request.id, '650.00'), category: 'travel' })).status).toBe(
      'approved',
    )
  })

  test('only in part for its category is not paid by it', async () => {
    const request = await company.approvedRequest('1000.00')
    const view = await company.submitted({
      parts: [
        ['meals', '10.00'],
        ['gifts', '900.00'],
      ],
      changes: { amount: '910.00', requestId: request.id },
    })
    expect(found(view)).toContain('warning request_other_category')
    expect(askedIn(view)).toEqual([['Tim'], ['Fay'], ['Bob']])
  })

  test('of another category, of somebody else, or not approved is refused when it is named', async () => {
    const request = await company.approvedRequest('1000.00')
    const waiting = await company.submitted({ kind: 'request' })
    const id = await company.draft({ category: 'gifts' })
    const wrong = { field: 'requestId', code: 'request_other_category' }
    await expect(company.edit(id, { requestId: request.id })).rejects.toMatchObject(wrong)
    const unknown = { field: 'requestId', code: 'request_unknown' }
    await expect(company.edit(id, { requestId: waiting.id })).rejects.toMatchObject(unknown)
    await expect(company.edit(id, { requestId: 'abc' })).rejects.toMatchObject(unknown)
    const other = await company.draft({ by: cas })
    await expect(company.edit(other, { requestId: request.id }, cas)).rejects.toMatchObject(unknown)
    await company.edit(id, { requestId: request.id, categoryId: company.categories.meals ?? '' })
    const back = as(database, ann, (tx) =>
      editExpense(tx, id, { categoryId: company.categories.gifts ?? '' }),
    )
    await expect(back).rejects.toMatchObject(wrong)
    await company.edit(id, { requestId: '', categoryId: company.categories.gifts ?? '' })
  })

  test('an amount in another currency counts by its amount in the company’s', async () => {
    await database.asSuperuser(
      `insert into exchange_rate (company_id, currency, date, rate) values ($1, 'CHF', '2026-01-01', 1.1)`,
      [company.id],
    )
    const request = await company.approvedRequest('100.00', { changes: { currency: 'CHF' } })
    expect((await company.view(request.id)).drawn?.left).toEqual({ minor: 11_000, currency: 'USD' })
    expect((await company.submitted(drawing(request.id, '121.00'))).status).toBe('approved')
  })

  test('mileage draws as a receipt does', async () => {
    const request = await company.approvedRequest('80.00', { category: 'travel' })
    const view = await company.submitted({
      kind: 'mileage',
      changes: {
        from: 'Home',
        to: 'Lisbon',
        distance: '100',
        rateKey: 'car',
        date: '2026-11-20',
        requestId: request.id,
      },
    })
    expect(view).toMatchObject({ status: 'approved', amount: { minor: 7250 } })
  })
})
