import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { calculatePerDiem, parseMeals, type Stay } from '../../../src/features/expenses/calculate-per-diem.ts'
import type { PerDiemRate } from '../../../src/features/policy/index.ts'
import { addDays } from '../../../src/kernel/calendar-date.ts'

const old: PerDiemRate = {
  key: 'us',
  name: 'United States',
  full_day: '60.00',
  travel_day: '45.00',
  breakfast: '15.00',
  lunch: '18.00',
  dinner: '27.00',
  from: '2025-10-01',
}
const fresh: PerDiemRate = {
  ...old,
  full_day: '68.00',
  travel_day: '51.00',
  dinner: '28.00',
  from: '2026-10-01',
}
const rateOn = (day: string) => (day < fresh.from ? old : fresh)
const none = { breakfast: 0, lunch: 0, dinner: 0 }

const stay = (firstDay: string, lastDay: string, provided: Partial<Stay['provided']> = {}) =>
  calculatePerDiem({ firstDay, lastDay, provided: { ...none, ...provided } }, rateOn, 'USD')

const refusal = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    return error
  }
  return null
}

describe('days away', () => {
  test('a single day is a day of travel', () => {
    expect(stay('2026-11-03', '2026-11-03').amount.minor).toBe(5100)
  })

  test('the first and the last day are days of travel, the others full ones', () => {
    const { calculation, amount } = stay('2026-11-03', '2026-11-06')
    expect(calculation.days.map(({ kind, minor }) => [kind, minor])).toEqual([
      ['travel', 5100],
      ['full', 6800],
      ['full', 6800],
      ['travel', 5100],
    ])
    expect(amount).toEqual({ minor: 23_800, currency: 'USD' })
  })

  test('each day has the rate in force on it', () => {
    const { calculation } = stay('2026-09-29', '2026-10-02')
    expect(calculation.days.map(({ date, minor }) => [date, minor])).toEqual([
      ['2026-09-29', 4500],
      ['2026-09-30', 6000],
      ['2026-10-01', 6800],
      ['2026-10-02', 5100],
    ])
  })

  test('meals that others provided are taken off: breakfasts of the last days, the others of the first', () => {
    // Breakfast on 1 and 2 October, dinner on 29 and 30 September.
    const { calculation, amount } = stay('2026-09-29', '2026-10-02', { breakfast: 2, dinner: 2 })
    expect(calculation.mealsMinor).toBe(2 * 1500 + 2 * 2700)
    expect(amount.minor).toBe(4500 + 6000 + 6800 + 5100 - 8400)
  })

  test('no day gives less than nothing', () => {
    // All three are 63.00, more than a day of travel gives.
    const { calculation, amount } = stay('2026-11-03', '2026-11-04', { breakfast: 2, lunch: 1, dinner: 1 })
    expect(calculation.mealsMinor).toBe(5100 + 1500)
    expect(amount.minor).toBe(5100 - 1500)
  })

  test.each([
    ['2026-11-04', '2026-11-03', {}, 'dates_reversed', 'lastDay'],
    ['2026-01-01', '2026-03-04', {}, 'stay_too_long', 'lastDay'],
    ['2026-11-03', '2026-11-04', { lunch: 3 }, 'meals_invalid', 'lunches'],
    ['2026-11-03', '2026-11-03', { breakfast: 1, lunch: 1, dinner: 1 }, 'nothing_left', 'lastDay'],
  ])('%s to %s with %j is refused: %s', (firstDay, lastDay, provided, code, field) => {
    expect(refusal(() => stay(firstDay, lastDay, provided))).toMatchObject({ code, field })
  })

  test('62 days are allowed', () => {
    expect(stay('2026-01-01', '2026-03-03').calculation.days).toHaveLength(62)
  })

  test('the days and the meals add up to the amount, whatever the dates', () => {
    const given = fc.record({
      start: fc.integer({ min: -70, max: 5 }),
      length: fc.integer({ min: 1, max: 62 }),
      meals: fc.tuple(fc.nat(62), fc.nat(62), fc.nat(62)),
    })
    fc.assert(
      fc.property(given, ({ start, length, meals }) => {
        const firstDay = addDays(fresh.from, start)
        const [breakfast, lunch, dinner] = meals.map((count) => Math.min(count, length))
        const provided = { breakfast: breakfast ?? 0, lunch: lunch ?? 0, dinner: dinner ?? 0 }
        const lastDay = addDays(firstDay, length - 1)
        const work = () => stay(firstDay, lastDay, provided)
        const refused = refusal(work)
        if (refused) {
          expect(refused).toMatchObject({ code: 'nothing_left' })
          return
        }
        const { calculation, amount } = work()
        const days = calculation.days.reduce((sum, { minor }) => sum + minor, 0)
        expect(days - calculation.mealsMinor).toBe(amount.minor)
        expect(amount.minor).toBeGreaterThan(0)
        expect(calculation.days.map(({ date }) => date)).toEqual(
          Array.from({ length }, (_, index) => addDays(firstDay, index)),
        )
        for (const { date, kind, minor } of calculation.days) {
          const isOld = date < fresh.from
          expect(minor).toBe(kind === 'travel' ? (isOld ? 4500 : 5100) : isOld ? 6000 : 6800)
        }
        // One meal less never gives less.
        if (provided.dinner > 0) {
          const less = { ...provided, dinner: provided.dinner - 1 }
          expect(stay(firstDay, lastDay, less).amount.minor).toBeGreaterThanOrEqual(amount.minor)
        }
      }),
    )
  })

  test.each([
    ['', 0],
    [undefined, 0],
    [' 3 ', 3],
  ])('%j meals are %i', (text, count) => {
    expect(parseMeals(text, 'lunches')).toBe(count)
  })

  test.each(['-1', '1.5', 'two', '1e1', '1234'])('%j meals are refused', (text) => {
    expect(refusal(() => parseMeals(text, 'dinners'))).toMatchObject({
      code: 'meals_invalid',
      field: 'dinners',
    })
  })
})
