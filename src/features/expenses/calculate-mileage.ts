import type { CalendarDate } from '../../kernel/calendar-date.ts'
import { userError } from '../../kernel/errors.ts'
import { type Money, multiply } from '../../kernel/money.ts'
import type { MileageRate } from '../policy/index.ts'
import type { Mileage } from './expenses.entity.ts'

export interface Drive {
  from: string
  to: string
  /** A plain decimal, as `parseDistance` gives it. */
  distance: string
  date: CalendarDate
}

/**
 * What a drive is paid: the distance times the rate of its day, rounded half up to the minor unit. Pure.
 * @throws userError `nothing_left` for less than half a minor unit
 */
export function calculateMileage(
  { from, to, distance }: Drive,
  { key, name, unit, rate }: MileageRate,
  currency: string,
): { calculation: Mileage; amount: Money } {
  const calculation: Mileage = {
    kind: 'mileage',
    rateKey: key,
    rateName: name,
    from,
    to,
    distance,
    unit,
    rate,
  }
  const amount = multiply(distance, rate, currency)
  if (amount.minor === 0) {
    const message = 'This is too short: nothing is left to claim.'
    throw userError('nothing_left', message, { field: 'distance' })
  }
  return { calculation, amount }
}

/**
 * A distance as it is typed, `12`, `12.5` or `12,5`, as a plain decimal.
 * @throws userError `distance_invalid`
 */
export function parseDistance(text: string): string {
  const match = /^(\d+)(?:[.,](\d))?$/.exec(text.trim())
  const invalid = (message: string) => userError('distance_invalid', message, { field: 'distance' })
  if (!match)
    throw invalid(
      'Please give the distance as a number like 1200 or 12.5: without a comma between thousands, with at most one decimal.',
    )
  const [, whole = '', tenths = '0'] = match
  const inTenths = Number(whole) * 10 + Number(tenths)
  if (inTenths === 0) throw invalid('The distance must be more than zero.')
  if (inTenths > 100_000) throw invalid('Please give at most 10,000 at a time.')
  return tenths === '0' ? String(Number(whole)) : `${Number(whole)}.${tenths}`
}
