import { addDays, type CalendarDate, daysBetween } from '../../kernel/calendar-date.ts'
import { userError } from '../../kernel/errors.ts'
import type { Money } from '../../kernel/money.ts'
import type { PerDiemRate } from '../policy/index.ts'
import type { Meal, PerDiem } from './expenses.entity.ts'
import { type RateOn, rateMoney } from './rates.ts'

export interface Stay {
  firstDay: CalendarDate
  lastDay: CalendarDate
  provided: PerDiem['provided']
}

const mostDays = 62
const meals: readonly Meal[] = ['breakfast', 'lunch', 'dinner']

/**
 * What days away are paid: each day by the rate in force on it, the first and the last one as days of travel, less the
 * meals that others provided. Breakfasts are taken off the last days and the other meals off the first ones, as one leaves
 * after breakfast and is back before dinner; no day gives less than nothing. Pure.
 * @throws userError `dates_reversed`, `stay_too_long`, `meals_invalid`, `nothing_left`, and what `rateOn` throws
 */
export function calculatePerDiem(
  { firstDay, lastDay, provided }: Stay,
  rateOn: RateOn<PerDiemRate>,
  currency: string,
): { calculation: PerDiem; amount: Money } {
  const dates = datesOf(firstDay, lastDay)
  for (const meal of meals) requireNoMoreThan(dates.length, provided[meal], meal)
  const minorOf = (text: string | undefined) => (text === undefined ? 0 : rateMoney(text, currency).minor)
  const days = dates.map((date, index) => {
    const rate = rateOn(date)
    const isTravel = index === 0 || index === dates.length - 1
    const minor = minorOf(isTravel ? rate.travel_day : rate.full_day)
    const taken = meals.filter((meal) => isProvided(meal, provided[meal], { index, of: dates.length }))
    const mealsMinor = Math.min(minor, total(taken.map((meal) => minorOf(rate[meal]))))
    return { date, kind: isTravel ? ('travel' as const) : ('full' as const), minor, meals: taken, mealsMinor }
  })
  const mealsMinor = total(days.map((day) => day.mealsMinor))
  const minor = total(days.map((day) => day.minor)) - mealsMinor
  if (minor === 0) throw atField('lastDay', 'nothing_left', 'Nothing is left to claim.')
  const { key: rateKey, name: rateName } = rateOn(lastDay)
  const calculation = {
    kind: 'per_diem' as const,
    rateKey,
    rateName,
    firstDay,
    lastDay,
    provided,
    days,
    mealsMinor,
  }
  return { calculation, amount: { minor, currency } }
}

function datesOf(firstDay: CalendarDate, lastDay: CalendarDate): CalendarDate[] {
  const count = daysBetween(firstDay, lastDay) + 1
  if (count < 1) throw atField('lastDay', 'dates_reversed', 'The last day is before the first one.')
  if (count > mostDays)
    throw atField('lastDay', 'stay_too_long', `Please give at most ${mostDays} days at a time.`)
  return Array.from({ length: count }, (_, index) => addDays(firstDay, index))
}

function isProvided(meal: Meal, count: number, { index, of }: { index: number; of: number }): boolean {
  return meal === 'breakfast' ? index >= of - count : index < count
}

const mealFields = { breakfast: 'breakfasts', lunch: 'lunches', dinner: 'dinners' } as const

function requireNoMoreThan(days: number, count: number, meal: Meal): void {
  if (count <= days) return
  const field = mealFields[meal]
  const message =
    days === 1
      ? `There is one day, so at most one ${meal}.`
      : `There are ${days} days, so at most ${days} ${field}.`
  throw atField(field, 'meals_invalid', message)
}

/**
 * How many meals were provided, as typed; empty: none.
 * @throws userError `meals_invalid`
 */
export function parseMeals(
  text: string | undefined,
  field: (typeof mealFields)[keyof typeof mealFields],
): number {
  const trimmed = text?.trim() ?? ''
  if (/^\d{0,3}$/.test(trimmed)) return Number(trimmed)
  throw atField(field, 'meals_invalid', 'Please give a whole number.')
}

const total = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0)
const atField = (field: string, code: string, message: string) => userError(code, message, { field })
