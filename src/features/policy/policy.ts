import { z } from 'zod'
import { isTimeZone } from '../../kernel/calendar-date.ts'
import { isCurrency, parseAmount } from '../../kernel/money.ts'

/** An amount in the company's currency as a decimal string: `"2000.00"`. Its digits are checked with the currency. */
const amount = z.string().regex(/^\d+(\.\d+)?$/, 'must be an amount in quotes, like "2000.00"')

const stepSchema = z.strictObject({
  /** The lowest level that may approve; 1 is the highest. */
  level: z.number().int().positive(),
  /** Where approvers are looked for: the submitter's team, the whole company, or a team by name. */
  scope: z.union([z.enum(['team', 'company']), z.strictObject({ team: z.string() })]).default('team'),
  description: z.string().min(1),
  required: z.boolean().default(true),
  /** How many of the step's approvers must agree. */
  needed: z.union([z.enum(['any', 'all']), z.number().int().positive()]).default('any'),
})

/** One policy: which expenses it is for, by category and amount band, and who approves them in which order. */
export const policySchema = z
  .strictObject({
    key: z.string().regex(/^[a-z0-9_]+$/, 'must be lower-case letters, digits and _'),
    name: z.string().min(1),
    description: z.string().default(''),
    active: z.boolean().default(true),
    category: z.union([z.string(), z.array(z.string()).min(1)]),
    /** Lower bound, exclusive: the next band begins just above the last one. */
    over: amount.optional(),
    /** Upper bound, inclusive. */
    up_to: amount.optional(),
    steps: z
      .array(stepSchema)
      .refine((steps) => steps.some((step) => step.required), 'must have at least one required step'),
  })
  .transform(({ category, up_to, ...policy }) => ({
    ...policy,
    upTo: up_to,
    categories: Array.isArray(category) ? category : [category],
  }))

export type Policy = z.infer<typeof policySchema>
export type PolicyStep = Policy['steps'][number]

/** What a policy says about one expense, in a sentence for people. `clause` is the policy that is cited. */
export interface Finding {
  code: string
  severity: 'info' | 'warning' | 'blocking'
  message: string
  clause: string | null
  relatedExpenseId?: string
}

/** The bounds of a policy in minor units of the company's currency. */
export function bandOf(policy: Policy, currency: string): { over: number; upTo: number } {
  return {
    // Without a lower bound also what converts to less than a cent belongs to the band.
    over: policy.over === undefined ? -1 : parseAmount(policy.over, currency, 'over').minor,
    upTo:
      policy.upTo === undefined
        ? Number.POSITIVE_INFINITY
        : parseAmount(policy.upTo, currency, 'up_to').minor,
  }
}

export const currencyCode = z.string().refine(isCurrency, 'must be a currency code such as USD')
export const timeZoneName = z.string().refine(isTimeZone, 'must be a time zone such as America/New_York')
