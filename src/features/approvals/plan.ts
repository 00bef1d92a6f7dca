import type { Directory, Person } from '../people/index.ts'
import type { PolicyStep } from '../policy/index.ts'

export interface PlannedStep {
  description: string
  required: boolean
  /** How many of the approvers must agree. */
  needed: number
  approvers: { personId: string; name: string; because: string }[]
}

/** Nobody in the company may decide this expense: it is blocked, and the admins are told. */
export type Plan = { steps: PlannedStep[] } | { nobody: true }

export interface PlanInput {
  steps: readonly PolicyStep[]
  submitter: Person
  directory: Directory
}

/**
 * Who decides, in which order. For each step: the nearest active person at or above the required level and above the
 * submitter, in scope; else the next one up; else finance except the submitter; else an admin except the submitter.
 * Of several at the nearest level, the one in the submitter's chain of managers, else any of them. Steps that would
 * ask the very same people again are merged into the first of them. Without a policy, finance decides in one step.
 */
export function planApprovals({ steps, submitter, directory }: PlanInput): Plan {
  const wanted =
    steps.length > 0
      ? steps.map((step) => approversOf(step, submitter, directory))
      : [fallback(submitter, directory, 'no policy covers this')]
  const planned: PlannedStep[] = []
  for (const [index, approvers] of wanted.entries()) {
    if (approvers.length === 0) return { nobody: true }
    const step = steps[index]
    const same = planned.find(
      (earlier) =>
        earlier.required &&
        key(earlier.approvers) === key(approvers) &&
        earlier.needed === neededOf(step, approvers.length),
    )
    if (same) {
      same.description = `${same.description}, ${lowerFirst(step?.description ?? '')}`
      continue
    }
    planned.push({
      description: step?.description ?? 'Finance decides',
      required: step?.required ?? true,
      needed: neededOf(step, approvers.length),
      approvers,
    })
  }
  return { steps: planned }
}

type Approvers = PlannedStep['approvers']

const key = (approvers: Approvers) =>
  approvers
    .map(({ personId }) => personId)
    .sort()
    .join()
const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)

function neededOf(step: PolicyStep | undefined, available: number): number {
  if (!step || step.needed === 'any') return 1
  return step.needed === 'all' ? available : Math.min(step.needed, available)
}

function approversOf(step: PolicyStep, submitter: Person, directory: Directory): Approvers {
  const candidates = directory.people.filter(
    (person) =>
      person.active &&
      person.id !== submitter.id &&
      person.levelRank !== null &&
      person.levelRank <= step.level &&
      (submitter.levelRank === null || person.levelRank < submitter.levelRank) &&
      inScope(step, person, submitter, directory),
  )
  const nearest = Math.max(...candidates.map((person) => person.levelRank ?? 0))
  const atNearest = candidates.filter((person) => person.levelRank === nearest)
  if (atNearest.length === 0) return fallback(submitter, directory)
  const levelName = directory.levelNames.get(nearest) ?? `level ${nearest}`
  const wantedName = directory.levelNames.get(step.level) ?? `level ${step.level}`
  const because =
    nearest === step.level
      ? `the policy asks for the level ${levelName}`
      : `${levelName} is the nearest level above ${submitter.name}, where the policy asks for ${wantedName}`
  const chosen = step.needed === 'any' ? preferManager(atNearest, submitter, directory) : atNearest
  return chosen.map((person) => ({ personId: person.id, name: person.name, because }))
}

function inScope(step: PolicyStep, person: Person, submitter: Person, directory: Directory): boolean {
  if (step.scope === 'company') return true
  if (person.teamId !== null && directory.companyWideTeams.has(person.teamId)) return true
  if (step.scope === 'team') return person.teamId === submitter.teamId
  return person.teamId !== null && directory.teamNames.get(person.teamId) === step.scope.team
}

/** The one of `people` who manages the submitter, directly or further up; else all of them. */
function preferManager(people: Person[], submitter: Person, directory: Directory): Person[] {
  const byId = new Map(directory.people.map((person) => [person.id, person]))
  const seen = new Set<string>()
  for (let id = submitter.managerId; id !== null && !seen.has(id); id = byId.get(id)?.managerId ?? null) {
    seen.add(id)
    const manager = people.find((person) => person.id === id)
    if (manager) return [manager]
  }
  return people
}

/** Finance, else the admins; never the submitter. Empty when there is nobody. */
function fallback(
  submitter: Person,
  directory: Directory,
  why = `nobody at the required level is above ${submitter.name}`,
): Approvers {
  for (const role of ['finance', 'admin'] as const) {
    const people = directory.people.filter(
      (person) => person.active && person.id !== submitter.id && person.roles.includes(role),
    )
    if (people.length > 0) {
      const because =
        role === 'finance' ? `finance decides, as ${why}` : `an admin decides, as ${why}, nor in finance`
      return people.map((person) => ({ personId: person.id, name: person.name, because }))
    }
  }
  return []
}
