import { toDecimal } from '../../kernel/money.ts'
import {
  type Choice,
  type Condition,
  type Fact,
  factKinds,
  factNames,
  isChoice,
  namedBy,
  testsIn,
} from './condition.ts'
import { describeCategory, joinPhrases, phraseOf } from './describe-condition.ts'
import type { PolicyFacts, PolicySetting } from './facts.ts'
import { holds } from './matches.ts'

/** One expense in plain English, as far as the conditions look at it: `meals of USD 20.00, on a Saturday`. */
export function describeExample(
  expense: PolicyFacts,
  conditions: readonly Condition[],
  setting: PolicySetting,
): string {
  const tests = conditions.flatMap((condition) => testsIn(condition))
  const asked = new Set(tests.map(({ fact }) => fact))
  if (asked.delete('amount_per_person')) asked.add('amount').add('attendees')
  asked.delete('category')
  const phrases = factNames
    .filter((fact) => asked.has(fact))
    .map((fact) => {
      const named = tests.flatMap(({ fact: other, test }) =>
        other === fact && isChoice(test) ? namedBy(test) : [],
      )
      return phraseFor(fact, expense, { setting, named: [...new Set(named)] })
    })
  return joinPhrases(describeCategory([expense.category], setting), phrases)
}

function phraseFor(
  fact: Fact,
  expense: PolicyFacts,
  { setting, named }: { setting: PolicySetting; named: string[] },
): string {
  const value = expense[fact]
  if (value === null) return fact === 'level' ? 'by somebody without a level' : `without a ${fact}`
  if (value === '') return `without a ${fact}`
  if (typeof value === 'number') {
    const number =
      factKinds[fact] === 'money' ? toDecimal({ minor: value, currency: setting.currency }) : value
    return phraseOf({ fact, test: { between: [number, number] } }, setting)
  }
  if (fact === 'date') return phraseOf({ fact, test: { between: [expense.date, expense.date] } }, setting)
  const choice = (test: Choice) => phraseOf({ fact, test }, setting)
  // Of a merchant, a team or a role, what it is not says more than a made-up name.
  const isVague = Array.isArray(value) || factKinds[fact] === 'text'
  if (isVague && !holds({ [fact]: named }, expense, setting.currency)) return choice({ not: named })
  const own = [value].flat()
  return own
    .filter((one) => !Array.isArray(value) || named.includes(one))
    .map((one) => choice([one]))
    .join(' and ')
}
