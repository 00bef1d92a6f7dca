import { formatDate } from '../../kernel/calendar-date.ts'
import { formatMoney, tryAmount } from '../../kernel/money.ts'
import {
  type Choice,
  type Comparison,
  type Condition,
  type Fact,
  type FactTest,
  factKinds,
  isChoice,
  namedBy,
  testsIn,
} from './condition.ts'
import { conditions as english } from './english/conditions.ts'
import type { PolicySetting } from './facts.ts'
import type { ConditionWords } from './language.ts'

/**
 * A condition in plain words: `meals or other over USD 500.00, on a Saturday or Sunday`. Nothing in it: `every expense`.
 * Money and dates are by the setting's locale.
 */
export function describeCondition(condition: Condition, setting: PolicySetting, words = english): string {
  const { category, ...others } = condition
  return joinPhrases(describeCategory(category, setting, words), phrasesOf(others, setting, words), words)
}

/** A subject and what is said of it, as one phrase. */
export function joinPhrases(subject: string, phrases: string[], words = english): string {
  if (phrases.length === 0)
    return subject === words.everyExpense ? subject : `${subject} ${words.ofAnyAmount}`
  return `${subject} ${phrases.join(', ')}`
}

/** `meals or other`; without a choice `every expense`. */
export function describeCategory(
  category: Choice | undefined,
  setting: PolicySetting,
  words = english,
): string {
  if (category === undefined) return words.everyExpense
  const names = listOf(
    namedBy(category).map((key) => valueText('category', key, { ...setting, words })),
    words,
  )
  return Array.isArray(category) ? names : words.everythingBut(names)
}

function phrasesOf(
  { any, all = [], not, ...tests }: Condition,
  setting: PolicySetting,
  words: ConditionWords,
): string[] {
  const inOne = (condition: Condition) =>
    phrasesOf(condition, setting, words).join(` ${words.and} `) || words.anything
  const inBrackets = (condition: Condition) =>
    phrasesOf(condition, setting, words).length > 1 ? `(${inOne(condition)})` : inOne(condition)
  const either = any && any.length > 1 ? `${words.either} ` : ''
  return [
    ...testsIn(tests).map((test) => phraseOf(test, setting, words)),
    ...all.flatMap((inner) => phrasesOf(inner, setting, words)),
    ...(any ? [`${either}${any.map(inOne).join(` ${words.or} `)}`] : []),
    ...(not ? [words.not(inBrackets(not))] : []),
  ]
}

/** One test: `over USD 500.00`, `on a Saturday or Sunday`, `not by somebody in Sales`. */
export function phraseOf(
  { fact, test }: Omit<FactTest, 'path'>,
  setting: PolicySetting,
  words = english,
): string {
  const phrase = words.phrases[fact]
  if (!isChoice(test)) return phrase(describeComparison(fact, test, setting, words))
  const values = namedBy(test).map((value) => valueText(fact, value, { ...setting, words }))
  const text = phrase(listOf(values, words))
  return Array.isArray(test) ? text : words.not(text)
}

function valueText(
  fact: Fact,
  value: string,
  { categoryNames, words }: Pick<PolicySetting, 'categoryNames'> & { words: ConditionWords },
): string {
  const values: Partial<Record<Fact, Record<string, string>>> = words.values
  const known = values[fact]?.[value]
  if (known !== undefined) return known
  if (fact === 'category') return words.category(categoryNames.get(value) ?? value)
  if (fact === 'reason') return words.quoted(value.replaceAll('_', ' '))
  return factKinds[fact] === 'text' ? words.quoted(value) : value
}

/** `A, B or C`; of more than six the first five, and how many others. */
function listOf(values: string[], { or, others }: ConditionWords): string {
  const shown = values.length > 6 ? [...values.slice(0, 5), others(values.length - 5)] : values
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} ${or} ${shown.at(-1)}` : (shown[0] ?? '')
}

/** Its bounds: `over USD 300.00, up to USD 500.00`, `2 or more`, `after Jul 1, 2026`. */
export function describeComparison(
  fact: Fact,
  comparison: Comparison<string | number>,
  setting: PolicySetting,
  words = english,
): string {
  const { over, from, under, up_to, between } = comparison
  const value = (given: string | number) => formatValue(given, fact, setting)
  const sayings =
    words.comparisons[fact === 'date' ? 'date' : factKinds[fact] === 'count' ? 'count' : 'money']
  const parts: string[] = []
  if (over !== undefined) parts.push(sayings.over(value(over)))
  if (from !== undefined) parts.push(sayings.from(value(from)))
  if (under !== undefined) parts.push(sayings.under(value(under)))
  if (up_to !== undefined) parts.push(sayings.upTo(value(up_to)))
  if (between) {
    const [first, last] = between
    parts.push(first === last ? sayings.exactly(value(first)) : sayings.between(value(first), value(last)))
  }
  return parts.join(', ')
}

function formatValue(given: string | number, fact: Fact, { currency, locale }: PolicySetting): string {
  if (typeof given === 'number') return String(given)
  if (fact === 'date') return formatDate(given, locale)
  return formatMoney(tryAmount(given, currency) ?? { minor: 0, currency }, locale)
}
