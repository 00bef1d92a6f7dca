import { didYouMean } from '../../kernel/did-you-mean.ts'
import { AppError } from '../../kernel/errors.ts'
import { parseAmount } from '../../kernel/money.ts'
import { type Condition, type Fact, factKinds, isChoice, namedBy, testsIn } from './condition.ts'
import { describeComparison } from './describe-condition.ts'
import type { PolicySetting, Vocabulary } from './facts.ts'
import { rangeOf } from './matches.ts'
import type { PolicyDocument, PolicyStep, PolicyTest } from './policy.ts'

/** Something wrong or odd in a policy document. `path` as in the YAML. */
export interface Remark {
  path: PropertyKey[]
  severity: 'error' | 'warning'
  message: string
}

/** What is wrong in a document by itself: names that lead nowhere, keys used twice, amounts that are none. */
export function checkDocument(document: PolicyDocument, vocabulary: Vocabulary): Remark[] {
  const { policies, rules, limits, tests } = document
  const check = new Check(vocabulary)
  check.keys('policies', policies)
  check.keys('rules', rules)
  check.keys('limits', limits, rules)
  for (const [index, { when, steps }] of policies.entries()) {
    check.condition(when, ['policies', index, 'when'])
    check.steps(steps, ['policies', index, 'steps'])
  }
  for (const [index, { when, do: actions }] of rules.entries()) {
    check.condition(when, ['rules', index, 'when'])
    check.steps(actions.approve_by ?? [], ['rules', index, 'do', 'approve_by'])
    const addresses = actions.notify?.filter((to) => to.includes('@')) ?? []
    check.names('person', addresses, ['rules', index, 'do', 'notify'])
  }
  for (const [index, { category = [], team = [], amount }] of limits.entries()) {
    check.names('category', category, ['limits', index, 'category'])
    check.names('team', team, ['limits', index, 'team'])
    check.amount(amount, ['limits', index, 'amount'])
  }
  for (const [index, test] of tests.entries()) check.test(test, document, ['tests', index])
  return check.remarks
}

/** What the organisation names. */
type Named = 'category' | 'reason' | 'team' | 'level' | 'person'

class Check {
  readonly remarks: Remark[] = []
  readonly #currency: string
  readonly #setting: PolicySetting
  readonly #known: Record<Named, readonly string[]>

  constructor(vocabulary: Vocabulary) {
    this.#currency = vocabulary.currency
    this.#setting = settingOf(vocabulary)
    this.#known = {
      category: vocabulary.categories.map(({ key }) => key),
      reason: vocabulary.reasons.map(({ key }) => key),
      team: vocabulary.teams,
      level: vocabulary.levels.map(String),
      person: vocabulary.people,
    }
  }

  #error(path: PropertyKey[], message: string): void {
    this.remarks.push({ path, severity: 'error', message })
  }

  names(kind: Named, names: readonly (string | number)[], path: PropertyKey[]): void {
    this.#oneOf(kind, this.#known[kind], names.map(String), path)
  }

  #oneOf(kind: string, known: readonly string[], names: readonly string[], path: PropertyKey[]): void {
    for (const name of new Set(names)) {
      if (known.includes(name)) continue
      // To compare each wrong name with everybody in a large company would take minutes.
      const near = known.length > 500 ? '' : didYouMean(name, known)
      this.#error(path, `There is no ${kind} “${name}”.${near}`)
    }
  }

  /** `others` share the name space: tests name rules and limits in one list. */
  keys(section: string, list: readonly { key: string }[], others: readonly { key: string }[] = []): void {
    const used = new Set(others.map(({ key }) => key))
    for (const [index, { key }] of list.entries()) {
      if (used.has(key))
        this.#error([section, index, 'key'], `The key “${key}” is taken already, further up.`)
      used.add(key)
    }
  }

  steps(steps: readonly PolicyStep[], path: PropertyKey[]): void {
    for (const [index, { level, approver, scope }] of steps.entries()) {
      if (level !== undefined) this.names('level', [level], [...path, index, 'level'])
      if (approver?.includes('@')) this.names('person', [approver], [...path, index, 'approver'])
      if (typeof scope === 'object') this.names('team', [scope.team], [...path, index, 'scope'])
    }
  }

  amount(text: string, path: PropertyKey[], mayBeZero = false): void {
    if (mayBeZero && /^[0.]+$/.test(text)) return
    try {
      parseAmount(text, this.#currency)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      this.#error(path, error.message)
    }
  }

  condition(condition: Condition, start: PropertyKey[]): void {
    for (const { fact, test, path: within } of testsIn(condition)) {
      const path = [...start, ...within]
      const kind = namedKinds[fact]
      if (isChoice(test)) {
        if (kind) this.names(kind, namedBy(test), path)
        continue
      }
      const before = this.remarks.length
      for (const value of Object.values(test).flat()) {
        if (kind) this.names(kind, [value], path)
        else if (factKinds[fact] === 'money') this.amount(String(value), path, true)
      }
      if (this.remarks.length > before) continue
      const { low, high } = rangeOf(fact, test, this.#currency)
      if (low > high) {
        const band = describeComparison(fact, test, this.#setting)
        this.#error(path, `“${band}” leaves nothing: the lower bound must be below the upper one.`)
      }
    }
  }

  test({ submitter, expense, expect }: PolicyTest, document: PolicyDocument, path: PropertyKey[]): void {
    const { category, reason, amount, spent } = expense
    const policies = ['none', ...document.policies.map(({ key }) => key)]
    const limits = document.limits.map(({ key }) => key)
    const speakers = [...document.rules.map(({ key }) => key), ...limits]
    this.names('person', [submitter], [...path, 'submitter'])
    this.names('category', [category], [...path, 'expense', 'category'])
    this.names('reason', reason === undefined ? [] : [reason], [...path, 'expense', 'reason'])
    this.amount(amount, [...path, 'expense', 'amount'])
    for (const [limit, text] of Object.entries(spent)) {
      this.#oneOf('limit', limits, [limit], [...path, 'expense', 'spent', limit])
      this.amount(text, [...path, 'expense', 'spent', limit], true)
    }
    const { policy, approvers = [], says = [] } = expect
    this.#oneOf('policy', policies, policy === undefined ? [] : [policy], [...path, 'expect', 'policy'])
    this.names('person', approvers.flat(), [...path, 'expect', 'approvers'])
    this.#oneOf('rule or limit', speakers, says, [...path, 'expect', 'says'])
  }
}

const namedKinds: Partial<Record<Fact, Named>> = {
  category: 'category',
  reason: 'reason',
  submitter: 'person',
  team: 'team',
  level: 'level',
}

/** The same company for sentences. */
export const settingOf = ({ currency, locale, categories, levelNames }: Vocabulary): PolicySetting => ({
  currency,
  locale,
  categoryNames: new Map(categories.map(({ key, name }) => [key, name])),
  ...(levelNames ? { levelNames } : {}),
})
