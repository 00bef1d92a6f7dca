import { checkDelegations } from './check-delegations.ts'
import { checkRates } from './check-rates.ts'
import type { Organisation } from './organisation-schema.ts'
import { amountIn, type CheckedRemark, error, lookUp, repeated, warning } from './remarks.ts'

/** References that lead nowhere, and things named twice. What policies refer to is looked at by `reviewPolicies`. */
export function crossCheck(organisation: Organisation): CheckedRemark[] {
  return [
    ...repeated(
      'teams',
      organisation.teams.map(({ name }) => name),
    ),
    ...repeated(
      'levels',
      organisation.levels.map(({ rank, team }) => `${rank}${team ? ` of ${team}` : ''}`),
    ),
    ...repeated(
      'categories',
      organisation.categories.map(({ key }) => key),
    ),
    ...repeated(
      'reasons',
      organisation.reasons.map(({ key }) => key),
    ),
    ...repeated(
      'cost_centres',
      organisation.cost_centres.map(({ code }) => code),
    ),
    ...repeated(
      'people',
      organisation.people.map(({ email }) => email),
    ),
    ...repeated(
      'assignments',
      (organisation.assignments ?? []).map((one) => Object.values(one).join(', ')),
    ),
    ...checkCompany(organisation),
    ...checkLevels(organisation),
    ...checkPeople(organisation),
    ...checkAssignments(organisation),
    ...checkDelegations(organisation),
    ...checkRates(organisation),
  ]
}

function checkCompany({ company }: Organisation): CheckedRemark[] {
  const { remind_after_days: remind, escalate_after_days: escalate } = company
  return [
    ...amountIn(company.currency, { mayBeZero: true })(['company', 'step_up_over'], company.step_up_over),
    ...(escalate > 0 && remind >= escalate
      ? [
          warning(
            ['company', 'remind_after_days'],
            `is ${remind}, but after ${escalate} days (escalate_after_days) the next one up is asked already`,
          ),
        ]
      : []),
  ]
}

function checkLevels({ levels, teams }: Organisation): CheckedRemark[] {
  const team = lookUp(
    'team',
    teams.map(({ name }) => name),
  )
  return levels.flatMap((level, index) => team(['levels', index, 'team'], level.team))
}

function checkPeople(organisation: Organisation): CheckedRemark[] {
  const { people, teams } = organisation
  const team = lookUp(
    'team',
    teams.map(({ name }) => name),
  )
  const manager = lookUp(
    'manager',
    people.map(({ email }) => email),
  )
  const byEmail = new Map(people.map((person) => [person.email, person]))
  const circling = leadingInCircles(byEmail)
  const told = new Set<string>()
  return people.flatMap((person, index) => {
    const at = (...rest: PropertyKey[]) => ['people', index, ...rest]
    const remarks = [
      ...team(at('team'), person.team),
      ...person.also_in.flatMap((name, place) => team(at('also_in', place), name)),
      ...manager(at('manager'), person.manager),
    ]
    const teamsOf = [person.team, ...person.also_in]
    const twice = teamsOf.findIndex((name, place) => name !== undefined && teamsOf.indexOf(name) < place)
    if (twice > 0) remarks.push(error(at('also_in', twice - 1), 'is a team that they belong to already'))
    if (!hasLevel(organisation, person))
      remarks.push(
        error(
          at('level'),
          `names the level ${person.level}, which neither the company nor a team of theirs has`,
        ),
      )
    const circle = circling.get(person.email)
    if (circle && !told.has(person.email)) {
      for (const email of circle) told.add(email)
      const names = circle.map((email) => byEmail.get(email)?.name ?? email)
      const shown = names.length > 6 ? [...names.slice(0, 5), `and ${names.length - 5} others`] : names
      remarks.push(
        error(at('manager'), `leads in a circle (${shown.join(', ')}): nobody can be above themselves`),
      )
    }
    const boss = person.manager === undefined ? undefined : byEmail.get(person.manager)
    if (person.active && boss && !boss.active)
      remarks.push(warning(at('manager'), `names ${boss.name}, who is not active`))
    return remarks
  })
}

function hasLevel({ levels }: Organisation, person: Organisation['people'][number]): boolean {
  return (
    person.level === undefined ||
    levels.some(
      ({ rank, team }) =>
        rank === person.level &&
        (team === undefined || team === person.team || person.also_in.includes(team)),
    )
  )
}

/** Everybody who is above themselves, with those of the same circle. Each chain of managers is walked once. */
function leadingInCircles(
  byEmail: ReadonlyMap<string, { manager?: string | undefined }>,
): Map<string, string[]> {
  const circling = new Map<string, string[]>()
  const done = new Set<string>()
  for (const start of byEmail.keys()) {
    const path = new Set<string>()
    let next: string | undefined = start
    while (next !== undefined && byEmail.has(next) && !path.has(next) && !done.has(next)) {
      path.add(next)
      next = byEmail.get(next)?.manager
    }
    if (next !== undefined && path.has(next)) {
      const chain = [...path]
      const circle = chain.slice(chain.indexOf(next))
      for (const email of circle) circling.set(email, circle)
    }
    for (const email of path) done.add(email)
  }
  return circling
}

function checkAssignments({ assignments = [], categories, people, teams }: Organisation): CheckedRemark[] {
  const category = lookUp(
    'category',
    categories.map(({ key }) => key),
  )
  const approver = lookUp(
    'person',
    people.map(({ email }) => email),
  )
  const team = lookUp(
    'team',
    teams.map(({ name }) => name),
  )
  const inactive = new Map(people.filter(({ active }) => !active).map(({ email, name }) => [email, name]))
  return assignments.flatMap((one, index) => {
    const at = (field: string) => ['assignments', index, field]
    const left = inactive.get(one.approver)
    return [
      ...category(at('category'), one.category),
      ...approver(at('approver'), one.approver),
      ...team(at('team'), one.team),
      ...(left === undefined ? [] : [warning(at('approver'), `names ${left}, who is not active`)]),
    ]
  })
}
