import { didYouMean } from '../../kernel/did-you-mean.ts'
import type { Organisation } from './organisation-schema.ts'
import type { Remark } from './yaml-text.ts'

export type CheckedRemark = Remark & { severity: 'error' | 'warning' }

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
      'people',
      organisation.people.map(({ email }) => email),
    ),
    ...repeated(
      'assignments',
      (organisation.assignments ?? []).map((one) => Object.values(one).join(', ')),
    ),
    ...checkLevels(organisation),
    ...checkPeople(organisation),
    ...checkAssignments(organisation),
  ]
}

function error(path: PropertyKey[], message: string): CheckedRemark {
  return { path, message, severity: 'error' }
}

function repeated(section: string, keys: string[]): CheckedRemark[] {
  const seen = new Set<string>()
  return keys.flatMap((key, index) => {
    if (seen.has(key)) return [error([section, index], `“${key}” stands here a second time`)]
    seen.add(key)
    return []
  })
}

/** Refuses a name that is not one of the known ones. */
function lookUp(kind: string, known: Iterable<string>) {
  const names = new Set(known)
  // To compare every wrong name with every right one of a large company takes minutes.
  const suggested = names.size > 500 ? [] : names
  return (path: PropertyKey[], name: string | undefined): CheckedRemark[] =>
    name === undefined || names.has(name)
      ? []
      : [error(path, `names the ${kind} “${name}”, which is not in this file.${didYouMean(name, suggested)}`)]
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
      remarks.push({
        path: at('manager'),
        message: `names ${boss.name}, who is not active`,
        severity: 'warning',
      })
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
      ...(left === undefined
        ? []
        : [
            {
              path: at('approver'),
              message: `names ${left}, who is not active`,
              severity: 'warning' as const,
            },
          ]),
    ]
  })
}
