import { afterAll, beforeAll, expect, test } from 'vitest'
import { backtestPolicies } from '../../../src/features/backtest/index.ts'
import { closeSpendRequest } from '../../../src/features/expenses/index.ts'
import { parseOrganisation } from '../../../src/features/organisation/index.ts'
import { as, createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { ann, bob, cas, Kinds, organisation } from '../expenses/kinds-company.ts'

const cli = { personId: null, channel: 'cli' as const }
let database: TestDatabase
let company: Kinds

beforeAll(async () => {
  database = await createTestDatabase()
  company = await Kinds.create(database)
})
afterAll(() => database.drop())

/** What differs under the same policies with some sections changed. */
async function backtest(changes: object = {}, of = company) {
  const { document } = parseOrganisation(JSON.stringify({ ...organisation, ...changes }), 'tried.yaml')
  if (!document) throw new Error('no policies')
  const who = { companyId: of.id, actor: cli }
  const { outcomes } = await backtestPolicies(of.database, who, { document, since: '2026-01-01' })
  return Object.fromEntries(
    outcomes
      .filter(({ count }) => count > 0)
      .map(({ outcome, examples, count }) => [outcome, [count, ...examples]]),
  )
}

test('expenses of every kind come out as they did, and by other policies as these would have judged them', async () => {
  const request = await company.approvedRequest('1000.00')
  const drawing = await company.submitted({ changes: { amount: '400.00', requestId: request.id } })
  expect(drawing.automatic).toContain(request.number)
  const drive = await company.submitted({
    kind: 'mileage',
    changes: { from: 'Home', to: 'Fair', distance: '100', rateKey: 'car', date: '2026-11-03' },
  })
  const split = await company.submitted({
    by: cas,
    parts: [
      ['tools', '900.00'],
      ['travel', '1000.00'],
    ],
    changes: { amount: '1900.00' },
  })
  const tools = await company.submitted({ by: cas, category: 'tools', changes: { amount: '600.00' } })
  expect(await backtest()).toEqual({ same: [5] })

  const rule = (when: object) => ({ key: 'new', name: 'New', when, do: { block: 'No.' } })
  const withRule = (when: object) => backtest({ rules: [...organisation.rules, rule(when)] })
  expect(await withRule({ kind: 'mileage' })).toEqual({ refused: [1, drive.number], same: [4] })
  expect(await withRule({ receipt: 'not_needed' })).toEqual({
    refused: [2, request.number, drive.number],
    same: [3],
  })
  expect(await withRule({ category: 'travel' })).toEqual({
    refused: [2, drive.number, split.number],
    same: [3],
  })

  // Of the split one only the tools count: 1,500.00 just fit, 1,499.00 do not.
  const limit = (amount: string) =>
    backtest({ limits: [{ ...organisation.limits[0], amount }, organisation.limits[1]] })
  expect(await limit('1500.00')).toEqual({ same: [5] })
  expect(await limit('1499.00')).toEqual({ refused: [1, tools.number], same: [4] })
  expect(await limit('899.00')).toEqual({ refused: [1, split.number], same: [4] })

  // What a request paid for is asked about only where something else warns.
  const flag = { key: 'look', name: 'Look', when: { category: 'meals' }, do: { flag: 'Look at it.' } }
  expect(await backtest({ rules: [...organisation.rules, flag] })).toEqual({
    asked_after_all: [1, drawing.number],
    warns_more: [1, request.number],
    same: [3],
  })

  // A rule that asks further people would have asked them about the request, and then not again.
  const further = (when: object) =>
    backtest({
      rules: [
        ...organisation.rules,
        { key: 'new', name: 'New', when, do: { approve_by: [{ approver: 'finance', description: 'Look' }] } },
      ],
    })
  expect(await further({ category: 'meals' })).toEqual({ asks_more_people: [1, request.number], same: [4] })
  expect(await further({ merchant: drawing.merchant })).toEqual({
    asked_after_all: [1, drawing.number],
    same: [4],
  })

  // A request that nobody would have been asked about pays for nothing.
  const passed = { key: 'new', name: 'New', when: { kind: 'request' }, do: { approve_automatically: true } }
  expect(await backtest({ rules: [...organisation.rules, passed] })).toEqual({
    approved_without_asking: [1, request.number],
    asked_after_all: [1, drawing.number],
    same: [3],
  })
})

test('a request that was given back since still pays for what drew on it', async () => {
  const own = await Kinds.create(await createTestDatabase())
  const request = await own.approvedRequest('1000.00')
  const drawing = await own.submitted({ changes: { amount: '400.00', requestId: request.id } })
  await as(own.database, ann, (tx) => closeSpendRequest(tx, request.id))
  const flag = { key: 'look', name: 'Look', when: { category: 'meals' }, do: { flag: 'Look at it.' } }
  expect(await backtest({ rules: [...organisation.rules, flag] }, own)).toEqual({
    asked_after_all: [1, drawing.number],
  })
  await own.database.drop()
})

test('parts that were typed since the submission share what was judged then', async () => {
  const own = await Kinds.create(await createTestDatabase())
  const sent = await own.submitted({ category: 'travel', changes: { amount: '100.00' } })
  await own.decide(sent.id, bob, 'send_back')
  await own.edit(sent.id, {
    shares: own.shares([
      ['travel', '60.00'],
      ['tools', '40.00'],
    ]),
  })
  const limit = (amount: string) =>
    backtest({ limits: [{ ...organisation.limits[0], amount }, organisation.limits[1]] }, own)
  expect(await limit('40.00')).toEqual({ same: [1] })
  expect(await limit('39.99')).toEqual({ refused: [1, sent.number] })
  await own.database.drop()
})

test('what somebody only asks to spend counts towards no limit', async () => {
  const request = await company.approvedRequest('300.00', { category: 'travel' })
  const trip = await company.submitted({ by: cas, category: 'travel', changes: { amount: '27.50' } })
  expect(trip.status).toBe('awaiting_approval')
  const limits = [
    { key: 'trips', name: 'Trips', each: 'company', category: 'travel', per: 'year', amount: '1100.00' },
  ]
  // 72.50 of mileage, 1,000.00 of the split one and 27.50; the request itself would not fit.
  expect(await backtest({ limits })).toMatchObject({ refused: [1, request.number] })
})
