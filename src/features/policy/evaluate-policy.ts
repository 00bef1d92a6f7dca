import { formatMoney, parseAmount } from '../../kernel/money.ts'
import { citation, cite, clauseOf } from './cite.ts'
import { type Condition, type Fact, testsIn } from './condition.ts'
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
  /** Money that was approved before pays for it: nobody is asked again, unless something warns. */
  covered?: Cover | null
}

/** A request to spend that people approved. */
export interface Cover {
  /** Such as `REQ-2026-0007`. */
  number: string
  /** Who approved it, and when. */
  clause: string
  /** Codes of what was found about it then: the rules by which it was judged. */
  found: readonly string[]
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
  const byCover = rules.flatMap((rule) => notAskedThen(rule, given.covered ?? null))
  const said = [...byRules, ...byCover, ...byLimits]
  const isProven = saysWhatIsClaimed(facts)
  const covered = isQuiet([...said, ...receipt]) ? (given.covered?.clause ?? null) : null
  const rule = automaticRule(rules, facts)
  const isPassedBy = rule && isQuiet([about, ...said, ...(speaksOf(rule, 'receipt') ? [] : receipt)])
  const passed = given.isDoubtful ? null : (covered ?? (rule && isPassedBy ? citation(rule) : null))
  const automatic = isProven ? passed : null
  const isUnread = facts.receipt === 'present' && facts.receipt_amount === 'unknown'
  const unread = passed !== null && isUnread ? [amountUnread] : []
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

/** Why somebody is asked where nobody would be. */
const amountUnread: Finding = {
  code: 'amount_unread',
  severity: 'info',
  message: 'The amount could not be read on the receipt, so somebody looks at it.',
  clause: null,
}

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

const speaksOf = ({ when }: Rule, ...facts: Fact[]) => testsIn(when).some(({ fact }) => facts.includes(fact))

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
      rule.do.require?.includes('receipt') || ((rule.do.block || rule.do.flag) && speaksOf(rule, 'receipt')),
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

/** A rule that asks further people, and did not when the money was approved: what was approved then does not count. */
function notAskedThen(rule: Rule, covered: Cover | null): Finding[] {
  const code = `rule:${rule.key}`
  if (!covered || !rule.do.approve_by || covered.found.includes(code)) return []
  const sentence = `${covered.number} was approved without the further approval that this needs, so it does not pay for this.`
  const message = cite(sentence, citation(rule))
  return [{ code: notCovered, severity: 'warning', message, clause: clauseOf(rule) }]
}

/** Code of the finding that what was approved before does not pay for it. */
export const notCovered = 'request_other_rule'

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
