import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyReading } from '../../../src/features/expenses/index.ts'
import { receiptsOf } from '../../../src/features/receipts/index.ts'
import { readingOf } from '../../support/reading-of.ts'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { askedIn, bob, drawing, fay, found, Kinds, messageOf, organisation } from './kinds-company.ts'

let database: TestDatabase
let company: Kinds

beforeAll(async () => {
  database = await createTestDatabase()
  company = await Kinds.create(database, {
    rules: [
      ...organisation.rules,
      {
        key: 'small',
        name: 'Small',
        clause: '7',
        when: { amount: { up_to: '75.00' }, category: 'meals', kind: ['receipt', 'request'] },
        do: { approve_automatically: true },
      },
      {
        key: 'casino',
        name: 'Casino',
        clause: '9',
        priority: 10,
        when: { merchant: '*casino*' },
        do: { approve_by: [{ approver: 'finance', description: 'Finance looks at it' }] },
      },
    ],
  })
})
afterAll(() => database.drop())

test('a request that nobody had to approve pays for nothing: what draws on it is judged as any', async () => {
  const request = await company.submitted({ kind: 'request', changes: { amount: '75.00' } })
  expect(request.automatic).toBe('7 Small')
  const over = await company.submitted(drawing(request.id, '82.50'))
  expect(askedIn(over)).toEqual([['Bob']])
  expect(messageOf(over, 'request_automatic')).toBe(
    `Nobody had to approve ${request.number}, so it does not pay for this.`,
  )
  const small = await company.submitted(drawing(request.id, '20.00'))
  expect(small.automatic, 'as without the request').toBe('7 Small')
})

test('a rule that asks further people asks them where it was not looked at for the request', async () => {
  const laptop = await company.approvedRequest('1000.00', { changes: { merchant: 'Laptop' } })
  const view = await company.submitted({
    changes: { amount: '900.00', merchant: 'Grand Casino', requestId: laptop.id },
  })
  expect(askedIn(view)).toEqual([['Bob'], ['Fay']])
  expect(found(view)).not.toContain('info request_covers')
  expect(messageOf(view, 'request_other_rule')).toBe(
    `${laptop.number} was approved without the further approval that this needs, so it does not pay for this (9 Casino).`,
  )
  const night = await company.approvedRequest('500.00', { changes: { merchant: 'Casino night' } })
  await company.decide(night.id, fay)
  const asApproved = await company.submitted({
    changes: { amount: '400.00', merchant: 'Another Casino', requestId: night.id },
  })
  expect(asApproved.automatic).toContain(night.number)
})

test('a receipt on which no amount could be read is looked at', async () => {
  const request = await company.approvedRequest('1000.00')
  const id = await company.draft({ ...drawing(request.id, '900.00'), receipt: 'unread' })
  await company.inside(async (tx) => {
    for (const one of await receiptsOf(tx, id))
      await applyReading(tx, one.id, { reading: readingOf(null), problem: null, rendition: null })
  })
  const view = await company.submit(id)
  expect(view).toMatchObject({ status: 'awaiting_approval', automatic: null })
  expect(messageOf(view, 'amount_unread')).toContain('could not be read on the receipt')
})

test('what is left is told by category: what one exceeds takes nothing from another', async () => {
  const request = await company.submitted({
    kind: 'request',
    parts: [
      ['meals', '100.00'],
      ['travel', '100.00'],
    ],
    changes: { amount: '200.00' },
  })
  await company.decide(request.id, bob)
  const view = await company.submitted(drawing(request.id, '110.00'))
  expect(messageOf(view, 'request_covers')).toBe(
    `${request.number} pays for this: USD 10.00 more than approved, within the tolerance; USD 100.00 of it is left after this.`,
  )
  expect((await company.view(request.id)).drawn?.left.minor).toBe(10_000)
})

test('a request for one cost centre pays for no other', async () => {
  const request = await company.approvedRequest('1000.00', { changes: { costCentre: '4100' } })
  const of = async (costCentre: string) =>
    company.submitted({ changes: { amount: '100.00', costCentre, requestId: request.id } })
  for (const other of ['4200', '']) {
    const view = await of(other)
    expect(askedIn(view)).toEqual([['Bob']])
    expect(messageOf(view, 'request_other_cost_centre')).toBe(
      `${request.number} is for cost centre 4100 Engineering, so it does not pay for all of this.`,
    )
  }
  expect((await of('4100')).automatic).toContain(request.number)
})

test('of a split request each category pays for the cost centres of its parts', async () => {
  const request = await company.submitted({
    kind: 'request',
    parts: [
      ['meals', '300.00', '4100'],
      ['meals', '300.00', '4200'],
      ['travel', '400.00'],
    ],
    changes: { amount: '1000.00' },
  })
  await company.decide(request.id, bob)
  const of = (meals: string, travel: string) =>
    company.submitted({
      parts: [
        ['meals', '50.00', meals],
        ['travel', '50.00', travel],
      ],
      changes: { amount: '100.00', requestId: request.id },
    })
  expect((await of('4200', '4100')).automatic).toContain(request.number)
  expect(messageOf(await of('', '4100'), 'request_other_cost_centre')).toContain(
    'is for cost centres 4100 Engineering and 4200 Projects',
  )
})

test('what was spent before the day of the approval was not asked for before', async () => {
  const request = await company.approvedRequest('1000.00')
  const view = await company.submitted({
    changes: { amount: '100.00', date: '2026-11-19', requestId: request.id },
  })
  expect(askedIn(view)).toEqual([['Bob']])
  expect(messageOf(view, 'request_too_late')).toBe(
    `${request.number} was approved on Nov 20, 2026, after this was spent, so it does not pay for this.`,
  )
})

test('that day is the one of the company’s time zone', async () => {
  const own = await Kinds.create(await createTestDatabase(), {
    company: { ...organisation.company, time_zone: 'America/Los_Angeles' },
  })
  own.database.clock.set('2026-11-20T03:00:00Z')
  const request = await own.approvedRequest('1000.00')
  const view = await own.submitted({
    changes: { amount: '100.00', date: '2026-11-19', requestId: request.id },
  })
  expect(view.automatic).toContain(request.number)
  await own.database.drop()
})
