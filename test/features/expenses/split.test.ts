import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ExpenseChanges, editExpense } from '../../../src/features/expenses/index.ts'
import { byCategory, inCompanyCurrency } from '../../../src/features/expenses/shares.ts'
import { as, createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { ann, askedIn, bob, cas, found, Kinds, messageOf, type Parts, tim } from './kinds-company.ts'

let database: TestDatabase
let company: Kinds

beforeAll(async () => {
  database = await createTestDatabase()
  company = await Kinds.create(database)
})
afterAll(() => database.drop())

const split = (amount: string, parts: Parameters<Kinds['shares']>[0], more: ExpenseChanges = {}) => ({
  parts,
  changes: { amount, ...more },
})

/** What the company books, part by part. */
const bookedOf = (id: string) =>
  database.asSuperuser<{ key: string; minor: number; company: number; centre: string | null }>(
    `select c.key, s.amount_minor::int as minor, s.company_amount_minor::int as company, s.cost_centre as centre
     from expense_share s join category c on c.id = s.category_id where s.expense_id = $1 order by s.position`,
    [id],
  )

describe('a split expense', () => {
  test('shows its parts, and is for what the biggest of them is for', async () => {
    const id = await company.draft(
      split('100.00', [
        ['meals', '30.00', '4100'],
        ['travel', '45.50'],
        ['gifts', '24.50', '4200'],
      ]),
    )
    expect(await company.view(id)).toMatchObject({
      category: { name: 'travel' },
      shares: [
        {
          category: { name: 'meals' },
          costCentre: { code: '4100', name: 'Engineering' },
          amount: { minor: 3000 },
        },
        { category: { name: 'travel' }, costCentre: null, amount: { minor: 4550 } },
        {
          category: { name: 'gifts' },
          costCentre: { code: '4200', name: 'Projects' },
          amount: { minor: 2450 },
        },
      ],
    })
  })

  test('is judged as a whole in each of its categories: everybody whom any of them asks is asked, once', async () => {
    const view = await company.submitted(
      split('60.00', [
        ['meals', '25.00'],
        ['travel', '20.00'],
        ['gifts', '15.00'],
      ]),
    )
    // Meals and travel are both the boss's; gifts are Tim's and then Fay's.
    expect(askedIn(view)).toEqual([['Bob'], ['Tim'], ['Fay']])
    expect(view.findings.map(({ clause }) => clause)).toEqual(['1', '2', '4'])
    expect(view.policy?.name).toBe('Meals')
    await company.decide(view.id, bob)
    await company.decide(view.id, tim)
    expect((await company.view(view.id)).status).toBe('awaiting_approval')
  })

  test('somebody who is assigned to two of its categories is asked once, and stays so when they are planned anew', async () => {
    const view = await company.submitted(
      split('50.00', [
        ['tools', '30.00'],
        ['gifts', '20.00'],
      ]),
    )
    expect(askedIn(view)).toEqual([['Tim'], ['Fay']])
    const [step] = await database.asSuperuser<{ categories: string[] }>(
      `select array(select one ->> 'categoryId' from jsonb_array_elements(s.definition -> 'steps') one) as categories
       from approval_step s join approval_request r on r.id = s.request_id where r.subject_id = $1 and s.position = 1`,
      [view.id],
    )
    expect(step?.categories).toEqual([company.categories.tools, company.categories.gifts])
  })

  test('needs nobody only where no part of it does: the rule about tiny meals does not cover a gift', async () => {
    const small = { receipt: 'none' as const }
    const meals = await company.submitted({
      ...small,
      ...split('8.00', [
        ['meals', '5.00', '4100'],
        ['meals', '3.00', '4200'],
      ]),
    })
    expect(meals).toMatchObject({ status: 'approved', automatic: expect.stringContaining('6') })
    const mixed = await company.submitted({
      ...small,
      ...split('8.00', [
        ['meals', '5.00'],
        ['gifts', '3.00'],
      ]),
    })
    expect(mixed.status).toBe('awaiting_approval')
    // That there is no receipt warns, so the meal is looked at as well.
    expect(askedIn(mixed)).toEqual([['Bob'], ['Tim'], ['Fay']])
    expect(found(mixed)).toContain('warning no_receipt')
  })

  test('counts towards a limit of a category with its parts of it only', async () => {
    const tools = (amount: string, rest: string, by = cas) => ({
      by,
      ...split(String(Number(amount) + Number(rest)), [
        ['tools', amount],
        ['travel', rest],
      ]),
    })
    expect((await company.submitted(tools('900.00', '2000.00'))).status).toBe('awaiting_approval')
    expect((await company.submitted(tools('400.00', '100.00'))).status).toBe('awaiting_approval')
    const fits = await company.draft({ by: cas, category: 'tools', changes: { amount: '200.00' } })
    expect(found(await company.view(fits))).not.toContain('blocking limit:tools')
    const over = await company.submitted(tools('200.01', '5.00'))
    expect(over.status).toBe('blocked')
    expect(messageOf(over, 'limit:tools')).toBe(
      'Tools: USD 1,300.00 of USD 1,500.00 for November 2026 is spent; with this USD 200.01 it would be USD 1,500.01 (7).',
    )
    expect((await company.submit(fits, cas)).status).toBe('awaiting_approval')
  })

  test('in another currency has company amounts that add up exactly', async () => {
    await database.asSuperuser(
      `insert into exchange_rate (company_id, currency, date, rate) values ($1, 'EUR', '2026-01-01', 1.0843)`,
      [company.id],
    )
    const view = await company.submitted({
      receipt: 'none',
      ...split(
        '19.99',
        [
          ['meals', '6.66'],
          ['travel', '6.66', '4200'],
          ['meals', '6.67'],
        ],
        { currency: 'EUR' },
      ),
    })
    const booked = await bookedOf(view.id)
    expect(booked).toEqual([
      { key: 'meals', minor: 666, company: 722, centre: null },
      { key: 'travel', minor: 666, company: 722, centre: '4200' },
      { key: 'meals', minor: 667, company: 724, centre: null },
    ])
    expect(view.companyAmount?.minor).toBe(2168)
  })

  test('whose amount changes keeps its proportions, and adds up again', async () => {
    const id = await company.draft(
      split('100.00', [
        ['meals', '33.33'],
        ['travel', '66.67'],
      ]),
    )
    await company.edit(id, { amount: '10.00', currency: 'USD' })
    expect((await company.view(id)).shares.map(({ amount }) => amount.minor)).toEqual([333, 667])
    await expect(company.edit(id, { amount: '0.01', currency: 'USD' })).rejects.toMatchObject({
      field: 'amount',
    })
    await company.edit(id, { shares: [], categoryId: company.categories.meals ?? '' })
    expect(await company.view(id)).toMatchObject({ shares: [], category: { name: 'meals' } })
  })

  test('can be a drive, or a request to spend', async () => {
    const id = await company.draft({
      kind: 'mileage',
      changes: { from: 'Home', to: 'Fair', distance: '100', rateKey: 'car', date: '2026-11-03' },
    })
    const half = company.shares([
      ['travel', '36.25', '4100'],
      ['travel', '36.25', '4200'],
    ])
    await company.edit(id, { shares: half })
    await company.edit(id, { distance: '200' })
    const view = await company.submit(id)
    expect(view.shares.map(({ amount }) => amount.minor)).toEqual([7250, 7250])
    expect(askedIn(view)).toEqual([['Bob']])
  })

  test.each<[string, Parameters<Kinds['shares']>[0], Record<string, string>]>([
    ['one part', [['meals', '100.00']], { shares: 'Please give at least two parts, or none.' }],
    [
      'too little',
      [
        ['meals', '60.00'],
        ['travel', '30.00'],
      ],
      { shares: 'The parts add up to USD 90.00, not to USD 100.00: USD 10.00 is missing.' },
    ],
    [
      'too much',
      [
        ['meals', '60.00'],
        ['travel', '40.01'],
      ],
      { shares: 'The parts add up to USD 100.01, not to USD 100.00: USD 0.01 is too much.' },
    ],
    [
      'what is no amount, no cost centre, and one that is closed',
      [
        ['meals', 'lots', '4711'],
        ['travel', '0', '9'],
      ],
      {
        'shares.0.costCentre': 'Please choose one of the cost centres.',
        'shares.0.amount': '“lots” is not an amount. Write it like 12.50.',
        'shares.1.costCentre': 'Please choose one of the cost centres.',
        'shares.1.amount': 'The amount must be more than zero.',
      },
    ],
    [
      '21 parts',
      Array.from({ length: 21 }, () => ['meals', '1.00'] as ['meals', string]),
      { shares: 'Please give at most 20 parts.' },
    ],
  ])('with %s is refused, and says so at the field', async (_what, parts, fields) => {
    const id = await company.draft({ changes: { amount: '100.00' } })
    const error = await as(database, ann, (tx) =>
      editExpense(tx, id, { shares: company.shares(parts) }),
    ).catch((error) => error)
    expect(error).toMatchObject({ kind: 'user', field: Object.keys(fields)[0] })
    const plain = Object.entries(error.details.fields).map(([key, text]) => [
      key,
      String(text).replaceAll('\u00a0', ' '),
    ])
    expect(Object.fromEntries(plain)).toEqual(fields)
  })

  test('says what is wrong with the parts beside what is wrong elsewhere', async () => {
    const id = await company.draft({ changes: { amount: '100.00' } })
    const shares = company.shares([
      ['meals', '1.00'],
      ['travel', 'x'],
    ])
    const changes = { merchant: '', amount: '-1', costCentre: '9', shares }
    const error = await as(database, ann, (tx) => editExpense(tx, id, changes)).catch((error) => error)
    expect(Object.keys(error.details.fields)).toEqual(['merchant', 'amount', 'costCentre', 'shares.1.amount'])
  })

  test('its category is changed by its parts alone', async () => {
    const id = await company.draft(
      split('10.00', [
        ['meals', '6.00'],
        ['travel', '4.00'],
      ]),
    )
    const categoryId = company.categories.gifts ?? ''
    await expect(company.edit(id, { categoryId })).rejects.toMatchObject({ code: 'category_split' })
    await company.edit(id, { categoryId: company.categories.meals ?? '' })
  })
})

describe('a category that was closed after it was chosen', () => {
  const closed = async (work: () => Promise<unknown>) => {
    await database.asSuperuser(`update category set active = false where key = 'gifts'`)
    try {
      await work()
    } finally {
      await database.asSuperuser(`update category set active = true where key = 'gifts'`)
    }
  }
  const wrong = '“gifts” is closed. Please choose another category.'

  test('is refused at its field when the expense is submitted', async () => {
    const id = await company.draft({ category: 'gifts' })
    await closed(async () => {
      await expect(company.submit(id)).rejects.toMatchObject({ field: 'category', message: wrong })
    })
    expect((await company.view(id)).status).toBe('draft')
  })

  test('also in parts', async () => {
    const parts: Parts = [
      ['gifts', '5.00'],
      ['meals', '10.00'],
      ['gifts', '5.00'],
    ]
    const id = await company.draft({ parts, changes: { amount: '20.00' } })
    await closed(async () => {
      await expect(company.submit(id)).rejects.toMatchObject({
        message: wrong,
        details: { fields: { 'shares.0.categoryId': wrong, 'shares.2.categoryId': wrong } },
      })
    })
  })
})

describe('a cost centre', () => {
  test('of an expense that is not split shows by its name', async () => {
    const id = await company.draft({ changes: { costCentre: '4200' } })
    expect((await company.view(id)).costCentre).toEqual({ code: '4200', name: 'Projects' })
    await company.edit(id, { costCentre: '' })
    expect((await company.view(id)).costCentre).toBeNull()
    await expect(company.edit(id, { costCentre: '9' })).rejects.toMatchObject({ field: 'costCentre' })
  })
})

test('the parts of an amount in company currency add up to it, in all and by category', () => {
  const part = fc.record({
    categoryId: fc.constantFrom('a', 'b', 'c'),
    costCentre: fc.constant(null),
    amountMinor: fc.integer({ min: 1, max: 100_000_000 }),
  })
  fc.assert(
    fc.property(fc.array(part, { minLength: 2, maxLength: 20 }), fc.nat(1_000_000_000), (parts, company) => {
      const sum = (numbers: Iterable<number>) => [...numbers].reduce((all, one) => all + one, 0)
      expect(sum(inCompanyCurrency(parts, company))).toBe(company)
      expect(sum(byCategory({ categoryId: 'a' }, parts, company).values())).toBe(company)
    }),
  )
})
