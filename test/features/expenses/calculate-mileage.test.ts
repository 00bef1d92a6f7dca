import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { calculateMileage, parseDistance } from '../../../src/features/expenses/calculate-mileage.ts'

const rate = { key: 'car', name: 'Private car', unit: 'mi' as const, rate: '0.725', from: '2026-01-01' }
const drive = { from: 'Home', to: 'Office', date: '2026-11-03' }

describe('a distance as it is typed', () => {
  test.each([
    ['120', '120'],
    ['12.5', '12.5'],
    ['12,5', '12.5'],
    [' 7.0 ', '7'],
    ['007.3', '7.3'],
    ['10000', '10000'],
    ['0.1', '0.1'],
  ])('%j is %s', (text, distance) => {
    expect(parseDistance(text)).toBe(distance)
  })

  test.each(['', '0', '0.0', '-3', '1e3', '12.55', '10000.1', '10,000', 'NaN', '12 km', '1.234,5'])(
    '%j is refused at its field',
    (text) => {
      expect(() => parseDistance(text)).toThrow(
        expect.objectContaining({ code: 'distance_invalid', field: 'distance' }),
      )
    },
  )
})

test.each([
  ['1,000', 'without a comma between thousands'],
  ['1000000', 'Please give at most 10,000'],
  ['9'.repeat(400), 'Please give at most 10,000'],
])('of %.10s it is said why', (text, why) => {
  expect(() => parseDistance(text)).toThrow(why)
})

describe('mileage', () => {
  test('keeps what it was worked out by', () => {
    expect(calculateMileage({ ...drive, distance: '12.5' }, rate, 'USD')).toEqual({
      amount: { minor: 906, currency: 'USD' },
      calculation: {
        kind: 'mileage',
        rateKey: 'car',
        rateName: 'Private car',
        from: 'Home',
        to: 'Office',
        distance: '12.5',
        unit: 'mi',
        rate: '0.725',
      },
    })
  })

  test('never loses or gains half a cent, and two drives give what they give together, but for rounding', () => {
    const tenths = fc.integer({ min: 1, max: 50_000 })
    const amount = (tenth: number) =>
      calculateMileage(
        { ...drive, distance: parseDistance(`${Math.floor(tenth / 10)}.${tenth % 10}`) },
        rate,
        'USD',
      ).amount.minor
    fc.assert(
      fc.property(tenths, tenths, (one, other) => {
        // 0.725 a mile are 7.25 cents for each tenth.
        expect(Math.abs(amount(one) * 100 - one * 725)).toBeLessThanOrEqual(50)
        expect(Math.abs(amount(one) + amount(other) - amount(one + other))).toBeLessThanOrEqual(1)
      }),
    )
  })
})
