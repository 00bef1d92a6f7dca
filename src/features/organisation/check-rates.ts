import type { Organisation } from './organisation-schema.ts'
import { amountIn, type CheckedRemark, error, lookUp, repeated } from './remarks.ts'

/** What is wrong with the rates for mileage and per diem: names that lead nowhere, two rates at a time, no amounts. */
export function checkRates(organisation: Organisation): CheckedRemark[] {
  const { company, document } = organisation
  if (!document) return []
  const known = lookUp(
    'category',
    organisation.categories.map(({ key }) => key),
  )
  const amount = amountIn(company.currency)
  const reduction = amountIn(company.currency, { mayBeZero: true })
  const { mileage, per_diem } = document
  const unitOf = new Map<string, string>()
  return [
    ...repeated(
      'mileage',
      mileage.map(({ key, from }) => `${key} from ${from}`),
    ),
    ...repeated(
      'per_diem',
      per_diem.map(({ key, from }) => `${key} from ${from}`),
    ),
    ...mileage.flatMap(({ key, unit, rate, category }, index) => {
      const at = (field: string) => ['mileage', index, field]
      const before = unitOf.get(key) ?? unit
      unitOf.set(key, before)
      return [
        ...known(at('category'), category),
        ...(Number(rate) === 0 ? [error(at('rate'), 'must be more than 0')] : []),
        ...(unit === before
          ? []
          : [error(at('unit'), `is ${unit}, but ${before} further up: give another unit another key`)]),
      ]
    }),
    ...per_diem.flatMap((rate, index) => {
      const at = (field: string) => ['per_diem', index, field]
      return [
        ...known(at('category'), rate.category),
        ...amount(at('full_day'), rate.full_day),
        ...(['travel_day', 'breakfast', 'lunch', 'dinner'] as const).flatMap((field) =>
          reduction(at(field), rate[field]),
        ),
      ]
    }),
  ]
}
