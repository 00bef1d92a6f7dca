import { z } from 'zod'
import { didYouMean } from '../../kernel/did-you-mean.ts'
import { amountText } from './amount-text.ts'
import { conditionSchema } from './condition.ts'

const key = z.string().regex(/^[a-z0-9_]+$/, 'must be lower-case letters, digits and _')
const words = z.string().trim().min(1, 'must not be empty').max(500)

/** Who approves where no level says it: a role of theirs, their place beside the submitter, or one person by e-mail. */
const approver = z.union(
  [z.enum(['manager', 'category', 'finance', 'admin']), z.email().toLowerCase()],
  'must be manager, category, finance, admin or an e-mail address',
)

const stepSchema = z
  .strictObject({
    /** The lowest level that may approve; 1 is the highest. */
    level: z.number().int().positive().optional(),
    /**
     * Instead of a level. `manager`: the submitter's direct manager; `category`: whom the file assigns to the expense's
     * category; `finance`, `admin`: anybody with this role; or one person.
     */
    approver: approver.optional(),
    /** Where a level is looked for: the submitter's team, the whole company, or a team by name. */
    scope: z.union([z.enum(['team', 'company']), z.strictObject({ team: z.string() })]).default('team'),
    description: words,
    required: z.boolean().default(true),
    /** How many must agree: anybody, everybody at the nearest level, or so many of the nearest ones. */
    needed: z.union([z.enum(['any', 'all']), z.number().int().positive()]).default('any'),
  })
  .refine((step) => (step.level === undefined) !== (step.approver === undefined), {
    message: 'must have either a level or an approver',
  })
export type PolicyStep = z.infer<typeof stepSchema>

/** One policy: which expenses it is for and who approves them, in which order. The first that matches counts. */
const policySchema = z.strictObject({
  key,
  name: words,
  description: z.string().default(''),
  active: z.boolean().default(true),
  /** Where it stands in the company's rule book, such as `"4.2"`. Cited to people. */
  clause: words.optional(),
  when: conditionSchema.default({}),
  steps: z
    .array(stepSchema)
    .refine((steps) => steps.some((step) => step.required), 'must have at least one required step'),
})
export type Policy = z.infer<typeof policySchema>

/** What an expense can be made to have. */
export const requirements = ['receipt', 'reason', 'note', 'attendees'] as const
export type Requirement = (typeof requirements)[number]

const actionsSchema = z
  .strictObject({
    /** Refuses the expense as it stands, with this sentence. */
    block: words.optional(),
    /** Warns the submitter and every approver with this sentence. */
    flag: words.optional(),
    /** Refuses the expense until it has these. */
    require: z.array(z.enum(requirements)).min(1).optional(),
    /** Further steps after those of the policy. */
    approve_by: z.array(stepSchema).min(1).optional(),
    /** Nobody is asked, unless something warns. */
    approve_automatically: z.literal(true, 'can only be true, or left out').optional(),
    /** Who is told by mail when such an expense is submitted: a role or addresses. */
    notify: z
      .array(z.union([z.enum(['finance', 'admin', 'manager']), z.email().toLowerCase()]))
      .min(1)
      .optional(),
  })
  .refine((actions) => Object.values(actions).some((action) => action !== undefined), 'must say what to do')

/** One rule. Every active rule that matches applies; of two that contradict each other, the higher priority counts. */
const ruleSchema = z.strictObject({
  key,
  name: words,
  active: z.boolean().default(true),
  clause: words.optional(),
  priority: z.number().int().default(0),
  when: conditionSchema.default({}),
  do: actionsSchema,
})
export type Rule = z.infer<typeof ruleSchema>

/**
 * A ceiling on what is spent in a day, month or year by expense date, in the company's currency: by each person, by each
 * team together, or by the whole company; on some categories or on all.
 */
const limitSchema = z.strictObject({
  key,
  name: words,
  active: z.boolean().default(true),
  clause: words.optional(),
  each: z.enum(['person', 'team', 'company']),
  category: z
    .union([z.string(), z.array(z.string()).min(1)])
    .transform((one) => (Array.isArray(one) ? one : [one]))
    .optional(),
  /** Only for the members of these teams (by home team); left out: for everybody. */
  team: z
    .union([z.string(), z.array(z.string()).min(1)])
    .transform((one) => (Array.isArray(one) ? one : [one]))
    .optional(),
  per: z.enum(['day', 'month', 'year']),
  amount: amountText,
  /** What happens to the expense that goes beyond it. */
  beyond: z.enum(['block', 'flag']).default('block'),
})
export type Limit = z.infer<typeof limitSchema>

/** Facts of policies that an example gives by something else. */
const givenBy: Record<string, string> = {
  amount_per_person: 'it comes from “amount” and “attendees”',
  weekday: 'give a “date” that is such a day',
  submitter: 'it stands beside “expense”, not in it',
  team: 'it is that of the “submitter”',
  level: 'it is that of the “submitter”',
  role: 'it is that of the “submitter”',
}

/** A line for each key that an example's expense cannot have. */
function notInExample({ keys, known }: { keys: string[]; known: string[] }): string {
  return keys
    .map((key) =>
      Object.hasOwn(givenBy, key)
        ? `“${key}” is not known here: ${givenBy[key]}.`
        : `“${key}” is not known here.${didYouMean(key, known)}`,
    )
    .join('\n')
}

const exampleExpense = {
  kind: z.enum(['receipt', 'mileage', 'per_diem', 'request']).default('receipt'),
  category: z.string(),
  amount: amountText,
  merchant: z.string().default('Example shop'),
  currency: z.string().optional(),
  /** Left out: a Wednesday, spent the day before it is submitted. */
  date: z.iso.date().optional(),
  age_days: z.number().int().nonnegative().default(1),
  reason: z.string().optional(),
  note: z.string().default(''),
  attendees: z.number().int().nonnegative().default(0),
  paid_by: z.enum(['person', 'company']).default('person'),
  /** Of every other kind than `receipt`, none is needed. */
  receipt: z.enum(['present', 'missing']).default('present'),
  receipt_amount: z.enum(['same', 'differs', 'unknown']).default('same'),
  duplicate: z.enum(['none', 'same_file', 'same_fields']).default('none'),
  /** What was spent before under limits, by the limit's key. */
  spent: z.record(z.string(), amountText).default({}),
  /** What the submitter spent before in the day, month and year of the date. */
  spent_in_day: amountText.optional(),
  spent_in_month: amountText.optional(),
  spent_in_year: amountText.optional(),
}

/** An example beside the policy: what is given, and what must come of it. Run by `outlay policy test`. */
const policyTestSchema = z.strictObject({
  name: words,
  submitter: z.email().toLowerCase(),
  expense: z.strictObject(exampleExpense, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? notInExample({ keys: issue.keys, known: Object.keys(exampleExpense) })
        : undefined,
  }),
  expect: z.strictObject({
    /** The key of the policy, or `none`. */
    policy: z.string().optional(),
    /** Who is asked, step by step, as e-mail addresses. `[]`: nobody, it is approved automatically. */
    approvers: z.array(z.array(z.email().toLowerCase())).optional(),
    /** How many must agree in each step. */
    needed: z.array(z.number().int().positive()).optional(),
    blocked: z.boolean().optional(),
    /** The rules and limits that say something, by key, in any order. */
    says: z.array(z.string()).optional(),
  }),
})
export type PolicyTest = z.infer<typeof policyTestSchema>

const rate = z
  .string('must be an amount in quotes, like "0.70"')
  .regex(/^\d{1,6}(\.\d{1,4})?$/, 'must be an amount like "0.70", with at most four digits after the point')
const rateFrom = z.iso.date('must be a date like 2026-01-01')

/** What a drive in one's own car is paid by distance, from a day on. The newest that is not after the day counts. */
const mileageRateSchema = z.strictObject({
  key,
  name: words,
  unit: z.enum(['km', 'mi']),
  rate,
  from: rateFrom,
  /** The category that is suggested. */
  category: z.string().optional(),
})
export type MileageRate = z.infer<typeof mileageRateSchema>

/** What a day away is paid, from a day on; what each provided meal takes off it. */
const perDiemRateSchema = z.strictObject({
  key,
  name: words,
  full_day: amountText,
  /** For the first and the last day. */
  travel_day: amountText,
  breakfast: amountText.optional(),
  lunch: amountText.optional(),
  dinner: amountText.optional(),
  from: rateFrom,
  category: z.string().optional(),
})
export type PerDiemRate = z.infer<typeof perDiemRateSchema>

/** Everything that a company's policy says. One document is one version. */
export const policyDocumentSchema = z.strictObject({
  policies: z.array(policySchema).default([]),
  rules: z.array(ruleSchema).default([]),
  limits: z.array(limitSchema).default([]),
  mileage: z.array(mileageRateSchema).default([]),
  per_diem: z.array(perDiemRateSchema).default([]),
  tests: z.array(policyTestSchema).default([]),
})
export type PolicyDocument = z.infer<typeof policyDocumentSchema>
