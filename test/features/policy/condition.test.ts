import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { conditionSchema } from '../../../src/features/policy/condition.ts'
import { describeCondition } from '../../../src/features/policy/describe-condition.ts'
import type { PolicyFacts } from '../../../src/features/policy/index.ts'
import { holds } from '../../../src/features/policy/matches.ts'
import { facts, plain, setting } from './sample-policies.ts'

const conditionOf = (yaml: string) => conditionSchema.parse(parse(yaml))

describe('a condition that is written wrongly is refused at the key that is wrong', () => {
  test.each([
    [
      '{ amout: { over: "5" } }',
      'amout',
      '“amout” is not something a policy can look at. Did you mean “amount”?',
    ],
    [
      '{ any: [{ not: { team: A, nope: 1 } }] }',
      'any.0.not.nope',
      '“nope” is not something a policy can look at.',
    ],
    ['{ amount: { over: 500 } }', 'amount.over', 'must be an amount in quotes, like "2000.00"'],
    ['{ amount: { over: "1e3" } }', 'amount.over', 'must be an amount in quotes, like "2000.00"'],
    ['{ amount: { ovr: "5" } }', 'amount.ovr', '“ovr” is not a comparison. Did you mean “over”?'],
    ['{ amount: "500" }', 'amount', 'must be a comparison such as { over: "500.00" }'],
    ['{ amount: {} }', 'amount', 'must be a comparison such as { over: "500.00" }'],
    ['{ amount: { between: ["5"] } }', 'amount.between', 'must be two values: [from, up to]'],
    ['{ amount: { between: ["5", 6] } }', 'amount.between.1', 'must be an amount in quotes, like "2000.00"'],
    ['{ attendees: { from: "2" } }', 'attendees.from', 'must be a whole number without quotes, like 2'],
    ['{ attendees: { from: 1.5 } }', 'attendees.from', 'must be a whole number'],
    ['{ attendees: 3 }', 'attendees', 'must be a comparison such as { from: 2 }'],
    ['{ weekday: [saturday, sunnday] }', 'weekday.1', '“sunnday” is not one of monday, '],
    ['{ weekday: { not: sunnday } }', 'weekday.not', 'Did you mean “sunday”?'],
    ['{ category: [] }', 'category', 'must not be an empty list'],
    ['{ category: 5 }', 'category', 'must be one value, a list of them, or { not: … }'],
    ['{ currency: usd }', 'currency', 'must be a currency code such as USD'],
    ['{ submitter: grace }', 'submitter', 'must be an e-mail address'],
    ['{ date: { from: 2026-02-30 } }', 'date.from', 'must be a date like 2026-07-01'],
    ['{ any: [] }', 'any', 'must not be empty'],
    ['{ any: { weekday: sunday } }', 'any', 'must be a list of conditions'],
    ['', '', 'must say what to look at, such as { category: meals }'],
  ])('%s', (yaml, path, message) => {
    const issues = conditionSchema.safeParse(parse(yaml)).error?.issues ?? []
    expect(issues.map((issue) => issue.path.join('.'))).toEqual([path])
    expect(issues[0]?.message).toContain(message)
  })
})

describe('a condition holds', () => {
  const cases: [yaml: string, fits: Partial<PolicyFacts>[], fitsNot: Partial<PolicyFacts>[]][] = [
    ['{}', [{}, { amount: 1, level: null }], []],
    ['{ amount: { over: "500.00" } }', [{ amount: 50_001 }], [{ amount: 50_000 }]],
    ['{ amount: { from: "500" } }', [{ amount: 50_000 }], [{ amount: 49_999 }]],
    ['{ amount: { under: "500.0" } }', [{ amount: 49_999 }, { amount: 0 }], [{ amount: 50_000 }]],
    ['{ amount: { up_to: "500.00" } }', [{ amount: 50_000 }], [{ amount: 50_001 }]],
    [
      '{ amount: { between: ["1", "2"] } }',
      [{ amount: 100 }, { amount: 200 }],
      [{ amount: 99 }, { amount: 201 }],
    ],
    [
      '{ amount: { over: "0", up_to: "1" } }',
      [{ amount: 1 }, { amount: 100 }],
      [{ amount: 0 }, { amount: 101 }],
    ],
    ['{ category: meals }', [{}], [{ category: 'travel' }]],
    ['{ category: { not: [meals, other] } }', [{ category: 'travel' }], [{}, { category: 'other' }]],
    [
      '{ category: meals, amount: { over: "5" } }',
      [{ amount: 501 }],
      [{ amount: 500 }, { category: 'travel' }],
    ],
    ['{ reason: training }', [{ reason: 'training' }], [{ reason: null }, { reason: 'client_visit' }]],
    [
      '{ reason: { not: training } }',
      [{ reason: null }, { reason: 'client_visit' }],
      [{ reason: 'training' }],
    ],
    ['{ level: { from: 1 } }', [{ level: 1 }, { level: 9 }], [{ level: null }]],
    ['{ not: { level: { from: 2 } } }', [{ level: null }, { level: 1 }], [{ level: 2 }]],
    ['{ team: [Sales, Tech] }', [{ team: ['Legal', 'Tech'] }], [{ team: ['Legal'] }, { team: [] }]],
    ['{ team: { not: Sales } }', [{ team: [] }, { team: ['Tech'] }], [{ team: ['Tech', 'Sales'] }]],
    ['{ date: { from: 2026-07-01 } }', [{ date: '2026-07-01' }], [{ date: '2026-06-30' }]],
    ['{ date: { between: [2026-02-28, 2026-03-01] } }', [{ date: '2026-03-01' }], [{ date: '2026-03-02' }]],
    [
      '{ attendees: { over: 1, under: 4 } }',
      [{ attendees: 2 }, { attendees: 3 }],
      [{ attendees: 1 }, { attendees: 4 }],
    ],
    ['{ merchant: uber }', [{ merchant: 'UBER' }], [{ merchant: 'Uber Eats' }, { merchant: 'my uber' }]],
    ['{ merchant: "uber*" }', [{ merchant: 'Uber' }, { merchant: 'uber *TRIP' }], [{ merchant: 'My Uber' }]],
    [
      '{ merchant: "*a*b" }',
      [{ merchant: 'ab' }, { merchant: 'xaxbxb' }],
      [{ merchant: 'ba' }, { merchant: 'b' }],
    ],
    ['{ merchant: "ab*ba" }', [{ merchant: 'abba' }], [{ merchant: 'aba' }]],
    ['{ merchant: "a.c" }', [{ merchant: 'a.c' }], [{ merchant: 'abc' }]],
    ['{ merchant: CAFÉ* }', [{ merchant: 'cafe\u0301 de Paris' }], [{ merchant: 'cafe' }]],
    ['{ merchant: { not: ["*bar*", "*pub*"] } }', [{}], [{ merchant: 'The Pub' }]],
    ['{ note: "" }', [{ note: '' }], [{ note: 'with Bob' }]],
    ['{ submitter: ANN@acme.example }', [{}], [{ submitter: 'bob@acme.example' }]],
    [
      '{ any: [{ receipt: missing }, { weekday: sunday }] }',
      [{ weekday: 'sunday' }, { receipt: 'missing' }],
      [{}],
    ],
    ['{ all: [{ team: Sales }, { team: Tech }] }', [{ team: ['Tech', 'Sales'] }], [{ team: ['Tech'] }]],
    ['{ not: { category: meals, weekday: sunday } }', [{}, { category: 'travel' }], [{ weekday: 'sunday' }]],
  ]
  test.each(cases)('%s', (yaml, fits, fitsNot) => {
    const condition = conditionOf(yaml)
    for (const changes of fits)
      expect(holds(condition, facts(changes), 'USD'), JSON.stringify(changes)).toBe(true)
    for (const changes of fitsNot)
      expect(holds(condition, facts(changes), 'USD'), JSON.stringify(changes)).toBe(false)
  })

  test('in the units of the company’s currency', () => {
    const condition = conditionOf('{ amount: { over: "500" } }')
    const amounts = [500, 501, 50_001, 500_001].map((amount) => facts({ amount }))
    expect(amounts.map((one) => holds(condition, one, 'JPY'))).toEqual([false, true, true, true])
    expect(amounts.map((one) => holds(condition, one, 'KWD'))).toEqual([false, false, false, true])
  })

  test('by patterns as a regular expression would say', () => {
    const letters = fc.constantFrom('a', 'b', '*')
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 })
    fc.assert(
      fc.property(fc.string({ unit: letters, maxLength: 6 }), text, (pattern, merchant) => {
        const expected = new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(merchant)
        expect(holds({ merchant: [pattern] }, facts({ merchant }), 'USD')).toBe(expected)
      }),
      { numRuns: 500 },
    )
  })

  test('on a long text with many stars without trying every way', () => {
    const merchant = 'a'.repeat(50_000)
    expect(holds({ merchant: [`${'a*'.repeat(200)}b`] }, facts({ merchant }), 'USD')).toBe(false)
  })
})

test('one value, a list and what the database gives back are the same condition', () => {
  expect(conditionOf('{ category: meals, team: { not: Sales } }')).toEqual(
    conditionOf('{ category: [meals], team: { not: [Sales] } }'),
  )
  const condition = conditionOf('{ category: meals, any: [{ not: { team: Sales } }] }')
  expect(conditionSchema.parse(JSON.parse(JSON.stringify(condition)))).toEqual(condition)
})

describe('a condition in plain English', () => {
  test.each([
    ['{}', 'every expense'],
    ['{ category: travel }', 'travel of any amount'],
    [
      '{ weekday: [saturday, sunday], amount: { over: "500.00" }, category: [meals, travel] }',
      'meals or travel over USD 500.00, on a Saturday or Sunday',
    ],
    ['{ category: { not: meals }, amount: { under: "5" } }', 'everything but meals, under USD 5.00'],
    ['{ amount: { over: "300", up_to: "500" } }', 'every expense over USD 300.00, up to USD 500.00'],
    ['{ category: meals, amount_per_person: { over: "75" } }', 'meals over USD 75.00 per person'],
    [
      '{ amount: { between: ["1", "2"] }, attendees: { from: 2 } }',
      'every expense of USD 1.00 to USD 2.00, with 2 or more attendees',
    ],
    [
      '{ merchant: ["uber*", Lyft], currency: { not: EUR } }',
      'every expense from “uber*” or “Lyft”, not in EUR',
    ],
    [
      '{ date: { from: 2026-07-01, under: 2026-08-01 } }',
      'every expense dated Jul 1, 2026 or later, before Aug 1, 2026',
    ],
    [
      '{ receipt: missing, age_days: { over: 90 } }',
      'every expense more than 90 days old, without a receipt',
    ],
    [
      '{ category: travel, receipt: not_needed, kind: [mileage, request] }',
      'travel for which no receipt is needed, as mileage or as a request to spend',
    ],
    [
      '{ any: [{ weekday: sunday, receipt: missing }, { not: { paid_by: company } }] }',
      'every expense either on a Sunday and without a receipt or not paid by the company',
    ],
    [
      '{ not: { team: Sales, reason: client_visit } }',
      'every expense not (for the reason “client visit” and by somebody in Sales)',
    ],
    ['{ merchant: [a, b, c, d, e, f, g] }', 'every expense from “a”, “b”, “c”, “d”, “e” or 2 others'],
  ])('%s', (yaml, words) => {
    expect(plain(describeCondition(conditionOf(yaml), setting))).toBe(words)
  })
})
