import { checkDocument, type Remark } from './check-document.ts'
import { describeCondition } from './describe-condition.ts'
import type { Vocabulary } from './facts.ts'
import { findGaps } from './find-gaps.ts'
import type { PolicyDocument } from './policy.ts'
import { reviewOrder } from './review-order.ts'
import { reviewRules } from './review-rules.ts'
import { Trial } from './trial.ts'

/**
 * What is wrong (`error`: refused when saved) or odd (`warning`: pointed out) in a document, in words for accountants. Gaps,
 * overlaps and the like are found by trying expenses that stand for all others, so that what is said is exact and every
 * example is a true one. `path` leads to the place in the YAML document.
 */
export function reviewPolicies(document: PolicyDocument, vocabulary: Vocabulary): Remark[] {
  const wrong = checkDocument(document, vocabulary)
  if (wrong.length > 0) return wrong // nothing can be tried with names and amounts that mean nothing
  const trial = new Trial(vocabulary)
  const never = neverMet(document, trial)
  if (never.length > 0) return never
  const remarks = [
    ...reviewOrder(document.policies, trial),
    ...findGaps(document.policies, trial),
    ...reviewRules(document.rules, trial),
  ]
  return trial.wasTooLarge ? [...remarks, tooLarge] : remarks
}

const tooLarge: Remark = {
  path: ['policies'],
  severity: 'warning',
  message:
    'Some policies or rules look at so many things together that not every combination could be tried: a gap or an overlap may have been missed.',
}

function neverMet({ policies, rules }: PolicyDocument, trial: Trial): Remark[] {
  const placed = [
    ...policies.map(({ when }, index) => ({ when, path: ['policies', index, 'when'] })),
    ...rules.map(({ when }, index) => ({ when, path: ['rules', index, 'when'] })),
  ]
  return placed.flatMap(({ when, path }) => {
    const expenses = trial.expensesFor([when])
    if (!expenses || expenses.some((expense) => trial.fits(when, expense))) return []
    const message = `This can never be met: ${describeCondition(when, trial.setting)}.`
    return [{ path, severity: 'error', message }]
  })
}
