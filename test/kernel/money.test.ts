import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  allocate,
  convert,
  exponentOf,
  formatMoney,
  multiply,
  parseAmount,
  parseTypedAmount,
  percentOf,
  toDecimal,
} from '../../src/kernel/money.ts'

const currency = fc.constantFrom('USD', 'EUR', 'JPY', 'KWD', 'MYR')

describe('reading amounts', () => {
  test.each([
    ['12.50', 'USD', 1250],
    ['1200', 'USD', 120000],
    ['1200', 'JPY', 1200],
    ['1.234', 'KWD', 1234],
    ['0.01', 'EUR', 1],
    [' 7.5 ', 'EUR', 750],
  ])('%s %s is %i minor units', (text, code, minor) => {
    expect(parseAmount(text, code)).toEqual({ minor, currency: code })
  })

  test.each([
    ['NaN', 'USD'],
    ['1e3', 'USD'],
    ['-5', 'USD'],
    ['0', 'USD'],
    ['0.00', 'USD'],
    ['1999.995', 'USD'],
    ['12.5', 'JPY'],
    ['', 'USD'],
    ['1,200.00', 'USD'],
    ['Infinity', 'USD'],
    ['0x10', 'USD'],
    ['999999999999999', 'USD'],
    ['12.50', 'XXQ'],
    ['12.50', 'usd'],
  ])('%s %s is refused with a reason for people', (text, code) => {
    expect(() => parseAmount(text, code)).toThrow(expect.objectContaining({ kind: 'user' }))
  })

  test('what is too large is called that, however many digits it has', () => {
    for (const digits of [15, 17, 400]) {
      expect(() => parseAmount('9'.repeat(digits), 'USD')).toThrow('The amount is too large.')
    }
  })

  test('every amount survives the way to text and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 90_000_000_000_000 }), currency, (minor, code) => {
        expect(parseAmount(toDecimal({ minor, currency: code }), code)).toEqual({ minor, currency: code })
      }),
    )
  })

  test('no text whatsoever gives anything but an amount or a user error', () => {
    fc.assert(
      fc.property(fc.string(), currency, (text, code) => {
        try {
          expect(parseAmount(text, code).minor).toBeGreaterThan(0)
        } catch (error) {
          expect(error).toMatchObject({ kind: 'user' })
        }
      }),
    )
  })
})

describe('converting', () => {
  test.each([
    [{ minor: 6555, currency: 'MYR' }, 'USD', '0.2427', 1591],
    [{ minor: 1000, currency: 'JPY' }, 'USD', '0.0067', 670],
    [{ minor: 1, currency: 'EUR' }, 'USD', '0.5', 1],
    [{ minor: 100, currency: 'USD' }, 'JPY', '149.5', 150],
    [{ minor: 1234, currency: 'KWD' }, 'USD', '3.25', 401],
  ])('%j to %s at %s rounds half away from zero', (money, to, rate, minor) => {
    expect(convert(money, to, rate)).toEqual({ minor, currency: to })
  })

  test('at a rate of one, nothing changes between currencies of the same exponent', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000_000 }), (minor) => {
        expect(convert({ minor, currency: 'EUR' }, 'USD', '1').minor).toBe(minor)
      }),
    )
  })
})

test('people read amounts with the code of the currency and its own number of decimals', () => {
  const plain = (text: string) => text.replace(/\s/g, ' ')
  expect(plain(formatMoney({ minor: 123456, currency: 'USD' }))).toBe('USD 1,234.56')
  expect(plain(formatMoney({ minor: 123456, currency: 'EUR' }, 'de-DE'))).toBe('1.234,56 EUR')
  expect(plain(formatMoney({ minor: 1234, currency: 'JPY' }))).toBe('JPY 1,234')
  expect(exponentOf('BHD')).toBe(3)
})

describe('amounts as people type them', () => {
  test.each([
    ['12.50', 'USD', '12.50'],
    ['1,240.50', 'CHF', '1240.50'],
    ['1.240,50', 'EUR', '1240.50'],
    ['1 240,50', 'EUR', '1240.50'],
    ['1’240.50', 'CHF', '1240.50'],
    ['1,234,567.8', 'USD', '1234567.80'],
    ['180,00', 'EUR', '180.00'],
    ['$12.50', 'USD', '12.50'],
    ['12,50 €', 'EUR', '12.50'],
    ['12.50 EUR', 'EUR', '12.50'],
    ['eur 1.000,00', 'EUR', '1000.00'],
    ['1,234.500', 'KWD', '1234.500'],
  ])('%s %s is %s', (text, code, decimal) => {
    expect(toDecimal(parseTypedAmount(text, code))).toBe(decimal)
  })

  test.each([
    ['1,240', 'USD'],
    ['1.234,5,6', 'EUR'],
    ['1,240,50', 'USD'],
    ['1e3', 'USD'],
    ['-5', 'USD'],
    ['12.50 USD', 'EUR'],
    ['1999.995', 'USD'],
    ['NaN', 'USD'],
    ['', 'USD'],
  ])('%s %s is refused, not guessed', (text, code) => {
    expect(() => parseTypedAmount(text, code)).toThrow(expect.objectContaining({ field: 'amount' }))
  })
})

describe('splitting an amount', () => {
  test.each([
    [100, [1, 1, 1], [34, 33, 33]],
    [1000, [333, 333, 334], [333, 333, 334]],
    [5, [7, 2, 1], [4, 1, 0]],
    [1, [1, 2], [0, 1]],
    [0, [1, 2], [0, 0]],
    [10, [0, 5], [0, 10]],
  ])('%i by %j is %j', (total, weights, parts) => {
    expect(allocate(total, weights)).toEqual(parts)
  })

  test('gives parts that add up, each within a unit of its exact share', () => {
    const weights = fc.array(fc.nat(1_000_000_000), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(fc.nat(90_000_000_000_000), weights, (total, weights) => {
        fc.pre(weights.some((weight) => weight > 0))
        const parts = allocate(total, weights)
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(total)
        const sum = weights.reduce((all, weight) => all + weight, 0)
        for (const [index, part] of parts.entries()) {
          const exact = BigInt(total) * BigInt(weights[index] ?? 0)
          const off = BigInt(part) * BigInt(sum) - exact
          expect(off > -BigInt(sum) && off < BigInt(sum)).toBe(true)
        }
      }),
    )
  })

  test('by nothing is no amount', () => {
    expect(() => allocate(5, [0, 0])).toThrow('nothing to allocate by')
    expect(() => allocate(5, [])).toThrow('nothing to allocate by')
  })
})

describe('multiplying decimals', () => {
  test.each([
    ['12.5', '0.725', 'USD', 906],
    ['100', '0.725', 'USD', 7250],
    ['0.1', '0.05', 'USD', 1],
    ['0.1', '0.0499', 'USD', 0],
    ['3', '33', 'JPY', 99],
    ['0.5', '33', 'JPY', 17],
    ['1', '0.0005', 'KWD', 1],
  ])('%s × %s %s is %i minor units, half up', (one, other, currency, minor) => {
    expect(multiply(one, other, currency)).toEqual({ minor, currency })
  })

  test('is within half a unit of the exact product, whatever the digits', () => {
    const tenths = fc.integer({ min: 1, max: 100_000 })
    const rates = fc.integer({ min: 1, max: 9_999_999 })
    fc.assert(
      fc.property(tenths, rates, (tenth, rate) => {
        const text = (value: number, decimals: number) =>
          `${Math.floor(value / 10 ** decimals)}.${String(value % 10 ** decimals).padStart(decimals, '0')}`
        const { minor } = multiply(text(tenth, 1), text(rate, 4), 'USD')
        // In units of a thousandth of a cent: 1 distance × 4 rate decimals against 2 of the currency.
        const exact = BigInt(tenth) * BigInt(rate)
        const off = BigInt(minor) * 1000n - exact
        expect(off > -500n && off <= 500n).toBe(true)
      }),
    )
  })
})

test.each([
  [1000, 10, 100],
  [1005, 10, 100],
  [90_000_000_000_000, 100, 90_000_000_000_000],
  [99, 0, 0],
])('of %i minor units %i percent is %i, rounded down', (minor, percent, part) => {
  expect(percentOf(minor, percent)).toBe(part)
})
