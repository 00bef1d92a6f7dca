import type { Directory, Member } from '../people/index.ts'
import type { PolicyStep } from '../policy/index.ts'
import { isInScope, managersOf } from './find-approvers.ts'

export interface Climb {
  /** Who has not answered. */
  person: Member
  submitter: Member
  directory: Directory
  /** Where the step looks for its approvers. */
  scopes: PolicyStep['scope'][]
  /** Who stands in the step or is asked in it already, by id. */
  taken: ReadonlySet<string>
}

/**
 * Who is asked besides somebody who does not answer: the next of those who manage them, else of those at the nearest
 * level above theirs, in the scope of the step and then in the company, else finance, else an admin. Of several at a level
 * the one who manages the submitter comes first. Only active people, never the submitter, and nobody twice. Pure.
 * @returns null when nobody further up is left
 */
export function findNextUp({ person, submitter, directory, scopes, taken }: Climb): Member | null {
  const managers = managersOf(submitter, directory)
  const isInChain = (one: Member) => Number(managers.includes(one))
  const above = rankedAbove(person, directory).sort(
    (one, other) => other.rank - one.rank || isInChain(other.member) - isInChain(one.member),
  )
  const levels = above.map(({ member }) => member)
  const isNear = (one: Member) => scopes.some((scope) => isInScope(scope, one, { submitter, directory }))
  const candidates = [
    ...managersOf(person, directory),
    ...levels.filter(isNear),
    ...levels,
    ...directory.people.filter(({ roles }) => roles.includes('finance')),
    ...directory.people.filter(({ roles }) => roles.includes('admin')),
  ]
  return candidates.find(({ id, active }) => active && id !== submitter.id && !taken.has(id)) ?? null
}

/** Somebody outside the levels has nobody above them. */
function rankedAbove({ levelRank: own }: Member, { people }: Directory): { member: Member; rank: number }[] {
  if (own === null) return []
  return people.flatMap((member) =>
    member.levelRank !== null && member.levelRank < own ? [{ member, rank: member.levelRank }] : [],
  )
}
