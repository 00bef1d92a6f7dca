import { expect, test } from 'vitest'
import {
  addDays,
  dateIn,
  formatInstant,
  isCalendarDate,
  parseCalendarDate,
} from '../../src/kernel/calendar-date.ts'

test('31 December 22:43 in New York is not January, although it is in UTC', () => {
  const instant = new Date('2027-01-01T03:43:00Z')
  expect(dateIn(instant, 'America/New_York')).toBe('2026-12-31')
  expect(dateIn(instant, 'UTC')).toBe('2027-01-01')
})

test.each(['2026-02-30', '2026-13-01', '26-01-01', '2026-1-1', 'yesterday', '', '2026-01-01T00:00'])(
  '%s is not a date',
  (text) => {
    expect(isCalendarDate(text)).toBe(false)
    expect(() => parseCalendarDate(text)).toThrow(
      expect.objectContaining({ code: 'date_invalid', field: 'date' }),
    )
  },
)

test('days are counted over the ends of months and over daylight saving', () => {
  expect(addDays('2026-02-28', 1)).toBe('2026-03-01')
  expect(addDays('2024-02-28', 1)).toBe('2024-02-29')
  expect(addDays('2026-03-08', 1)).toBe('2026-03-09')
})

test('an instant names its zone', () => {
  expect(formatInstant(new Date('2026-07-01T16:00:00Z'), 'America/New_York')).toMatch(/12:00\sPM EDT/)
})
