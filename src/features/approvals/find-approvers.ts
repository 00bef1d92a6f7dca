import { type Directory, levelName, type Member, type Role } from '../people/index.ts'
import type { PolicyStep } from '../policy/index.ts'
import type { Because, Reason } from './reasons.ts'
import { because } from './say-reason.ts'

export interface PlannedApprover extends Because {
  personId: string
  name: string
}

/** For whose expense approvers are looked for. */
export interface Search {
  submitter: Member
  directory: Directory
  /** For steps that ask whoever is assigned to the category. */
  categoryId: string | null
}

/** People who are equally near. The next tier is asked when all before it are too few. */
interface Tier {
  people: Member[]
  reason: Reason | ((person: Member) => Reason)
}

/**
 * Who is asked in one step, and how many of them must agree: the nearest tier of those who may, or as many tiers as it
 * takes for the number that must agree; then finance, then the admins. Only active people, and never the submitter.
 * null when they are too few: the number is never lowered.
 */
export function findApprovers(
  step: PolicyStep,
  search: Search,
): { approvers: PlannedApprover[]; needed: number } | null {
  const wanted = typeof step.needed === 'number' ? step.needed : 1
  const chosen = new Map<string, PlannedApprover>()
  for (const { people, reason } of [...tiersOf(step, search), ...fallback(step, search)]) {
    if (chosen.size >= wanted) break
    for (const person of people) {
      if (!mayDecide(person, search) || chosen.has(person.id)) continue
      const why = typeof reason === 'function' ? reason(person) : reason
      chosen.set(person.id, { personId: person.id, name: person.name, ...because(why, anyLocale) })
    }
  }
  if (chosen.size < wanted) return null
  return { approvers: [...chosen.values()], needed: step.needed === 'all' ? chosen.size : wanted }
}

/** The reasons of a plan tell no figures and no dates. */
const anyLocale = 'en-US'

const mayDecide = (person: Member, { submitter }: Search) => person.active && person.id !== submitter.id

function tiersOf(step: PolicyStep, search: Search): Tier[] {
  const { submitter, directory } = search
  switch (step.approver) {
    case undefined:
      return levelTiers(step, step.level ?? 1, search)
    case 'manager': {
      const facts = { submitter: submitter.name }
      const [first, further] = [
        { kind: 'manager', facts } as const,
        { kind: 'manager_above', facts } as const,
      ]
      return chainTiers(submitter, directory, { first, further })
    }
    case 'category':
      return categoryTiers(search)
    case 'finance':
      return [{ people: withRole('finance', directory), reason: { kind: 'finance', facts: {} } }]
    case 'admin':
      return [{ people: withRole('admin', directory), reason: { kind: 'admin', facts: {} } }]
    default:
      return namedTiers(step.approver, directory)
  }
}

/** Everybody in scope at or above the level and above the submitter, the nearest rank first. */
function levelTiers(step: PolicyStep, level: number, search: Search): Tier[] {
  const { submitter, directory } = search
  const home = ({ teamIds }: Member) => teamIds[0] ?? null
  const wanted = levelName(directory, level, home(submitter))
  const ranks = Map.groupBy(
    directory.people.filter((person) => mayDecide(person, search) && isInScope(step.scope, person, search)),
    ({ levelRank }) => levelRank,
  )
  const isOneEnough = step.needed === 'any' || step.needed === 1
  return [...ranks]
    .flatMap(([rank, people]) => (rank === null ? [] : [{ rank, people }]))
    .filter(({ rank }) => rank <= level && (submitter.levelRank === null || rank < submitter.levelRank))
    .sort((one, other) => other.rank - one.rank)
    .map(({ rank, people }) => ({
      people: isOneEnough ? preferManager(people, search) : people,
      reason: (person) => {
        const found = levelName(directory, rank, home(person))
        return rank === level
          ? { kind: 'level', facts: { level: found } }
          : { kind: 'level_above', facts: { wanted, found } }
      },
    }))
}

/** Whether a step that looks in `scope` finds this person. */
export function isInScope(
  scope: PolicyStep['scope'],
  person: Member,
  { submitter, directory }: Pick<Search, 'submitter' | 'directory'>,
): boolean {
  if (scope === 'company') return true
  return person.teamIds.some(
    (id) =>
      directory.companyWideTeams.has(id) ||
      (scope === 'team' ? submitter.teamIds.includes(id) : directory.teamNames.get(id) === scope.team),
  )
}

/** Of several, the one in the submitter's chain of managers; else all of them. */
function preferManager(people: Member[], { submitter, directory }: Search): Member[] {
  const manager = managersOf(submitter, directory).find(({ id }) => people.some((person) => person.id === id))
  return manager ? [manager] : people
}

/** Whoever is assigned to the category: for the submitter's teams, else for all; else the submitter's manager. */
function categoryTiers({ submitter, directory, categoryId }: Search): Tier[] {
  const reason = { kind: 'category', facts: {} } as const
  const standIn = { kind: 'category_manager', facts: { submitter: submitter.name } } as const
  const assigned = (isFor: (teamId: string | null) => boolean) => {
    const ids = directory.assignments
      .filter((one) => one.categoryId === categoryId && isFor(one.teamId))
      .map(({ personId }) => personId)
    return directory.people.filter(({ id }) => ids.includes(id))
  }
  return [
    { people: assigned((teamId) => teamId !== null && submitter.teamIds.includes(teamId)), reason },
    { people: assigned((teamId) => teamId === null), reason },
    ...chainTiers(submitter, directory, { first: standIn, further: standIn }),
  ]
}

/** One person by address, else those who manage them. */
function namedTiers(email: string, directory: Directory): Tier[] {
  const named = directory.people.find((person) => person.email === email)
  if (!named) return []
  const facts = { name: named.name }
  const standIn = { kind: 'named_manager', facts } as const
  return [
    { people: [named], reason: { kind: 'named', facts } },
    ...chainTiers(named, directory, { first: standIn, further: standIn }),
  ]
}

/** The manager of somebody, then the manager's manager and so on. */
function chainTiers(
  person: Member,
  directory: Directory,
  reasons: { first: Reason; further: Reason },
): Tier[] {
  return managersOf(person, directory).map((manager, index) => ({
    people: [manager],
    reason: index === 0 ? reasons.first : reasons.further,
  }))
}

/** The chain of managers, as far as it does not run in a circle. */
export function managersOf(person: Member, directory: Directory): Member[] {
  const chain: Member[] = []
  const next = (id: string | null) => directory.people.find((one) => one.id === id)
  let manager = next(person.managerId)
  while (manager && manager.id !== person.id && !chain.includes(manager)) {
    chain.push(manager)
    manager = next(manager.managerId)
  }
  return chain
}

/** Who decides when too few others may: finance, then the admins. */
function fallback(step: PolicyStep, search: Search): Tier[] {
  const { directory } = search
  return (['finance', 'admin'] as const).map((decides) => ({
    people: withRole(decides, directory),
    reason:
      typeof step.needed === 'number' && step.needed > 1
        ? { kind: 'too_few', facts: { needed: step.needed, decides } }
        : whoIsMissing(step, search, decides),
  }))
}

function whoIsMissing(
  { approver, level }: PolicyStep,
  { submitter: { name: submitter, teamIds }, directory }: Search,
  decides: 'finance' | 'admin',
): Reason {
  switch (approver) {
    case undefined: {
      const name = levelName(directory, level ?? 1, teamIds[0] ?? null)
      return { kind: 'nobody_at_level', facts: { level: name, submitter, decides } }
    }
    case 'manager':
      return { kind: 'no_manager', facts: { submitter, decides } }
    case 'category':
      return { kind: 'nobody_for_category', facts: { submitter, decides } }
    case 'finance':
      return { kind: 'nobody_in_finance', facts: { decides } }
    case 'admin':
      return { kind: 'no_admin', facts: { decides } }
    default: {
      const named = directory.people.find(({ email }) => email === approver)
      return { kind: 'nobody_named', facts: { name: named?.name ?? approver, decides } }
    }
  }
}

const withRole = (role: Role, directory: Directory) =>
  directory.people.filter(({ roles }) => roles.includes(role))
