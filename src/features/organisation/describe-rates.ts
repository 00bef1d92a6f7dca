import type { MileageRate, PerDiemRate, PolicySetting } from '../policy/index.ts'

/** `USD 0.725 per mi`; a rate may have more digits than the currency. */
export function describeMileage({ rate, unit, category }: MileageRate, setting: PolicySetting): string {
  return `${setting.currency} ${rate} per ${unit}${suggesting(category, setting)}`
}

/** `USD 68.00 a day, USD 51.00 on the first and the last; less 16.00 for breakfast, 19.00 for lunch` */
export function describePerDiem(rate: PerDiemRate, setting: PolicySetting): string {
  const { currency } = setting
  const meals = (['breakfast', 'lunch', 'dinner'] as const)
    .filter((meal) => rate[meal] !== undefined)
    .map((meal) => `${rate[meal]} for ${meal}`)
  const less = meals.length === 0 ? '' : `; less ${meals.join(', ')} where it is provided`
  return `${currency} ${rate.full_day} a day, ${currency} ${rate.travel_day} on the first and the last${less}${suggesting(rate.category, setting)}`
}

function suggesting(category: string | undefined, { categoryNames }: PolicySetting): string {
  return category === undefined ? '' : `; suggests ${categoryNames.get(category) ?? category}`
}
