import type { Tx } from '../../database/index.ts'
import { type CalendarDate, dateIn, formatDate } from '../../kernel/calendar-date.ts'
import { userError } from '../../kernel/errors.ts'
import { type Money, parseAmount } from '../../kernel/money.ts'
import { getCompany } from '../people/index.ts'
import { currentPolicies, type MileageRate, type PerDiemRate } from '../policy/index.ts'

/** The rates that a form offers: those in force today. */
export interface RateChoices {
  /** `rate` is for one unit, a plain decimal in the company's currency. */
  mileage: { key: string; name: string; unit: 'km' | 'mi'; rate: string }[]
  /** null: a meal that is provided takes nothing off. */
  perDiem: {
    key: string
    name: string
    fullDay: Money
    travelDay: Money
    breakfast: Money | null
    lunch: Money | null
    dinner: Money | null
  }[]
}

/** What drives and days away are paid today, in the company's currency. */
export async function listRates(tx: Tx): Promise<RateChoices> {
  const { currency, timeZone } = await getCompany(tx)
  const today = dateIn(tx.now, timeZone)
  const { mileage, per_diem } = await allRates(tx)
  const meal = (text: string | undefined) => (text === undefined ? null : rateMoney(text, currency))
  return {
    mileage: inForce(mileage, today).map(({ key, name, unit, rate }) => ({ key, name, unit, rate })),
    perDiem: inForce(per_diem, today).map((rate) => ({
      key: rate.key,
      name: rate.name,
      fullDay: rateMoney(rate.full_day, currency),
      travelDay: rateMoney(rate.travel_day, currency),
      breakfast: meal(rate.breakfast),
      lunch: meal(rate.lunch),
      dinner: meal(rate.dinner),
    })),
  }
}

/** An amount of a rate, which may be zero where an amount that is claimed may not. */
export function rateMoney(text: string, currency: string): Money {
  return /^[0.]+$/.test(text) ? { minor: 0, currency } : parseAmount(text, currency)
}

async function allRates(tx: Tx): Promise<{ mileage: MileageRate[]; per_diem: PerDiemRate[] }> {
  const policies = await currentPolicies(tx)
  return { mileage: policies?.document.mileage ?? [], per_diem: policies?.document.per_diem ?? [] }
}

interface Dated {
  key: string
  from: CalendarDate
}

/** Of each key the newest that is not after a day. */
function inForce<Rate extends Dated>(rates: readonly Rate[], day: CalendarDate): Rate[] {
  const newest = new Map<string, Rate>()
  for (const rate of rates) {
    const known = newest.get(rate.key)
    if (rate.from <= day && (!known || rate.from >= known.from)) newest.set(rate.key, rate)
  }
  return [...newest.values()]
}

/** How a rate of the company is found: by key, for a day. */
export type RateOn<Rate> = (day: CalendarDate) => Rate

/**
 * The company's mileage rates of one key; without a key, of the only one that there is.
 * @throws userError `no_rates`, `rate_unknown`
 */
export async function mileageRates(tx: Tx, key: string | undefined): Promise<RateOn<MileageRate>> {
  const { mileage } = await allRates(tx)
  return ratesOf(tx, mileage, { key, what: 'mileage', dayField: 'date' })
}

/** The same for days away. @throws userError `no_rates`, `rate_unknown` */
export async function perDiemRates(tx: Tx, key: string | undefined): Promise<RateOn<PerDiemRate>> {
  const { per_diem } = await allRates(tx)
  return ratesOf(tx, per_diem, { key, what: 'per diem', dayField: 'firstDay' })
}

async function ratesOf<Rate extends Dated>(
  tx: Tx,
  rates: readonly Rate[],
  wanted: { key: string | undefined; what: string; dayField: string },
): Promise<RateOn<Rate>> {
  const { what, dayField } = wanted
  const keys = new Set(rates.map(({ key }) => key))
  if (keys.size === 0) {
    const message = `The company has no rates for ${what} yet. Please ask an admin to add them.`
    throw userError('no_rates', message, { field: 'rateKey' })
  }
  const key = wanted.key || (keys.size === 1 ? [...keys].join() : '')
  const own = rates.filter((rate) => rate.key === key)
  if (own.length === 0)
    throw userError('rate_unknown', 'Please choose one of the rates.', { field: 'rateKey' })
  const { locale } = await getCompany(tx)
  return (day) => {
    const [rate] = inForce(own, day)
    if (rate) return rate
    const message = `There is no rate for ${formatDate(day, locale)}. Please ask an admin to add it.`
    throw userError('no_rates', message, { field: dayField })
  }
}
