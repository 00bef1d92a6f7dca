import { userError } from '../../kernel/errors.ts'
import type { Twin } from './duplicates.ts'
import type { Expense } from './expenses.entity.ts'
import { notClaimed } from './status.ts'

/** Another expense, of which the submitter has to say that this one is not the same once more. */
export interface LooksLike {
  id: string
  number: string
  /** They said so. */
  differs: boolean
}

/** The twins of which that has to be said: those that are paid, or still may be. */
export const claimedTwins = ({ differsFrom }: Expense, twins: readonly Twin[]): LooksLike[] =>
  twins
    .filter(({ other }) => !notClaimed.includes(other.status))
    .map(({ other: { id, number } }) => ({ id, number, differs: differsFrom.includes(id) }))

/** @throws userError `looks_like_another` with `details.expenses` (numbers) as long as they did not say so of each */
export function requireAnotherOne(looksLike: readonly LooksLike[]): void {
  const expenses = looksLike.filter(({ differs }) => !differs).map(({ number }) => number)
  if (expenses.length === 0) return
  const message = `This looks like ${expenses.join(' and ')}. If it is another one, please say so in its form; if not, discard it.`
  throw userError('looks_like_another', message, { field: 'differsFrom', details: { expenses } })
}
