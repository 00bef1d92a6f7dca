import { formatMoney, parseAmount } from '../../kernel/money.ts'
import { citation, cite, clauseOf } from './cite.ts'
import { type Condition, testsIn } from './condition.ts'
import { describeCategory, describeCondition } from './describe-condition.ts'
import type { PolicyFacts, PolicySetting } from './facts.ts'
import { periodName } from './limits.ts'
import { holds } from './matches.ts'
import type { Finding, Limit, Policy, PolicyDocument, PolicyStep, Requirement, Rule } from './policy.ts'

export interface PolicyVerdict {
  /** null: none covers this expense, and finance decides. */
  policy: { key: string; name: string } | null
  /** Those of the policy, then those that rules add. Also when `automatic`: who decides if something else speaks against it. */
  steps: PolicyStep[]
  /**
   * The clause under which nobody is asked: that it was approved before, or a rule. null when anything warns or blocks, or
   * when a rule of the same or a higher priority asks further people.
   */
  automatic: string | null
  /** The policy, a missing receipt, then rules by priority, then limits. */
  findings: Finding[]
  /** Whom rules want told (`finance`, `admin`, `manager` or an e-mail address) of what, with its citation. */
  notify: { clause: string; to: string[] }[]
}

export interface Given {
  setting: PolicySetting
  /**
   * What counts towards each limit so far, this expense left out, by the limit's key and in minor units; a limit without an
   * entry does not apply.
   */
  spent: ReadonlyMap<string, number>
  /**
   * How much of this expense counts towards a limit, by the limit's key and in minor units, where that is not all of it: of
   * a split expense, what is for the limit's categories.
   */
  counted?: ReadonlyMap<string, number>
  /** Something that is no fact here speaks against passing it unseen, such as a receipt that is not read yet. */
  isDoubtful: boolean
  /** Money that was approved before pays for it: the clause under which nobody is asked again, unless something warns. */
  covered?: string | null
}

/** What a policy says about one expense, in plain sentences that cite it. Pure. */
export function evaluatePolicy(document: PolicyDocument, facts: PolicyFacts, given: Given): PolicyVerdict {
  const { setting } = given
  const applies = ({ active, when }: Policy | Rule) => active && holds(when, facts, setting.currency)
  const policy = document.policies.find(applies) ?? null
  // Sorting is stable: of the same priority, the one that stands first.
  const rules = document.rules.filter(applies).sort((a, b) => b.priority - a.priority)
  const about = policy ? policyApplies(policy, facts, setting) : noPolicy(facts, setting)
  const receipt = noReceipt(rules, facts)
  const byRules = rules.flatMap((rule) => ruleFindings(rule, facts, setting))
  const told = rules.flatMap((rule) => toldFinding(rule, describeFor(facts, rule.when, setting)))
  const byLimits = document.limits.flatMap((limit) => limitFinding(limit, facts, given))
  const said = [...byRules, ...byLimits]
  const covered = isQuiet([...said, ...receipt]) ? (given.covered ?? null) : null
  const rule = automaticRule(rules, facts)
  const isPassedBy = rule && isQuiet([about, ...said, ...(speaksOfReceipt(rule) ? [] : receipt)])
  const passed = covered ?? (rule && isPassedBy ? citation(rule) : null)
  const automatic = given.isDoubtful ? null : passed
  // Without a policy, finance decided about what was approved before.
  const abouts = policy || automatic === null || automatic !== covered ? [about] : []
  return {
    policy: policy && { key: policy.key, name: policy.name },
    steps: [...(policy?.steps ?? [financeDecides]), ...rules.flatMap((rule) => rule.do.approve_by ?? [])],
    automatic,
    // Where nobody is asked, nothing is said of further approval that a rule of lower priority wanted.
    findings:
      automatic === null
        ? [about, ...receipt, ...byRules, ...told, ...byLimits]
        : [...abouts, ...byLimits, ...told],
    notify: rules.flatMap((rule) =>
      rule.do.notify
        ? [{ clause: `${describeFor(facts, rule.when, setting)} (${citation(rule)})`, to: rule.do.notify }]
        : [],
    ),
  }
}

const isQuiet = (findings: Finding[]) => findings.every(({ severity }) => severity === 'info')

/**
 * The rule under which nobody has to be asked, unless something warns: of those that match the first that no rule of the
 * same or a higher priority outranks by asking further people. A receipt must say what is claimed.
 */
function automaticRule(rules: Rule[], facts: PolicyFacts): Rule | null {
  const rule = rules.find((each) => each.do.approve_automatically)
  if (!rule || facts.duplicate !== 'none') return null
  if (facts.receipt === 'present' && facts.receipt_amount !== 'same') return null
  return rules.some((other) => other.do.approve_by && other.priority >= rule.priority) ? null : rule
}

const speaksOfReceipt = ({ when }: Rule) => testsIn(when).some(({ fact }) => fact === 'receipt')

const financeDecides: PolicyStep = {
  approver: 'finance',
  description: 'Finance decides',
  scope: 'company',
  required: true,
  needed: 'any',
}

function policyApplies(policy: Policy, facts: PolicyFacts, setting: PolicySetting): Finding {
  const message = cite(`Policy “${policy.name}”: ${describeFor(facts, policy.when, setting)}.`, policy.clause)
  return { code: 'policy_applies', severity: 'info', message, clause: clauseOf(policy) }
}

function noPolicy(facts: PolicyFacts, setting: PolicySetting): Finding {
  const amount = formatMoney({ minor: facts.amount, currency: setting.currency }, setting.locale)
  const category = describeCategory([facts.category], setting)
  const message = `No policy covers this expense (${category}, ${amount}), so finance decides.`
  return { code: 'no_policy', severity: 'warning', message, clause: null }
}

/** The general warning, unless a rule says more about it. */
function noReceipt(rules: Rule[], { receipt }: PolicyFacts): Finding[] {
  const isSaid = rules.some(
    (rule) =>
      rule.do.require?.includes('receipt') || ((rule.do.block || rule.do.flag) && speaksOfReceipt(rule)),
  )
  if (receipt !== 'missing' || isSaid) return []
  return [{ code: 'no_receipt', severity: 'warning', message: 'There is no receipt.', clause: null }]
}

function ruleFindings(rule: Rule, facts: PolicyFacts, setting: PolicySetting): Finding[] {
  const { block, flag, require = [], approve_by } = rule.do
  const missing = require.filter((requirement) => isMissing[requirement](facts))
  const about = () => describeFor(facts, rule.when, setting)
  const finding = (severity: Finding['severity'], sentence: string): Finding => ({
    code: `rule:${rule.key}`,
    severity,
    message: cite(sentence, citation(rule)),
    clause: clauseOf(rule),
  })
  return [
    ...(block ? [finding('blocking', block)] : []),
    ...(missing.length > 0 ? [finding('blocking', `${needed(missing)} needed for ${about()}.`)] : []),
    ...(flag ? [finding('warning', flag)] : []),
    ...(approve_by
      ? [
          finding(
            'info',
            `Further approval for ${about()}: ${approve_by.map(({ description }) => description).join(', ')}.`,
          ),
        ]
      : []),
  ]
}

/** Who hears of it besides those who decide. */
function toldFinding(rule: Rule, about: string): Finding[] {
  const { notify } = rule.do
  if (!notify) return []
  const message = cite(`${toldWords(notify)} told of ${about}.`, citation(rule))
  return [{ code: `rule:${rule.key}`, severity: 'info', message, clause: clauseOf(rule) }]
}

/** `Finance and eve@example.com are` */
function toldWords(to: NonNullable<Rule['do']['notify']>): string {
  const words = to.map(
    (one) => ({ finance: 'finance', admin: 'the admins', manager: 'the manager' })[one] ?? one,
  )
  const list = words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${words.at(-1)}` : words.join()
  const verb = words.length > 1 || to[0] === 'admin' ? 'are' : 'is'
  return `${list.charAt(0).toUpperCase()}${list.slice(1)} ${verb}`
}

/** A condition as it concerns this expense: of several categories, only its own is named. */
function describeFor(facts: PolicyFacts, when: Condition, setting: PolicySetting): string {
  return describeCondition(
    Array.isArray(when.category) ? { ...when, category: [facts.category] } : when,
    setting,
  )
}

/** Whether an expense lacks what a rule asks for. */
export const isMissing: Record<Requirement, (facts: PolicyFacts) => boolean> = {
  receipt: ({ receipt }) => receipt === 'missing',
  reason: ({ reason }) => reason === null,
  note: ({ note }) => note.trim() === '',
  attendees: ({ attendees }) => attendees === 0,
}

const requirementWords: Record<Requirement, string> = {
  receipt: 'a receipt',
  reason: 'a reason',
  note: 'a note',
  attendees: 'attendees',
}

/** `Attendees and a reason are` */
function needed(missing: Requirement[]): string {
  const words = missing.map((requirement) => requirementWords[requirement])
  const list = words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${words.at(-1)}` : words.join()
  const verb = list === 'attendees' || words.length > 1 ? 'are' : 'is'
  return `${list.charAt(0).toUpperCase()}${list.slice(1)} ${verb}`
}

function limitFinding(limit: Limit, facts: PolicyFacts, { setting, spent, counted }: Given): Finding[] {
  const before = spent.get(limit.key)
  const amount = counted?.get(limit.key) ?? facts.amount
  const allowed = parseAmount(limit.amount, setting.currency).minor
  if (before === undefined || !limit.active || before + amount <= allowed) return []
  const money = (minor: number) => formatMoney({ minor, currency: setting.currency }, setting.locale)
  const sentence =
    `${limit.name}: ${money(before)} of ${money(allowed)} for ${periodName(limit, facts.date, setting.locale)} is spent; ` +
    `with this ${money(amount)} it would be ${money(before + amount)}.`
  return [
    {
      code: `limit:${limit.key}`,
      severity: limit.beyond === 'block' ? 'blocking' : 'warning',
      message: cite(sentence, limit.clause),
      clause: clauseOf(limit),
    },
  ]
}
