import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  categoriesUsedFor,
  checkChanges,
  type ExpenseChanges,
  type ExpenseKind,
  previewChanges,
  recentCurrencies,
} from '../../../src/features/expenses/index.ts'
import { as, createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { ann, askedIn, cas, found, Kinds, type Parts } from './kinds-company.ts'

let database: TestDatabase
let company: Kinds

beforeAll(async () => {
  database = await createTestDatabase()
  company = await Kinds.create(database)
})
afterAll(() => database.drop())

const look = (expenseId: string, changes: ExpenseChanges, by = ann) =>
  as(database, by, (tx) => previewChanges(tx, { expenseId }, changes))
const lookAtNew = (kind: ExpenseKind, changes: ExpenseChanges, receiptsToCome = 0) =>
  as(database, ann, (tx) => previewChanges(tx, { kind, receiptsToCome }, changes))
const categoryId = (key: string) => company.categories[key] ?? ''
const asked = (preview: Awaited<ReturnType<typeof look>>) =>
  preview.steps.map(({ approvers }) => approvers.map(({ name }) => name))

/** Everything that is stored about expenses. */
const stored = async () => {
  const rows = (table: string) => database.asSuperuser(`select * from ${table} order by id`)
  return [await rows('expense'), await rows('expense_share'), await rows('audit_entry'), await rows('outbox')]
}

describe('what is typed into the form of an expense', () => {
  test('is judged as if it were saved, and nothing is saved', async () => {
    const id = await company.draft({ changes: { amount: '20.00' } })
    const before = await stored()
    const preview = await look(id, {
      categoryId: categoryId('gifts'),
      amount: '30.00',
      merchant: 'Gift shop',
    })
    expect(asked(preview)).toEqual([['Tim'], ['Fay']])
    expect(preview.problems).toEqual({})
    expect(await stored()).toEqual(before)
    expect(askedIn(await company.view(id))).toEqual([['Bob']])
  })

  test('is told like submitting tells it', async () => {
    const changes = { amount: '1700.00', categoryId: categoryId('tools') }
    const id = await company.draft({ receipt: 'none', changes: { amount: '5.00' } })
    const preview = await look(id, changes)
    await company.edit(id, changes)
    const submitted = await company.submit(id)
    const codes = preview.findings.map(({ severity, code }) => `${severity} ${code}`)
    expect(codes).toEqual(found(submitted))
    expect(codes.length).toBeGreaterThan(0)
    expect(submitted.status).toBe('blocked')
  })

  test('of several mistakes tells each at its field, by its code, and then nothing else', async () => {
    const id = await company.draft()
    const preview = await look(id, { amount: 'ten', date: '2099-01-01', merchant: 'Shop' })
    expect(preview.problems).toMatchObject({
      amount: { code: 'amount_invalid', message: expect.stringContaining('“ten” is not an amount') },
      date: { code: 'date_in_future', message: expect.stringContaining('future') },
    })
    expect([preview.steps, preview.findings, preview.missing]).toEqual([[], [], []])
  })

  test('that is empty is missing, and no mistake', async () => {
    const id = await company.draft()
    const preview = await look(id, { merchant: ' ', amount: '', date: '', categoryId: '' })
    expect(preview.problems).toEqual({})
    expect(preview.missing).toEqual(['merchant', 'amount', 'date', 'category'])
    expect(preview.steps).toEqual([])
  })

  test('is judged by its parts once they are whole, and asks nothing of parts that are not', async () => {
    const id = await company.draft({ changes: { amount: '60.00' } })
    const parts = (given: Parts) => look(id, { amount: '60.00', shares: company.shares(given) })
    const half = await parts([
      ['meals', '20.00'],
      ['gifts', ''],
    ])
    expect([half.problems, half.steps, half.isHalfSplit]).toEqual([{}, [], true])
    const wrongSum = await parts([
      ['meals', '20.00'],
      ['gifts', '30.00'],
    ])
    expect(Object.keys(wrongSum.problems)).toEqual(['shares'])
    const whole = await parts([
      ['meals', '20.00'],
      ['gifts', '40.00'],
    ])
    expect(asked(whole).flat().sort()).toEqual(['Bob', 'Fay', 'Tim'])
    expect((await company.view(id)).shares).toEqual([])
  })

  test('of a split expense with another amount keeps the proportions, and does not touch its parts', async () => {
    const id = await company.draft({
      changes: { amount: '30.00' },
      parts: [
        ['meals', '10.00'],
        ['travel', '20.00'],
      ],
    })
    expect((await look(id, { amount: '60.00' })).problems).toEqual({})
    expect((await look(id, { amount: '0.01' })).problems).toMatchObject({
      amount: { code: 'shares_too_small' },
    })
    const { shares } = await company.view(id)
    expect(shares.map(({ amount }) => amount.minor)).toEqual([1000, 2000])
  })

  test('is looked at by its submitter alone, as long as it can be changed', async () => {
    const id = await company.draft()
    await expect(look(id, {}, cas)).rejects.toMatchObject({ code: 'not_yours' })
    await company.submit(id)
    await expect(look(id, {})).rejects.toMatchObject({ code: 'expense_locked' })
  })

  test('and saved alike: a preview without problems can be saved, and then is what was previewed', async () => {
    const amounts = fc.constantFrom('', '12', '12.50', '1,240.50', '0', '-3', 'ten', '180,00', '2000')
    const typed = fc.record({
      merchant: fc.constantFrom('', 'Corner Shop', 'x'.repeat(201)),
      amount: amounts,
      currency: fc.constantFrom('USD', 'EUR', 'XXX', 'usd'),
      date: fc.constantFrom('2026-11-01', '2026-11-20', '2026-12-31', 'soon', ''),
      categoryId: fc.constantFrom(...Object.values(company.categories), 'none', ''),
      costCentre: fc.constantFrom('', '4100', '9'),
      attendees: fc.constantFrom('', 'Ann, Bob'),
    })
    await fc.assert(
      fc.asyncProperty(typed, async (changes) => {
        const id = await company.draft({ receipt: 'none' })
        const preview = await look(id, changes)
        const saved = await company.edit(id, changes).then(
          () => true,
          () => false,
        )
        if (Object.keys(preview.problems).length > 0) expect(saved).toBe(false)
        else expect(saved || preview.missing.length > 0).toBe(true)
        if (!saved) return
        const { missing, findings, steps, automatic } = await company.view(id)
        expect({ ...preview }).toMatchObject({ missing, findings, steps, automatic })
      }),
      { numRuns: 40 },
    )
  }, 60_000)
})

describe('what is typed into the form of something new', () => {
  test('is judged before there is anything', async () => {
    const before = await stored()
    const request = await lookAtNew('request', {
      merchant: 'Monitors',
      amount: '30.00',
      currency: 'USD',
      date: '2026-11-25',
      categoryId: categoryId('gifts'),
    })
    expect(asked(request)).toEqual([['Tim'], ['Fay']])
    expect(await stored()).toEqual(before)
  })

  test('tells what a drive gives', async () => {
    const drive = { from: 'Office', to: 'Airport', distance: '10', date: '2026-11-02', rateKey: 'car' }
    expect(await lookAtNew('mileage', drive)).toMatchObject({
      amount: { minor: 725, currency: 'USD' },
      missing: [],
    })
    expect(await lookAtNew('mileage', { ...drive, to: '' })).toMatchObject({
      amount: null,
      problems: {},
      missing: expect.arrayContaining(['trip']),
    })
    expect((await lookAtNew('mileage', { ...drive, distance: 'far' })).problems).toMatchObject({
      distance: { code: 'distance_invalid' },
    })
  })

  test('counts the receipts that are about to come', async () => {
    const typed = { merchant: 'Shop', amount: '30.00', currency: 'USD', date: '2026-11-02' }
    const claim = { ...typed, categoryId: categoryId('meals') }
    const codes = async (receipts: number) =>
      (await lookAtNew('receipt', claim, receipts)).findings.map(({ code }) => code)
    expect(await codes(0)).toContain('rule:receipts')
    expect(await codes(1)).not.toContain('rule:receipts')
  })

  test('can be checked: what is empty is left to the receipt, what is wrong is refused at its field', async () => {
    const check = (changes: ExpenseChanges) =>
      as(database, ann, (tx) => checkChanges(tx, { kind: 'receipt', receiptsToCome: 1 }, changes))
    await check({ merchant: '', amount: '', date: '', categoryId: '', note: 'Lunch' })
    await expect(check({ amount: 'ten', currency: 'USD', date: '2099-01-01' })).rejects.toMatchObject({
      code: 'fields_invalid',
      details: { codes: { amount: 'amount_invalid', date: 'date_in_future' } },
    })
  })
})

describe('what forms offer first', () => {
  test('are the categories used for a merchant, one’s own before those of others', async () => {
    const at = { merchant: 'Twice & Co', amount: '21.00' }
    await company.submitted({ by: cas, category: 'tools', changes: at })
    await company.submitted({ by: cas, category: 'tools', changes: { ...at, amount: '22.00' } })
    await company.submitted({ by: ann, category: 'travel', changes: { ...at, amount: '23.00' } })
    const used = await as(database, ann, (tx) => categoriesUsedFor(tx, 'TWICE & CO'))
    expect(used).toEqual([categoryId('travel'), categoryId('tools')])
    expect(await as(database, ann, (tx) => categoriesUsedFor(tx, 'Nowhere'))).toEqual([])
  })

  test('are the currencies that somebody used last', async () => {
    await company.draft({ by: cas, changes: { currency: 'CHF' } })
    await company.draft({ by: cas, changes: { currency: 'EUR' } })
    const [first, second] = await as(database, cas, recentCurrencies)
    expect([first, second]).toEqual(['EUR', 'CHF'])
    expect(await as(database, ann, recentCurrencies)).not.toContain('CHF')
  })
})
