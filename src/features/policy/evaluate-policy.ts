import { citation } from './cite.ts'
import type { PolicyFacts } from './facts.ts'
import type { Finding } from './finding-facts.ts'
import { holds } from './matches.ts'
import type { Policy, PolicyDocument, PolicyStep, Rule } from './policy.ts'
import {
  amountUnread,
  describeFor,
  limitFinding,
  noPolicy,
  noReceipt,
  notAskedThen,
  policyApplies,
  ruleFindings,
  speaksOf,
  toldFinding,
} from './policy-findings.ts'
import type { Given, PolicyVerdict } from './verdict.ts'

/** What a policy says about one expense, in plain sentences that cite it. Pure. */
export function evaluatePolicy(document: PolicyDocument, facts: PolicyFacts, given: Given): PolicyVerdict {
  const { setting } = given
  const applies = ({ active, when }: Policy | Rule) => active && holds(when, facts, setting.currency)
  const policy = document.policies.find(applies) ?? null
  // Sorting is stable: of the same priority, the one that stands first.
  const rules = document.rules.filter(applies).sort((a, b) => b.priority - a.priority)
  const about = policy ? policyApplies(policy, facts, setting) : noPolicy(facts, setting)
  const receipt = noReceipt(rules, facts, setting)
  const byRules = rules.flatMap((rule) => ruleFindings(rule, facts, setting))
  const told = rules.flatMap((rule) => toldFinding(rule, facts, setting))
  const byLimits = document.limits.flatMap((limit) => limitFinding(limit, facts, given))
  const byCover = rules.flatMap((rule) => notAskedThen(rule, given))
  const said = [...byRules, ...byCover, ...byLimits]
  const isProven = saysWhatIsClaimed(facts)
  const covered = isQuiet([...said, ...receipt]) ? (given.covered?.clause ?? null) : null
  const rule = automaticRule(rules, facts)
  const isPassedBy = rule && isQuiet([about, ...said, ...(speaksOf(rule, 'receipt') ? [] : receipt)])
  const passed = given.isDoubtful ? null : (covered ?? (rule && isPassedBy ? citation(rule) : null))
  const automatic = isProven ? passed : null
  const isUnread = facts.receipt === 'present' && facts.receipt_amount === 'unknown'
  const unread = passed !== null && isUnread ? [amountUnread(setting)] : []
  // Without a policy, finance decided about what was approved before.
  const abouts = policy || automatic === null || automatic !== covered ? [about] : []
  return {
    policy: policy && { key: policy.key, name: policy.name },
    steps: [...(policy?.steps ?? [financeDecides]), ...rules.flatMap((rule) => rule.do.approve_by ?? [])],
    automatic,
    // Where nobody is asked, nothing is said of further approval that a rule of lower priority wanted.
    findings:
      automatic === null
        ? [about, ...receipt, ...unread, ...byRules, ...byCover, ...told, ...byLimits]
        : [...abouts, ...byLimits, ...told],
    notify: rules.flatMap((rule) =>
      rule.do.notify
        ? [{ clause: `${describeFor(facts, rule.when, setting)} (${citation(rule)})`, to: rule.do.notify }]
        : [],
    ),
  }
}

const isQuiet = (findings: Finding[]) => findings.every(({ severity }) => severity === 'info')

/** Nothing passes unseen that may be claimed twice, or whose receipt was not read to say what is claimed. */
const saysWhatIsClaimed = ({ duplicate, receipt, receipt_amount }: PolicyFacts) =>
  duplicate === 'none' && (receipt !== 'present' || receipt_amount === 'same')

/**
 * The rule under which nobody has to be asked, unless something warns: of those that match the first that no rule of the
 * same or a higher priority outranks by asking further people. Where there is no receipt to say what is claimed, the rule
 * must mean that.
 */
function automaticRule(rules: Rule[], { receipt }: PolicyFacts): Rule | null {
  const rule = rules.find(
    (each) =>
      each.do.approve_automatically && (receipt !== 'not_needed' || speaksOf(each, 'receipt', 'kind')),
  )
  if (!rule) return null
  return rules.some((other) => other.do.approve_by && other.priority >= rule.priority) ? null : rule
}

const financeDecides: PolicyStep = {
  approver: 'finance',
  description: 'Finance decides',
  scope: 'company',
  required: true,
  needed: 'any',
}
