import { type Directory, levelName, type Member, type Role } from '../people/index.ts'
import type { PolicyStep } from '../policy/index.ts'

export interface PlannedApprover {
  personId: string
  name: string
  /** Reads after “You are asked because ”. */
  because: string
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
  because: string | ((person: Member) => string)
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
  for (const { people, because } of [...tiersOf(step, search), ...fallback(step, search)]) {
    if (chosen.size >= wanted) break
    for (const person of people) {
      if (!mayDecide(person, search) || chosen.has(person.id)) continue
      const why = typeof because === 'string' ? because : because(person)
      chosen.set(person.id, { personId: person.id, name: person.name, because: why })
    }
  }
  if (chosen.size < wanted) return null
  return { approvers: [...chosen.values()], needed: step.needed === 'all' ? chosen.size : wanted }
}

const mayDecide = (person: Member, { submitter }: Search) => person.active && person.id !== submitter.id

function tiersOf(step: PolicyStep, search: Search): Tier[] {
  const { submitter, directory } = search
  switch (step.approver) {
    case undefined:
      return levelTiers(step, step.level ?? 1, search)
    case 'manager': {
      const because = `the policy asks for the manager of ${submitter.name}`
      return chainTiers(submitter, directory, {
        first: because,
        further: `${because}, and the next one up the line stands in`,
      })
    }
    case 'category':
      return categoryTiers(search)
    case 'finance':
      return [{ people: withRole('finance', directory), because: 'this step is for finance' }]
    case 'admin':
      return [{ people: withRole('admin', directory), because: 'this step is for an admin' }]
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
      because: (person) =>
        rank === level
          ? `the policy asks for the level ${levelName(directory, level, home(person))}`
          : `the policy asks for the level ${wanted} or above, and ` +
            `${levelName(directory, rank, home(person))} is the next one up`,
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
  const because = 'the policy asks for whoever is assigned to this category'
  const standIn = `${because}, and a manager of ${submitter.name} stands in`
  const assigned = (isFor: (teamId: string | null) => boolean) => {
    const ids = directory.assignments
      .filter((one) => one.categoryId === categoryId && isFor(one.teamId))
      .map(({ personId }) => personId)
    return directory.people.filter(({ id }) => ids.includes(id))
  }
  return [
    { people: assigned((teamId) => teamId !== null && submitter.teamIds.includes(teamId)), because },
    { people: assigned((teamId) => teamId === null), because },
    ...chainTiers(submitter, directory, { first: standIn, further: standIn }),
  ]
}

/** One person by address, else those who manage them. */
function namedTiers(email: string, directory: Directory): Tier[] {
  const named = directory.people.find((person) => person.email === email)
  if (!named) return []
  const because = `the policy asks for ${named.name}`
  const standIn = `${because}, and the next manager up stands in`
  return [{ people: [named], because }, ...chainTiers(named, directory, { first: standIn, further: standIn })]
}

/** The manager of somebody, then the manager's manager and so on. */
function chainTiers(
  person: Member,
  directory: Directory,
  because: { first: string; further: string },
): Tier[] {
  return managersOf(person, directory).map((manager, index) => ({
    people: [manager],
    because: index === 0 ? because.first : because.further,
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
  const lacking =
    typeof step.needed === 'number' && step.needed > 1
      ? `${step.needed} people must agree and too few others may`
      : whoIsMissing(step, search)
  return [
    { people: withRole('finance', directory), because: `${lacking}, so finance decides` },
    { people: withRole('admin', directory), because: `${lacking}, so an admin decides` },
  ]
}

function whoIsMissing({ approver, level }: PolicyStep, { submitter, directory }: Search): string {
  switch (approver) {
    case undefined: {
      const name = levelName(directory, level ?? 1, submitter.teamIds[0] ?? null)
      return `nobody at the level ${name} or above may decide for ${submitter.name}`
    }
    case 'manager':
      return `${submitter.name} has no manager who may decide`
    case 'category':
      return `nobody who is assigned to this category may decide, nor a manager of ${submitter.name}`
    case 'finance':
      return 'nobody in finance may decide'
    case 'admin':
      return 'no admin may decide'
    default: {
      const named = directory.people.find(({ email }) => email === approver)
      return `neither ${named?.name ?? approver} nor a manager may decide`
    }
  }
}

const withRole = (role: Role, directory: Directory) =>
  directory.people.filter(({ roles }) => roles.includes(role))
