import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  findAmounts,
  inferStyle,
  parseBody,
  toDecimalString,
} from '../../../../../src/features/receipts/reading/extract/amounts.ts'
import { linesOf } from '../../../../support/receipt-lines.ts'

function amountsIn(text: string, exponent = 2): string[] {
  const lines = linesOf(text)
  const style = inferStyle(lines, exponent)
  return lines.flatMap((line, index) =>
    findAmounts(line, index, style).map((amount) => toDecimalString(amount.thousandths, exponent)),
  )
}

describe('amounts', () => {
  test.each([
    ['Summe 1.234,56', ['1234.56']],
    ['Total 1,234.56', ['1234.56']],
    ['Totalt 1 234,50', ['1234.50']],
    ["Total 1'240.50", ['1240.50']],
    ['Total €12.50', ['12.50']],
    ['Retour 12.50-', ['-12.50']],
    ['Discount -3.00', ['-3.00']],
    ['Adj (0.01)', ['-0.01']],
    ['Change .05', ['0.05']],
    ['Total 40, 60', ['40.60']],
    ['Teh x2 700.00', ['700.00']],
  ])('%s', (text, wanted) => expect(amountsIn(text)).toEqual(wanted))

  test('yen have no decimals and points or commas are thousands', () => {
    expect(amountsIn('Total ¥3,180\nCash ¥5,000', 0)).toEqual(['3180', '5000'])
  })

  test('dinars have three decimals', () => {
    expect(amountsIn('Latte 2.250\nTotal 7.250', 3)).toEqual(['2.250', '7.250'])
  })

  test('the whole receipt decides what a point means', () => {
    expect(amountsIn('Tisch 1.234\nSumme 12,50\nBar 20,00')).toEqual(['1234.00', '12.50', '20.00'])
  })

  test('percentages, times and dates are no amounts', () => {
    expect(amountsIn('VAT 20% 12:45 03/04/2026 2026-01-02')).toEqual([])
  })

  test('letters that OCR puts for digits are mended inside amounts only', () => {
    expect(amountsIn('Total 1O.5O\nSOS')).toEqual(['10.50'])
  })

  test('no text makes it throw', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.constantFrom(0, 2, 3), (text, exponent) => {
        for (const amount of amountsIn(text, exponent)) expect(amount).toMatch(/^-?\d+(\.\d+)?$/)
      }),
    )
  })

  test('every amount is read back from its English and German form', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 99_999_999 }),
        fc.constantFrom('en-US', 'de-DE'),
        (cents, locale) => {
          const printed = (cents / 100).toLocaleString(locale, { minimumFractionDigits: 2 })
          const decimal = locale === 'en-US' ? '.' : ','
          expect(parseBody(printed, { decimal, decimals: 2 })?.thousandths).toBe(cents * 10)
        },
      ),
    )
  })
})
