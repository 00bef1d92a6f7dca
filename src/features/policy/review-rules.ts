import type { Remark } from './check-document.ts'
import type { Rule } from './policy.ts'
import { isMissing } from './policy-findings.ts'
import type { Trial } from './trial.ts'

/** Active rules that never have an effect, because another one outranks them or because there is nothing to ask for. */
export function reviewRules(rules: readonly Rule[], trial: Trial): Remark[] {
  return rules.flatMap((rule, index): Remark[] => {
    if (!rule.active) return []
    const stronger = rules.find(
      (other) => other.active && outranks(other, rule) && alwaysWith(rule, other, trial),
    )
    if (stronger) return [{ path: ['rules', index], severity: 'warning', message: idle(rule, stronger) }]
    if (!asksForNothing(rule, trial)) return []
    const message = `“${rule.name}” never has an effect: whatever it is for has already what it asks for.`
    return [{ path: ['rules', index, 'do', 'require'], severity: 'warning', message }]
  })
}

/** Whether a rule has no effect where another one applies too. */
function outranks(other: Rule, rule: Rule): boolean {
  if (other !== rule && other.do.block && !rule.do.block) return true
  if (!rule.do.approve_automatically) return false
  return Boolean(other.do.block || other.do.flag || (other.do.approve_by && other.priority >= rule.priority))
}

function idle(rule: Rule, stronger: Rule): string {
  if (rule === stronger) {
    return `“${rule.name}” never approves automatically, because it also refuses, warns or asks further people.`
  }
  const { block, flag } = stronger.do
  const does = block ? 'refuses' : flag ? 'warns of' : 'asks further people about'
  const never = block ? 'has an effect' : 'approves automatically'
  return `“${rule.name}” never ${never}: “${stronger.name}” ${does} everything that it is for.`
}

/** Whether `other` applies wherever `rule` does. */
function alwaysWith(rule: Rule, other: Rule, trial: Trial): boolean {
  const expenses = trial.expensesFor([rule.when, other.when])
  return (
    expenses?.every((expense) => !trial.fits(rule.when, expense) || trial.fits(other.when, expense)) ?? false
  )
}

/** Whether a rule only requires what every expense that it is for has. */
function asksForNothing({ when, do: { require, ...others } }: Rule, trial: Trial): boolean {
  if (!require || Object.values(others).some((action) => action !== undefined)) return false
  // What the condition does not look at is missing in these expenses.
  const expenses = trial.expensesFor([when])?.filter((expense) => trial.fits(when, expense))
  return expenses?.every((expense) => !require.some((one) => isMissing[one](expense))) ?? false
}
