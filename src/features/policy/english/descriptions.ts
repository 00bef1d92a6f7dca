import type { DescriptionWords } from '../language.ts'

const suggesting = (category: string | null) => (category === null ? '' : `; suggests ${category}`)

export const descriptions: DescriptionWords = {
  inactive: 'not active; ',
  inOrder: (steps) => steps.join(', then '),
  approvers: { manager: 'manager', category: 'category', finance: 'finance', admin: 'admin' },
  level: (rank) => `level ${rank}`,
  atLevel: (level, scope) => {
    if (typeof scope === 'object') return `${level} of ${scope.team}`
    return scope === 'company' ? `${level} of the company` : level
  },
  all: 'all of them',
  some: (count) => `${count} of them`,
  notRequired: 'not required',
  refused: 'refused',
  warned: 'a warning',
  requires: (what) => `needs ${what.map((one) => (one === 'attendees' ? one : `a ${one}`)).join(' and ')}`,
  asksAsWell: (steps) => `asked as well: ${steps}`,
  automatic: 'approved automatically',
  tells: (whom) => `told by mail: ${whom.join(', ')}`,
  mileage: ({ rate, unit, currency, suggests }) => `${currency} ${rate} per ${unit}${suggesting(suggests)}`,
  perDiem: ({ currency, suggests, ...rate }) => {
    const meals = (['breakfast', 'lunch', 'dinner'] as const)
      .filter((meal) => rate[meal] !== undefined)
      .map((meal) => `${rate[meal]} for ${meal}`)
    const less = meals.length === 0 ? '' : `; less ${meals.join(', ')} where it is provided`
    return `${currency} ${rate.full_day} a day, ${currency} ${rate.travel_day} on the first and the last${less}${suggesting(suggests)}`
  },
  limit: ({ money, each, team, per, beyond, on }) => {
    const whom = each === 'company' ? 'the company' : `each ${each}`
    const of = team ? ` in ${team.join(' or ')}` : ''
    const then = beyond === 'block' ? 'refused' : 'a warning'
    return `${money} a ${per} for ${whom}${of}${on === null ? '' : ` on ${on}`}; ${then} beyond`
  },
}
