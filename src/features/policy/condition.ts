import { z } from 'zod'
import { isCalendarDate } from '../../kernel/calendar-date.ts'
import { didYouMean } from '../../kernel/did-you-mean.ts'
import { amountText } from './amount-text.ts'
import { currencyCode } from './company-fields.ts'
import type { PolicyFacts } from './facts.ts'

/** What a fact is: one of several, an amount in the company's currency, a number, a text for patterns, a day. */
export type FactKind = 'choice' | 'money' | 'count' | 'text' | 'date'
export type Fact = keyof PolicyFacts

/** Everything a condition may look at, in the order in which it is told. */
export const factKinds: Readonly<Record<Fact, FactKind>> = {
  category: 'choice',
  amount: 'money',
  amount_per_person: 'money',
  merchant: 'text',
  currency: 'choice',
  reason: 'choice',
  note: 'text',
  attendees: 'count',
  paid_by: 'choice',
  date: 'date',
  weekday: 'choice',
  age_days: 'count',
  submitter: 'choice',
  team: 'choice',
  level: 'count',
  role: 'choice',
  receipt: 'choice',
  kind: 'choice',
  receipt_amount: 'choice',
  duplicate: 'choice',
  spent_in_day: 'money',
  spent_in_month: 'money',
  spent_in_year: 'money',
}
const isFact = (key: string): key is Fact => Object.hasOwn(factKinds, key)
export const factNames: readonly Fact[] = Object.keys(factKinds).filter(isFact)

/** `[meals, other]`: one of these. `{ not: [meals] }`: none of these. */
export type Choice = string[] | { not: string[] }

/** All that are given must hold. `over` >, `from` >=, `under` <, `up_to` <=, `between` from the one up to the other. */
export interface Comparison<Value> {
  over?: Value
  from?: Value
  under?: Value
  up_to?: Value
  between?: [Value, Value]
}

const count = z
  .number('must be a whole number without quotes, like 2')
  .int('must be a whole number')
  .nonnegative('must not be below 0')
const day = z
  .string('must be a date like 2026-07-01')
  .refine(isCalendarDate, 'must be a date like 2026-07-01')
const word = z
  .string('must be text, in quotes where it looks like a number')
  .trim()
  .min(1, 'must not be empty')
const pattern = z.string('must be text, in quotes where it looks like a number')

/** A key that stands where it means nothing. The issue's path leads to the key itself, so that its line can be named. */
const unknownKey = (what: string, known: readonly string[]) =>
  z.custom<undefined>(() => false, {
    error: ({ path }) => {
      const key = String(path?.at(-1))
      return `“${key}” is not ${what}.${didYouMean(key, known)}`
    },
  })

const comparisons = ['over', 'from', 'under', 'up_to', 'between'] as const
function comparison<Value>(value: z.ZodType<Value>, example: string): z.ZodType<Comparison<Value>> {
  const must = `must be a comparison such as { ${example} }`
  return z
    .object(
      {
        over: value.optional(),
        from: value.optional(),
        under: value.optional(),
        up_to: value.optional(),
        between: z.tuple([value, value], 'must be two values: [from, up to]').optional(),
      },
      must,
    )
    .catchall(unknownKey('a comparison', comparisons))
    .refine((given) => comparisons.some((key) => given[key] !== undefined), must)
}
const money = comparison(amountText, 'over: "500.00"')
const number = comparison(count, 'from: 2')

/** One value, a list, or `{ not: … }` of either; written or not as a list, it is kept as one. */
function choice(value: z.ZodType<string>): z.ZodType<Choice> {
  const list = z.array(value).min(1, 'must not be an empty list')
  const either = 'must be one value, a list of them, or { not: … }'
  return z
    .union([value, list, z.strictObject({ not: z.union([value, list], either) })], either)
    .transform((given) => {
      if (typeof given === 'string') return [given]
      return Array.isArray(given) ? given : { not: [given.not].flat() }
    })
}
function oneOf(...values: string[]): z.ZodType<Choice> {
  const error = (issue: { input?: unknown }) => {
    const given = String(issue.input)
    return `“${given}” is not one of ${values.join(', ')}.${didYouMean(given, values)}`
  }
  return choice(z.string().refine((value) => values.includes(value), { error }))
}

const factTests = {
  category: choice(word).optional(),
  amount: money.optional(),
  amount_per_person: money.optional(),
  merchant: choice(pattern).optional(),
  currency: choice(currencyCode).optional(),
  reason: choice(word).optional(),
  note: choice(pattern).optional(),
  attendees: number.optional(),
  paid_by: oneOf('person', 'company').optional(),
  date: comparison(day, 'from: 2026-07-01').optional(),
  weekday: oneOf('monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday').optional(),
  age_days: number.optional(),
  submitter: choice(z.email('must be an e-mail address').toLowerCase()).optional(),
  team: choice(word).optional(),
  level: number.optional(),
  role: oneOf('employee', 'manager', 'finance', 'admin').optional(),
  receipt: oneOf('present', 'missing', 'not_needed').optional(),
  kind: oneOf('receipt', 'mileage', 'per_diem', 'request').optional(),
  receipt_amount: oneOf('same', 'differs', 'unknown').optional(),
  duplicate: oneOf('none', 'same_file', 'same_fields').optional(),
  spent_in_day: money.optional(),
  spent_in_month: money.optional(),
  spent_in_year: money.optional(),
} satisfies Record<Fact, z.ZodType>

/** When a policy or a rule is meant: everything in it must hold; with nothing in it, it always holds. */
export type Condition = { [F in Fact]?: z.infer<(typeof factTests)[F]> } & {
  any?: Condition[]
  all?: Condition[]
  not?: Condition
}

/** A condition as it stands in YAML. See config/company.example.yaml. */
export const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z
    .object(
      {
        ...factTests,
        any: z.array(conditionSchema, 'must be a list of conditions').min(1, 'must not be empty').optional(),
        all: z.array(conditionSchema, 'must be a list of conditions').min(1, 'must not be empty').optional(),
        not: conditionSchema.optional(),
      },
      'must say what to look at, such as { category: meals }',
    )
    .catchall(unknownKey('something a policy can look at', [...factNames, 'any', 'all', 'not'])),
)

/** One fact and what is asked of it. */
export interface FactTest {
  fact: Fact
  test: Choice | Comparison<string | number>
  /** Where it stands in the condition. */
  path: PropertyKey[]
}

/** Every test in a condition, however deep. */
export function testsIn(condition: Condition, path: PropertyKey[] = []): FactTest[] {
  const { any = [], all = [], not } = condition
  return [
    ...factNames.flatMap((fact) => {
      const test = condition[fact]
      return test === undefined ? [] : [{ fact, test, path: [...path, fact] }]
    }),
    ...any.flatMap((inner, index) => testsIn(inner, [...path, 'any', index])),
    ...all.flatMap((inner, index) => testsIn(inner, [...path, 'all', index])),
    ...(not ? testsIn(not, [...path, 'not']) : []),
  ]
}

export const isChoice = (test: FactTest['test']): test is Choice => Array.isArray(test) || 'not' in test

/** The values that a choice names, whether wanted or not. */
export const namedBy = (choice: Choice): string[] => (Array.isArray(choice) ? choice : choice.not)
