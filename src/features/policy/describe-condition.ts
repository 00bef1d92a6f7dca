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
import type { PolicySetting } from './facts.ts'

/** A condition in plain English: `meals or other over USD 500.00, on a Saturday or Sunday`. Nothing in it: `every expense`. */
export function describeCondition(condition: Condition, setting: PolicySetting): string {
  const { category, ...others } = condition
  return joinPhrases(describeCategory(category, setting), phrasesOf(others, setting))
}

/** A subject and what is said of it, as one phrase. */
export function joinPhrases(subject: string, phrases: string[]): string {
  if (phrases.length === 0) return subject === 'every expense' ? subject : `${subject} of any amount`
  return `${subject} ${phrases.join(', ')}`
}

/** `meals or other`; without a choice `every expense`. */
export function describeCategory(category: Choice | undefined, setting: PolicySetting): string {
  if (category === undefined) return 'every expense'
  const names = listOf(namedBy(category).map((key) => valueWords('category', key, setting)))
  return Array.isArray(category) ? names : `everything but ${names},`
}

function phrasesOf({ any, all = [], not, ...tests }: Condition, setting: PolicySetting): string[] {
  const inOne = (condition: Condition) => phrasesOf(condition, setting).join(' and ') || 'anything'
  return [
    ...testsIn(tests).map((test) => phraseOf(test, setting)),
    ...all.flatMap((inner) => phrasesOf(inner, setting)),
    ...(any ? [`${any.length > 1 ? 'either ' : ''}${any.map(inOne).join(' or ')}`] : []),
    ...(not ? [phrasesOf(not, setting).length > 1 ? `not (${inOne(not)})` : `not ${inOne(not)}`] : []),
  ]
}

/** One test: `over USD 500.00`, `on a Saturday or Sunday`, `not by somebody in Sales`. */
export function phraseOf({ fact, test }: Omit<FactTest, 'path'>, setting: PolicySetting): string {
  if (!isChoice(test)) return phrases[fact](describeComparison(fact, test, setting))
  const phrase = phrases[fact](listOf(namedBy(test).map((value) => valueWords(fact, value, setting))))
  return Array.isArray(test) ? phrase : `not ${phrase}`
}

/** What is said of an expense, around the values. */
const phrases: Record<Fact, (what: string) => string> = {
  category: (what) => `for ${what}`,
  amount: (what) => what,
  amount_per_person: (what) => `${what} per person`,
  merchant: (what) => `from ${what}`,
  currency: (what) => `in ${what}`,
  reason: (what) => `for the reason ${what}`,
  note: (what) => `with the note ${what}`,
  attendees: (what) => `with ${what} attendees`,
  paid_by: (what) => `paid by ${what}`,
  date: (what) => `dated ${what}`,
  weekday: (what) => `on a ${what}`,
  age_days: (what) => `${what} days old`,
  submitter: (what) => `by ${what}`,
  team: (what) => `by somebody in ${what}`,
  level: (what) => `by somebody with a level number of ${what}`,
  role: (what) => `by somebody with the role ${what}`,
  receipt: (what) => what,
  kind: (what) => what,
  receipt_amount: (what) => `whose receipt says ${what}`,
  duplicate: (what) => what,
  spent_in_day: (what) => `when spending in the day comes to ${what}`,
  spent_in_month: (what) => `when spending in the month comes to ${what}`,
  spent_in_year: (what) => `when spending in the year comes to ${what}`,
}

const words: Partial<Record<Fact, Record<string, string>>> = {
  paid_by: { person: 'the employee', company: 'the company' },
  receipt: {
    present: 'with a receipt',
    missing: 'without a receipt',
    not_needed: 'for which no receipt is needed',
  },
  kind: {
    receipt: 'as money spent',
    mileage: 'as mileage',
    per_diem: 'as per diem',
    request: 'as a request to spend',
  },
  receipt_amount: {
    same: 'the same amount',
    differs: 'another amount',
    unknown: 'no amount that could be read',
  },
  duplicate: {
    none: 'without a duplicate',
    same_file: 'with a receipt handed in before',
    same_fields: 'with the same merchant, date and amount as another',
  },
}

function valueWords(fact: Fact, value: string, setting: PolicySetting): string {
  const known = words[fact]?.[value]
  if (known !== undefined) return known
  if (fact === 'category') return lowerFirst(setting.categoryNames.get(value) ?? value)
  if (fact === 'weekday') return value.charAt(0).toUpperCase() + value.slice(1)
  if (fact === 'reason') return `“${value.replaceAll('_', ' ')}”`
  return factKinds[fact] === 'text' ? `“${value}”` : value
}

/** `Travel` → `travel`; `IT equipment` stays. */
const lowerFirst = (name: string) =>
  /^\p{Lu}(?!\p{Lu})/u.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name

/** `A, B or C`; of more than six the first five, and how many others. */
function listOf(values: string[]): string {
  const shown = values.length > 6 ? [...values.slice(0, 5), `${values.length - 5} others`] : values
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}` : (shown[0] ?? '')
}

/** Its bounds: `over USD 300.00, up to USD 500.00`, `2 or more`, `after Jul 1, 2026`. */
export function describeComparison(
  fact: Fact,
  comparison: Comparison<string | number>,
  setting: PolicySetting,
): string {
  const { over, from, under, up_to, between } = comparison
  const value = (given: string | number) => formatValue(given, fact, setting)
  const sayings = comparisonWords[fact === 'date' ? 'date' : factKinds[fact] === 'count' ? 'count' : 'money']
  const parts: string[] = []
  if (over !== undefined) parts.push(sayings.over(value(over)))
  if (from !== undefined) parts.push(sayings.from(value(from)))
  if (under !== undefined) parts.push(sayings.under(value(under)))
  if (up_to !== undefined) parts.push(`up to ${value(up_to)}`)
  if (between) {
    const [first, last] = between
    parts.push(first === last ? sayings.exactly(value(first)) : sayings.between(value(first), value(last)))
  }
  return parts.join(', ')
}

const comparisonWords = {
  money: {
    over: (x: string) => `over ${x}`,
    from: (x: string) => `of ${x} or more`,
    under: (x: string) => `under ${x}`,
    exactly: (x: string) => `of ${x}`,
    between: (x: string, y: string) => `of ${x} to ${y}`,
  },
  count: {
    over: (x: string) => `more than ${x}`,
    from: (x: string) => `${x} or more`,
    under: (x: string) => `fewer than ${x}`,
    exactly: (x: string) => x,
    between: (x: string, y: string) => `${x} to ${y}`,
  },
  date: {
    over: (x: string) => `after ${x}`,
    from: (x: string) => `${x} or later`,
    under: (x: string) => `before ${x}`,
    exactly: (x: string) => x,
    between: (x: string, y: string) => `${x} to ${y}`,
  },
}

function formatValue(given: string | number, fact: Fact, { currency, locale }: PolicySetting): string {
  if (typeof given === 'number') return String(given)
  if (fact === 'date') return formatDate(given, locale)
  return formatMoney(tryAmount(given, currency) ?? { minor: 0, currency }, locale)
}
