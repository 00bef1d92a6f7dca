import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findDate } from '../../../../../src/features/receipts/reading/extract/dates.ts'
import { addDays } from '../../../../../src/kernel/calendar-date.ts'
import { linesOf } from '../../../../support/receipt-lines.ts'

const today = '2026-11-20'
const read = (text: string, monthFirst: boolean | null = null) =>
  findDate([linesOf(text)], { today, monthFirst })

describe('dates', () => {
  test.each([
    ['2026-03-31', '2026-03-31'],
    ['2026/03/31 14:05', '2026-03-31'],
    ['31.03.2026', '2026-03-31'],
    ['31-03-26', '2026-03-31'],
    ['31 Mar 2026', '2026-03-31'],
    ['31. März 2026', '2026-03-31'],
    ['1er juin 2026', '2026-06-01'],
    ['12 de agosto de 2026', '2026-08-12'],
    ['Mar 31, 2026', '2026-03-31'],
    ['05-0ct-2026', '2026-10-05'],
    ['Date 3l/O3/2026', '2026-03-31'],
  ])('%s', (text, wanted) => expect(read(text)?.value).toBe(wanted))

  test('a date that can only be month-first makes the others month-first', () => {
    expect(read('Date 03/04/2026\nPrinted 03/31/2026')?.value.slice(0, 8)).toBe('2026-03-')
  })

  test('custom decides between two possible orders', () => {
    expect(read('Date 03/04/2026', true)?.value).toBe('2026-03-04')
    expect(read('Date 03/04/2026', false)?.value).toBe('2026-04-03')
  })

  test('an ambiguous date without custom is less sure than a clear one', () => {
    const ambiguous = read('Date 03/04/2026')?.confidence ?? 1
    expect(ambiguous).toBeLessThan(0.7)
    expect(read('Date 23/04/2026')?.confidence).toBeGreaterThan(ambiguous + 0.2)
  })

  test('of two orders the one in the future is impossible', () => {
    expect(read('Date 12/11/2026', true)?.value).toBe('2026-11-12')
  })

  test('a date in the future is not the date of a purchase', () => {
    expect(read('Date 2027-03-31')).toBeNull()
  })

  test('the labelled date wins over an expiry date', () => {
    expect(read('Valid until 30/06/2026\nDate: 14/02/2026 12:10')?.value).toBe('2026-02-14')
  })

  test('passes that read different dates leave it unsure', () => {
    const differing = findDate([linesOf('Date 26/06/2026'), linesOf('Date 26/08/2026')], {
      today,
      monthFirst: null,
    })
    expect(differing?.confidence).toBeLessThan(0.6)
  })

  test('no text makes it throw', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => void read(text)))
    fc.assert(fc.property(fc.stringMatching(/^[0-9./: OlMayJun-]{0,40}$/), (text) => void read(text)))
  })

  test('every date of the last years is read back from its day-first form', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1500 }), (days) => {
        const date = addDays(today, -days)
        const [year, month, day] = date.split('-')
        expect(read(`Date ${day}.${month}.${year}`, false)?.value).toBe(date)
      }),
    )
  })
})
