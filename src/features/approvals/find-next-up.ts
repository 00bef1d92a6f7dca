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
 * level above theirs and the submitter's, in the scope of the step and then in the company, else finance, else an admin.
 * Of several at a level the one who manages the submitter comes first. Only active people, never the submitter nor
 * anybody who reports to them, and nobody twice. Pure.
 * @returns null when nobody further up is left
 */
export function findNextUp({ person, submitter, directory, scopes, taken }: Climb): Member | null {
  const managers = managersOf(submitter, directory)
  const isInChain = (one: Member) => Number(managers.includes(one))
  const above = rankedAbove([person, submitter], directory).sort(
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
  const reports = (one: Member) => managersOf(one, directory).some(({ id }) => id === submitter.id)
  return (
    candidates.find((one) => one.active && one.id !== submitter.id && !taken.has(one.id) && !reports(one)) ??
    null
  )
}

/** Above all of these who have a level. Somebody outside the levels has nobody above them. */
function rankedAbove(
  [person, submitter]: [Member, Member],
  { people }: Directory,
): { member: Member; rank: number }[] {
  if (person.levelRank === null) return []
  const below = Math.min(person.levelRank, submitter.levelRank ?? person.levelRank)
  return people.flatMap((member) =>
    member.levelRank !== null && member.levelRank < below ? [{ member, rank: member.levelRank }] : [],
  )
}
