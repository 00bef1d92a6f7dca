import { daysBetween } from '../../kernel/calendar-date.ts'
import { mostDelegatedDays } from '../people/index.ts'
import type { Organisation } from './organisation-schema.ts'
import { amountIn, type CheckedRemark, error, lookUp } from './remarks.ts'

/** Delegations that could not be made, whenever the file is imported. */
export function checkDelegations({ company, people, delegations = [] }: Organisation): CheckedRemark[] {
  const person = lookUp(
    'person',
    people.map(({ email }) => email),
  )
  const byEmail = new Map(people.map((one) => [one.email, one]))
  const amount = amountIn(company.currency)
  return delegations.flatMap((delegation, index) => {
    const { principal, delegate, from, to, up_to } = delegation
    const at = (field: string) => ['delegations', index, field]
    const left = (['principal', 'delegate'] as const).flatMap((role) => {
      const named = byEmail.get(delegation[role])
      return named && !named.active ? [error(at(role), `names ${named.name}, who is not active`)] : []
    })
    const other = delegations
      .slice(0, index)
      .findIndex((one) => one.principal === principal && one.from <= to && from <= one.to)
    return [
      ...person(at('principal'), principal),
      ...person(at('delegate'), delegate),
      ...left,
      ...(principal === delegate
        ? [error(at('delegate'), 'is the principal: nobody stands in for themselves')]
        : []),
      ...(to < from ? [error(at('to'), `is before ${from}, the first day`)] : []),
      ...(daysBetween(from, to) >= mostDelegatedDays
        ? [error(at('to'), `makes it longer than ${mostDelegatedDays} days: name a year at most`)]
        : []),
      ...amount(at('up_to'), up_to),
      ...(other < 0
        ? []
        : [
            error(
              at('from'),
              `overlaps with another delegation of ${byEmail.get(principal)?.name ?? principal}, further up (${delegations[other]?.from} to ${delegations[other]?.to}): one at a time`,
            ),
          ]),
    ]
  })
}
