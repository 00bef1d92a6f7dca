import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Condition } from '../../../src/features/policy/condition.ts'
import {
  evaluatePolicy,
  type PolicyDocument,
  type PolicyFacts,
  reviewPolicies,
} from '../../../src/features/policy/index.ts'
import { holds } from '../../../src/features/policy/matches.ts'
import { representativeExpenses } from '../../../src/features/policy/representative-expenses.ts'
import { representativeTexts } from '../../../src/features/policy/representative-texts.ts'
import { addDays, weekdayOf } from '../../../src/kernel/calendar-date.ts'
import { facts, setting, vocabulary } from './sample-policies.ts'

/** Few values, so that conditions and expenses meet. */
const amount = fc.integer({ min: 1, max: 12 })
const patterns = fc.constantFrom('a', 'a*', '*b', '*ab*', 'b*a')
const weekdays = ['saturday', 'sunday', 'monday'] as const
const day = fc.integer({ min: 0, max: 20 }).map((days) => addDays('2026-03-01', days))

const choice = <Value extends string>(...values: Value[]) => {
  const some = fc.subarray<string>(values, { minLength: 1 })
  return fc.oneof(some, fc.record({ not: some }))
}
function comparison<Value>(value: fc.Arbitrary<Value>) {
  const bounds = { over: value, from: value, under: value, up_to: value, between: fc.tuple(value, value) }
  const keys = ['over', 'from', 'under', 'up_to', 'between'] as const
  return fc
    .tuple(fc.record(bounds), fc.subarray([...keys], { minLength: 1, maxLength: 2 }))
    .map(([all, kept]) => Object.fromEntries(kept.map((key) => [key, all[key]])))
}
const money = comparison(amount.map((minor) => `0.${String(minor).padStart(2, '0')}`))
const tests: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 3, arbitrary: money.map((test) => ({ amount: test })) },
  choice('meals', 'travel').map((test) => ({ category: test })),
  money.map((test) => ({ amount_per_person: test })),
  money.map((test) => ({ spent_in_month: test })),
  money.map((test) => ({ spent_in_year: test })),
  comparison(fc.integer({ min: 0, max: 4 })).map((test) => ({ attendees: test })),
  comparison(fc.integer({ min: 1, max: 3 })).map((test) => ({ level: test })),
  comparison(day).map((test) => ({ date: test })),
  choice(...weekdays).map((test) => ({ weekday: test })),
  choice('training').map((test) => ({ reason: test })),
  choice('Sales', 'Tech').map((test) => ({ team: test })),
  choice('missing', 'present', 'not_needed').map((test) => ({ receipt: test })),
  choice('receipt', 'mileage', 'request').map((test) => ({ kind: test })),
  choice('same', 'unknown').map((test) => ({ receipt_amount: test })),
  choice('same_file', 'none').map((test) => ({ duplicate: test })),
  fc.array(patterns, { minLength: 1, maxLength: 2 }).map((list) => ({ merchant: list })),
  fc.oneof(patterns, fc.constant('')).map((pattern) => ({ note: { not: [pattern] } })),
)
const condition: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 3, arbitrary: tests },
  { weight: 3, arbitrary: fc.tuple(tests, tests).map(([one, other]) => ({ ...one, ...other })) },
  fc.tuple(tests, tests).map(([one, other]) => ({ any: [one, other] })),
  fc.tuple(tests, tests).map(([one, other]) => ({ all: [one, other] })),
  fc.tuple(tests, tests).map(([one, other]) => ({ ...one, not: other })),
)

/** Any expense that there can be. */
const expense: fc.Arbitrary<PolicyFacts> = fc
  .record({
    category: fc.constantFrom('meals', 'travel'),
    amount: fc.oneof(amount, fc.integer({ min: 1, max: 100 })),
    attendees: fc.integer({ min: 0, max: 6 }),
    more: fc.array(fc.nat(8), { minLength: 3, maxLength: 3 }),
    date: day,
    level: fc.constantFrom(null, 1, 2, 3),
    reason: fc.constantFrom(null, 'training', 'client_visit'),
    team: fc.subarray(['Sales', 'Tech']),
    receipt: fc.constantFrom('missing' as const, 'present' as const, 'not_needed' as const),
    other: fc.constantFrom('mileage' as const, 'per_diem' as const, 'request' as const),
    receipt_amount: fc.constantFrom('same' as const, 'differs' as const, 'unknown' as const),
    duplicate: fc.constantFrom('none' as const, 'same_file' as const, 'same_fields' as const),
    merchant: fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 5 }),
    note: fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 5 }),
  })
  .map(({ more: [inDay = 0, inMonth = 0, inYear = 0], other, ...chosen }) => {
    const isThere = chosen.receipt === 'present'
    const spent_in_day = chosen.amount + inDay
    const spent_in_month = spent_in_day + inMonth
    return facts({
      ...chosen,
      kind: chosen.receipt === 'not_needed' ? other : 'receipt',
      weekday: weekdayOf(chosen.date),
      receipt_amount: isThere ? chosen.receipt_amount : 'unknown',
      duplicate: chosen.receipt === 'missing' && chosen.duplicate === 'same_file' ? 'none' : chosen.duplicate,
      spent_in_day,
      spent_in_month,
      spent_in_year: spent_in_month + inYear,
    })
  })

/** Whether the facts go together. */
const canBe = (one: PolicyFacts) =>
  one.amount > 0 &&
  one.amount_per_person === Math.ceil(one.amount / (one.attendees + 1)) &&
  one.weekday === weekdayOf(one.date) &&
  one.amount <= one.spent_in_day &&
  one.spent_in_day <= one.spent_in_month &&
  one.spent_in_month <= one.spent_in_year &&
  (one.receipt === 'present' || one.receipt_amount === 'unknown') &&
  (one.receipt !== 'missing' || one.duplicate !== 'same_file') &&
  (one.receipt === 'not_needed') === (one.kind !== 'receipt')

const documentOf = (whens: Condition[]): PolicyDocument => ({
  policies: whens.map((when, index) => ({
    key: `p${index}`,
    name: `P${index}`,
    description: '',
    active: true,
    when,
    steps: [{ approver: 'finance', scope: 'team', description: 'x', required: true, needed: 'any' }],
  })),
  rules: [],
  limits: [],
  mileage: [],
  per_diem: [],
  tests: [],
})
/** Also such as leave no gap, and such as end with a policy for which nothing is left. */
const documents = fc
  .tuple(
    fc.array(condition, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('as it is' as const, 'no gap' as const, 'nothing left' as const),
  )
  .map(([whens, kind]) => {
    const last = {
      'as it is': [],
      'no gap': [{ all: whens.map((not) => ({ not })) }],
      'nothing left': [{ any: whens }],
    }
    return documentOf([...whens, ...last[kind]])
  })
const expenses = fc.array(expense, { minLength: 40, maxLength: 40 })
const isTooLarge = (message: string) => message.includes('not every combination')
const judged = (document: PolicyDocument, one: PolicyFacts) =>
  evaluatePolicy(document, one, { setting, spent: new Map(), isDoubtful: false }).policy?.key ?? null

describe('what a review says is so', () => {
  test('the expenses that stand for all others fit whichever conditions any expense fits', () => {
    fc.assert(
      fc.property(fc.array(condition, { minLength: 1, maxLength: 3 }), expenses, (conditions, any) => {
        const representatives = representativeExpenses(conditions, vocabulary)
        if (representatives === null) return
        const fitting = (one: PolicyFacts) => conditions.map((when) => holds(when, one, 'USD')).join()
        const known = new Set(representatives.map(fitting))
        for (const one of any) expect(known, JSON.stringify(one)).toContain(fitting(one))
        expect(representatives.filter((one) => !canBe(one))).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test('each text that there can be fits what one of the representative texts fits', () => {
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', 'C', '*'), maxLength: 5 })
    const text = fc.string({ unit: fc.constantFrom('a', 'B', 'c', 'x'), minLength: 1, maxLength: 7 })
    const lists = fc.array(fc.array(pattern, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(lists, fc.array(text, { minLength: 30, maxLength: 30 }), (some, texts) => {
        const fitting = (merchant: string) =>
          some.map((list) => holds({ merchant: list }, facts({ merchant }), 'USD')).join()
        const found = representativeTexts(some)?.map(fitting) ?? []
        expect(new Set(found).size).toBe(found.length)
        for (const one of texts) expect(found, one).toContain(fitting(one))
      }),
      { numRuns: 200 },
    )
  })

  test('without a gap reported, every expense has its policy; what is reported as never met or never used is so', () => {
    fc.assert(
      fc.property(documents, expenses, (document, any) => {
        const remarks = reviewPolicies(document, vocabulary)
        const about = (words: string) =>
          remarks.filter(({ message }) => message.includes(words)).map(({ path }) => `p${String(path[1])}`)
        const [never, unused] = [about('can never be met'), about('is never used')]
        const isUpsideDown = remarks.some(({ message }) => message.includes('leaves nothing'))
        const hasGap = remarks.some(({ message }) => /no policy covers/i.test(message) || isTooLarge(message))
        for (const one of any) {
          const key = judged(document, one)
          expect(unused).not.toContain(key)
          if (!isUpsideDown && never.length === 0 && !hasGap) expect(key, JSON.stringify(one)).not.toBeNull()
          for (const index of never.map((policy) => Number(policy.slice(1))))
            expect(holds(document.policies[index]?.when ?? {}, one, 'USD')).toBe(false)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('where two policies share an expense, that is reported, or the later one is never used', () => {
    fc.assert(
      fc.property(condition, condition, expenses, (first, second, any) => {
        const document = documentOf([first, second])
        const remarks = reviewPolicies(document, vocabulary).map(({ message }) => message)
        const isSaid = remarks.some(
          (message) => /overlap|never|leaves nothing/.test(message) || isTooLarge(message),
        )
        const shared = any.find(
          (one) => one.team.length < 2 && holds(first, one, 'USD') && holds(second, one, 'USD'),
        )
        if (shared) expect(isSaid, JSON.stringify(shared)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})
