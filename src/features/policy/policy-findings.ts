import { parseAmount } from '../../kernel/money.ts'
import { citation, cite, clauseOf } from './cite.ts'
import { type Condition, type Fact, isChoice, namedBy, testsIn } from './condition.ts'
import { describeCondition } from './describe-condition.ts'
import type { PolicyFacts, PolicySetting } from './facts.ts'
import type { About, Finding, Said } from './finding-facts.ts'
import type { Limit, Policy, Requirement, Rule } from './policy.ts'
import { newFinding } from './say-finding.ts'
import type { Given } from './verdict.ts'

/** Why somebody is asked where nobody would be. */
export const amountUnread = (setting: PolicySetting): Finding =>
  newFinding(
    { code: 'amount_unread', severity: 'info', clause: null },
    { kind: 'amount_unread', facts: {} },
    setting,
  )

export function policyApplies(policy: Policy, facts: PolicyFacts, setting: PolicySetting): Finding {
  return newFinding(
    { code: 'policy_applies', severity: 'info', clause: clauseOf(policy) },
    {
      kind: 'policy_applies',
      facts: { name: policy.name, about: aboutFor(facts, policy.when, setting) },
      ...(policy.clause === undefined ? {} : { source: policy.clause }),
    },
    setting,
  )
}

export function noPolicy({ amount: minor, category }: PolicyFacts, setting: PolicySetting): Finding {
  const amount = { minor, currency: setting.currency }
  const name = setting.categoryNames.get(category) ?? category
  return newFinding(
    { code: 'no_policy', severity: 'warning', clause: null },
    { kind: 'no_policy', facts: { category: name, amount } },
    setting,
  )
}

/** The general warning, unless a rule says more about it. */
export function noReceipt(rules: Rule[], { receipt }: PolicyFacts, setting: PolicySetting): Finding[] {
  const isSaid = rules.some(
    (rule) =>
      rule.do.require?.includes('receipt') || ((rule.do.block || rule.do.flag) && speaksOf(rule, 'receipt')),
  )
  if (receipt !== 'missing' || isSaid) return []
  const head = { code: 'no_receipt', severity: 'warning' as const, clause: null }
  return [newFinding(head, { kind: 'no_receipt', facts: {} }, setting)]
}

export function ruleFindings(rule: Rule, facts: PolicyFacts, setting: PolicySetting): Finding[] {
  const { block, flag, require = [], approve_by } = rule.do
  const missing = require.filter((requirement) => isMissing[requirement](facts))
  const head = (severity: Finding['severity']) => ({
    code: `rule:${rule.key}`,
    severity,
    clause: clauseOf(rule),
  })
  const asWritten = (severity: Finding['severity'], sentence: string): Finding => ({
    ...head(severity),
    message: cite(sentence, citation(rule)),
  })
  const finding = (severity: Finding['severity'], said: Said): Finding =>
    newFinding(head(severity), { ...said, source: citation(rule) }, setting)
  const about = aboutFor(facts, rule.when, setting)
  const steps = approve_by?.map(({ description }) => description)
  return [
    ...(block ? [asWritten('blocking', block)] : []),
    ...(missing.length > 0
      ? [finding('blocking', { kind: 'rule_requires', facts: { missing, about } })]
      : []),
    ...(flag ? [asWritten('warning', flag)] : []),
    ...(steps ? [finding('info', { kind: 'rule_asks', facts: { about, steps } })] : []),
  ]
}

/** A rule that asks further people, and did not when the money was approved: what was approved then does not count. */
export function notAskedThen(rule: Rule, { covered, setting }: Given): Finding[] {
  const code = `rule:${rule.key}`
  if (!covered || !rule.do.approve_by || covered.found.includes(code)) return []
  return [
    newFinding(
      { code: notCovered, severity: 'warning', clause: clauseOf(rule) },
      { kind: 'request_other_rule', facts: { number: covered.number }, source: citation(rule) },
      setting,
    ),
  ]
}

/** Code of the finding that what was approved before does not pay for it. */
export const notCovered = 'request_other_rule'

/** Who hears of it besides those who decide. */
export function toldFinding(rule: Rule, facts: PolicyFacts, setting: PolicySetting): Finding[] {
  const { notify: to } = rule.do
  if (!to) return []
  return [
    newFinding(
      { code: `rule:${rule.key}`, severity: 'info', clause: clauseOf(rule) },
      {
        kind: 'rule_tells',
        facts: { about: aboutFor(facts, rule.when, setting), to },
        source: citation(rule),
      },
      setting,
    ),
  ]
}

/** A condition as it concerns this expense: of several categories, only its own is named. */
function whenFor({ category }: PolicyFacts, when: Condition): Condition {
  return Array.isArray(when.category) ? { ...when, category: [category] } : when
}

/** The same in English words. */
export const describeFor = (facts: PolicyFacts, when: Condition, setting: PolicySetting) =>
  describeCondition(whenFor(facts, when), setting)

function aboutFor(facts: PolicyFacts, condition: Condition, setting: PolicySetting): About {
  const when = whenFor(facts, condition)
  const keys = testsIn(when).flatMap(({ fact, test }) =>
    fact === 'category' && isChoice(test) ? namedBy(test) : [],
  )
  const categories = keys.map((key) => [key, setting.categoryNames.get(key) ?? key])
  return { when, currency: setting.currency, categories: Object.fromEntries(categories) }
}

/** Whether an expense lacks what a rule asks for. */
export const isMissing: Record<Requirement, (facts: PolicyFacts) => boolean> = {
  receipt: ({ receipt }) => receipt === 'missing',
  reason: ({ reason }) => reason === null,
  note: ({ note }) => note.trim() === '',
  attendees: ({ attendees }) => attendees === 0,
}

export function limitFinding(
  limit: Limit,
  facts: PolicyFacts,
  { setting, spent, counted }: Given,
): Finding[] {
  const before = spent.get(limit.key)
  const amount = counted?.get(limit.key) ?? facts.amount
  const allowed = parseAmount(limit.amount, setting.currency)
  if (before === undefined || !limit.active || before + amount <= allowed.minor) return []
  const { currency } = setting
  const { name, per, clause } = limit
  return [
    newFinding(
      {
        code: `limit:${limit.key}`,
        severity: limit.beyond === 'block' ? 'blocking' : 'warning',
        clause: clauseOf(limit),
      },
      {
        kind: 'limit',
        facts: {
          name,
          before: { minor: before, currency },
          allowed,
          with: { minor: amount, currency },
          per,
          date: facts.date,
        },
        ...(clause === undefined ? {} : { source: clause }),
      },
      setting,
    ),
  ]
}

/** Whether a rule looks at one of these. */
export const speaksOf = ({ when }: Rule, ...facts: Fact[]) =>
  testsIn(when).some(({ fact }) => facts.includes(fact))
