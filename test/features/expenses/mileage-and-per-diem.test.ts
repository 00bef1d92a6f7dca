import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type ExpenseChanges,
  listRates,
  startExpense,
  submitExpense,
} from '../../../src/features/expenses/index.ts'
import { as, createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { ann, askedIn, bob, cas, fay, found, Kinds, messageOf, organisation } from './kinds-company.ts'

let database: TestDatabase
let company: Kinds

beforeAll(async () => {
  database = await createTestDatabase()
  company = await Kinds.create(database, {
    mileage: [
      ...organisation.mileage,
      { key: 'scooter', name: 'Scooter', unit: 'km', rate: '0.01', from: '2026-01-01' },
    ],
  })
})
afterAll(() => database.drop())

const trip = { rateKey: 'car', from: 'Home', to: 'Acme Inc.', distance: '100', date: '2026-11-03' }
const drive = (changes: ExpenseChanges = {}) => ({
  kind: 'mileage' as const,
  changes: { ...trip, ...changes },
})
const away = (firstDay: string, lastDay: string, changes: ExpenseChanges = {}) => ({
  kind: 'per_diem' as const,
  changes: { firstDay, lastDay, ...changes },
})

describe('mileage', () => {
  test('is the distance times the rate of its day, for the category of the rate', async () => {
    const view = await company.view(await company.draft(drive()))
    expect(view).toMatchObject({
      number: expect.stringMatching(/^EXP-2026-\d+$/),
      kind: 'mileage',
      merchant: 'Home – Acme Inc.',
      amount: { minor: 7250, currency: 'USD' },
      date: '2026-11-03',
      category: { name: 'travel' },
      missing: [],
      uncertain: [],
      calculation: { kind: 'mileage', distance: '100', unit: 'mi', rate: '0.725', rateName: 'Car' },
    })
  })

  test('of a day before a change of rates has the rate of then, also when the day is changed alone', async () => {
    const id = await company.draft(drive({ date: '2026-06-30' }))
    expect((await company.view(id)).amount?.minor).toBe(7000)
    await company.edit(id, { date: '2026-07-01' })
    expect((await company.view(id)).amount?.minor).toBe(7250)
  })

  test('is worked out anew from what is changed, and keeps the rest', async () => {
    const id = await company.draft(drive())
    await company.edit(id, { distance: '12,5' })
    expect(await company.view(id)).toMatchObject({ merchant: 'Home – Acme Inc.', amount: { minor: 906 } })
    await company.edit(id, { rateKey: 'bike' })
    expect(await company.view(id)).toMatchObject({ amount: { minor: 250 }, calculation: { unit: 'km' } })
  })

  test('needs no receipt: no rule asks for one and nothing warns; its approvers are asked as for any', async () => {
    const view = await company.submitted(drive())
    expect(view.status).toBe('awaiting_approval')
    expect(found(view)).toEqual(['info policy_applies'])
    expect(askedIn(view)).toEqual([['Bob']])
    await company.decide(view.id, bob)
    expect((await company.view(view.id)).status).toBe('approved')
  })

  test('takes a picture all the same, which changes nothing and is not waited for', async () => {
    const id = await company.draft({ ...drive({ to: 'The airport' }), receipt: 'unread' })
    const view = await company.submit(id)
    expect(view).toMatchObject({ status: 'awaiting_approval', amount: { minor: 7250 } })
    expect(view.receipts).toMatchObject([{ status: 'waiting' }])
    expect(found(view)).toEqual(['info policy_applies'])
  })

  test('looks like the same drive of the same person on that day, and like no colleague’s', async () => {
    const first = await company.submitted(drive({ to: 'The fair' }))
    const again = await company.submittedAgain(drive({ to: 'the  FAIR' }))
    expect(messageOf(again, 'duplicate_fields')).toBe(
      `Same drive, date and amount as ${first.number} (Ann, USD 72.50).`,
    )
    const shared = await company.submitted({ by: cas, ...drive({ to: 'The fair' }) })
    expect(found(shared)).toEqual(['info policy_applies'])
  })

  test('leaves the addresses out of the company’s merchants', async () => {
    await company.submitted(drive({ from: '12 Home Street', to: 'The clinic' }))
    await company.submitted(away('2026-06-01', '2026-06-02'))
    const merchants = await database.asSuperuser<{ name: string }>('select name from merchant')
    expect(merchants.map(({ name }) => name).join()).not.toMatch(/clinic|United States/)
  })

  test('counts as spent', async () => {
    const far = (to: string) => ({ by: cas, ...drive({ to, distance: '10000' }) })
    const before = await company.submitted(far('Here'))
    expect(before.amount?.minor).toBe(725_000)
    await company.submitted(far('There'))
    const third = await company.submitted(far('Everywhere'))
    expect(found(third)).toContain('warning limit:all')
  })

  test.each<[ExpenseChanges, string, string]>([
    [{ amount: '99.00', currency: 'USD' }, 'amount', 'field_not_for_kind'],
    [{ merchant: 'Shell' }, 'merchant', 'field_not_for_kind'],
    [{ distance: '0' }, 'distance', 'distance_invalid'],
    [{ rateKey: 'scooter', distance: '0.4' }, 'distance', 'nothing_left'],
    [{ from: ' ' }, 'from', 'from_missing'],
    [{ rateKey: 'plane' }, 'rateKey', 'rate_unknown'],
    [{ rateKey: '' }, 'rateKey', 'rate_unknown'],
    [{ date: '2025-12-31' }, 'date', 'no_rates'],
    [{ firstDay: '2026-11-03' }, 'firstDay', 'field_not_for_kind'],
  ])('with %j is refused at its field', async (changes, field, code) => {
    await expect(company.draft(drive(changes))).rejects.toMatchObject({ field, code })
  })

  test('says everything that is wrong at once', async () => {
    const refused = company.draft({ kind: 'mileage', changes: { rateKey: 'car', date: '2026-11-40' } })
    await expect(refused).rejects.toMatchObject({
      code: 'fields_invalid',
      details: {
        fields: {
          date: expect.any(String),
          from: expect.any(String),
          to: expect.any(String),
          distance: expect.any(String),
        },
      },
    })
  })

  test('begun without its drive cannot be submitted', async () => {
    const id = await company.draft({ kind: 'mileage' })
    expect((await company.view(id)).missing).toEqual(['trip', 'date', 'category'])
    const refused = as(database, ann, (tx) => submitExpense(tx, id))
    await expect(refused).rejects.toThrow('Please fill in: the drive, date, category.')
  })
})

describe('a per diem', () => {
  test('is for its days, dated the last one, under the only rate that there is', async () => {
    const view = await company.view(
      await company.draft(away('2026-11-02', '2026-11-05', { breakfasts: '3', dinners: '1' })),
    )
    expect(view).toMatchObject({
      kind: 'per_diem',
      merchant: 'United States',
      date: '2026-11-05',
      amount: { minor: 2 * 5100 + 2 * 6800 - 3 * 1600 - 2800, currency: 'USD' },
      category: { name: 'travel' },
      missing: [],
      calculation: { provided: { breakfast: 3, lunch: 0, dinner: 1 }, mealsMinor: 7600 },
    })
  })

  test('needs no receipt and is approved as any', async () => {
    const view = await company.submitted(away('2026-08-03', '2026-08-05'))
    expect(found(view)).toEqual(['info policy_applies'])
    expect(askedIn(view)).toEqual([['Bob']])
  })

  test('for a day that another one of the same person is for is refused, and names it', async () => {
    const first = await company.submitted(away('2026-09-01', '2026-09-04'))
    const id = await company.draft(away('2026-09-04', '2026-09-06'))
    const message = `${first.number} is for some of the same days already (Sep 1, 2026 to Sep 4, 2026).`
    expect(messageOf(await company.view(id), 'per_diem_overlap')).toBe(message)
    const blocked = await company.submit(id)
    expect(blocked.status).toBe('blocked')
    expect(found(await company.view(first.id)), 'the other one is not warned').toEqual([
      'info policy_applies',
    ])
    await company.edit(id, { firstDay: '2026-09-05' })
    expect((await company.submit(id)).status).toBe('awaiting_approval')
    const ofAnother = await company.submitted({ ...away('2026-09-01', '2026-09-04'), by: cas })
    expect(ofAnother.status).toBe('awaiting_approval')
    expect(found(ofAnother), 'two on one trip').not.toContain('warning duplicate_fields')
  })

  test('two for the same days at one moment: one is refused', async () => {
    const ids = [
      await company.draft(away('2026-10-05', '2026-10-09')),
      await company.draft(away('2026-10-09', '2026-10-12')),
    ]
    await Promise.all(ids.map((id) => as(database, ann, (tx) => submitExpense(tx, id))))
    const statuses = await Promise.all(ids.map(async (id) => (await company.view(id)).status))
    expect(statuses.sort()).toEqual(['awaiting_approval', 'blocked'])
  })

  test('that was rejected cannot go back to its approvers once its days are paid by another one', async () => {
    const first = await company.submitted(away('2026-07-06', '2026-07-08'))
    const approvalId = await company.decide(first.id, bob, 'reject')
    const second = await company.submitted(away('2026-07-08', '2026-07-09'))
    expect(second.status).toBe('awaiting_approval')
    await expect(company.undo(approvalId, bob)).rejects.toThrow(second.number)
    expect((await company.view(first.id)).status).toBe('rejected')
  })

  test.each<[ExpenseChanges, string, string]>([
    [{ firstDay: '2026-11-06' }, 'lastDay', 'dates_reversed'],
    [{ firstDay: '2026-09-01' }, 'lastDay', 'stay_too_long'],
    [{ lastDay: '2026-11-30' }, 'lastDay', 'date_in_future'],
    [{ firstDay: '' }, 'firstDay', 'date_missing'],
    [{ lunches: '9' }, 'lunches', 'meals_invalid'],
    [{ breakfasts: 'some' }, 'breakfasts', 'meals_invalid'],
    [{ date: '2026-11-03' }, 'date', 'field_not_for_kind'],
    [{ amount: '1.00', currency: 'USD' }, 'amount', 'field_not_for_kind'],
    [{ firstDay: '2025-12-30', lastDay: '2026-01-02' }, 'firstDay', 'no_rates'],
  ])('with %j is refused at its field', async (changes, field, code) => {
    const refused = company.draft(away('2026-11-02', '2026-11-05', changes))
    await expect(refused).rejects.toMatchObject({ field, code })
  })
})

describe('rates', () => {
  test('for forms are those in force today', async () => {
    expect(await company.inside(listRates)).toEqual({
      mileage: [
        { key: 'car', name: 'Car', unit: 'mi', rate: '0.725' },
        { key: 'bike', name: 'Bicycle', unit: 'km', rate: '0.2' },
        { key: 'scooter', name: 'Scooter', unit: 'km', rate: '0.01' },
      ],
      perDiem: [
        {
          key: 'us',
          name: 'United States',
          fullDay: { minor: 6800, currency: 'USD' },
          travelDay: { minor: 5100, currency: 'USD' },
          breakfast: { minor: 1600, currency: 'USD' },
          lunch: null,
          dinner: { minor: 2800, currency: 'USD' },
        },
      ],
    })
  })

  test('that nobody has set are asked of an admin', async () => {
    const bare = await Kinds.create(await createTestDatabase(), { mileage: [], per_diem: [] })
    const refusal = { code: 'no_rates', message: expect.stringContaining('Please ask an admin') }
    await expect(bare.draft(drive())).rejects.toMatchObject(refusal)
    await expect(bare.draft(away('2026-11-02', '2026-11-05'))).rejects.toMatchObject(refusal)
    expect(await bare.inside(listRates)).toEqual({ mileage: [], perDiem: [] })
    await bare.database.drop()
  })
})

describe('starting an expense from a form', () => {
  test('twice by the same delivery gives one', async () => {
    const start = () =>
      as(database, fay, async (tx) => {
        const given = {
          kind: 'mileage' as const,
          source: 'slack' as const,
          deliveryKey: 'form:1',
          changes: trip,
        }
        return (await startExpense(tx, given)).id
      })
    expect(await start()).toBe(await start())
  })

  test('keeps nothing of one that is refused', async () => {
    const count = async () =>
      (await database.asSuperuser<{ n: number }>('select count(*)::int as n from expense'))[0]?.n
    const before = await count()
    await expect(company.draft(drive({ distance: '' }))).rejects.toMatchObject({ field: 'distance' })
    expect(await count()).toBe(before)
  })
})
