import type { Remark } from './check-document.ts'
import { describeExample } from './describe-example.ts'
import type { PolicyFacts } from './facts.ts'
import type { Policy } from './policy.ts'
import type { Trial } from './trial.ts'

/** Policies that stand before another one and share expenses with it; `both` is empty when there were too many to try. */
interface Rival {
  earlier: Policy
  both: PolicyFacts[]
}

/** Active policies that come too late, for everything that they are for or for some of it: the first that matches counts. */
export function reviewOrder(policies: readonly Policy[], trial: Trial): Remark[] {
  return policies.flatMap((later, index): Remark[] => {
    if (!later.active) return []
    const rivals = rivalsOf(later, policies.slice(0, index), trial)
    const path = ['policies', index]
    if (isUnused(later, rivals, trial)) {
      const names = rivals.map(({ earlier }) => `“${earlier.name}”`)
      const taken = `${names.join(' and ')} before it ${names.length > 1 ? 'take' : 'takes'} everything that it is for`
      return [{ path, severity: 'warning', message: `“${later.name}” is never used: ${taken}.` }]
    }
    return rivals.flatMap(({ earlier, both }): Remark[] => {
      // Somebody in two teams fits the policies of both. That is known, and would hide the overlaps that nobody wants.
      const example = both.find(({ team, role }) => team.length <= 1 && role.length <= 2)
      if (!example) return []
      const shown = describeExample(example, [earlier.when, later.when], trial.setting)
      const message =
        `“${earlier.name}” and “${later.name}” overlap, for example for ${shown}. ` +
        `Of the two, “${earlier.name}” counts, because it stands first.`
      return [{ path, severity: 'warning', message }]
    })
  })
}

function rivalsOf(later: Policy, before: readonly Policy[], trial: Trial): Rival[] {
  return before
    .filter((earlier) => earlier.active && shareCategory(earlier, later))
    .flatMap((earlier) => {
      const both = trial
        .expensesFor([earlier.when, later.when])
        ?.filter((expense) => trial.fits(earlier.when, expense) && trial.fits(later.when, expense))
      return both?.length === 0 ? [] : [{ earlier, both: both ?? [] }]
    })
}

/** Most policies are for other categories, which is quickly seen. */
function shareCategory({ when: { category: one } }: Policy, { when: { category: other } }: Policy): boolean {
  return !Array.isArray(one) || !Array.isArray(other) || one.some((key) => other.includes(key))
}

function isUnused(later: Policy, rivals: Rival[], trial: Trial): boolean {
  if (rivals.length === 0) return false
  const before = rivals.map(({ earlier }) => earlier.when)
  const own = trial.expensesFor([later.when, ...before])?.filter((expense) => trial.fits(later.when, expense))
  return own?.every((expense) => before.some((when) => trial.fits(when, expense))) ?? false
}
