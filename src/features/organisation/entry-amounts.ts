import { isDeepStrictEqual } from 'node:util'
import { AppError, userError } from '../../kernel/errors.ts'
import { parseAmount } from '../../kernel/money.ts'
import {
  describeCondition,
  describeLimit,
  describeSteps,
  type Policy,
  type PolicyDocument,
  type PolicyLanguage,
  policyDocumentSchema,
} from '../policy/index.ts'
import { settingIn } from './describe-entry.ts'
import { fingerprintOf } from './organisation-change.ts'
import type { Organisation } from './organisation-schema.ts'

/** Where most changes are of an amount alone. */
export type SectionWithAmounts = 'policies' | 'limits'

/** What an amount belongs to: a policy among those that share the same expenses by amount, or a limit. */
export interface Band {
  name: string
  /** What it asks for, in words. */
  asks: string
  /** Which of the amounts it begins above and ends at; null: none. */
  above: number | null
  upTo: number | null
}

export interface EntryAmounts {
  /** The expenses that they divide, in words; null: those of a limit stand with what it asks for. */
  expenses: string | null
  /** As they stand in the file, rising. Bands that touch share the one between them. */
  amounts: string[]
  /** The lowest first. */
  bands: Band[]
  fingerprint: string
}

/**
 * The amounts by which a policy and those beside it divide the same expenses between them, or that of a limit.
 * @returns null: it has none, or they stand where only the text says what they mean
 */
export function amountsOf(
  organisation: Organisation,
  { section, key }: { section: SectionWithAmounts; key: string },
  language: PolicyLanguage | null = null,
): EntryAmounts | null {
  const { document } = organisation
  if (!document) return null
  const setting = settingIn(organisation, language)
  if (section === 'limits') {
    const limit = document.limits.find((one) => one.key === key)
    if (!limit) return null
    const band = { name: limit.name, asks: describeLimit(limit, setting, language), above: null, upTo: 0 }
    return { expenses: null, amounts: [limit.amount], bands: [band], fingerprint: fingerprintOf([limit]) }
  }
  const policies = policiesBeside(document, key)
  const amounts = risingAmounts(policies)
  if (amounts.length === 0) return null
  const placeOf = (text: string | undefined) => {
    const place = amounts.findIndex((amount) => Number(amount) === Number(text))
    return text === undefined || place < 0 ? null : place
  }
  const bands = policies.map((policy) => {
    const { low, high } = boundsOf(policy)
    return {
      name: policy.name,
      asks: describeSteps(policy.steps, setting, language),
      above: placeOf(low),
      upTo: placeOf(high),
    }
  })
  const endless = amounts.length
  bands.sort(
    (one, other) =>
      (one.upTo ?? endless) - (other.upTo ?? endless) || (one.above ?? -1) - (other.above ?? -1),
  )
  const [policy] = policies
  const expenses = policy ? describeCondition(apartFromAmount(policy), setting, language?.conditions) : null
  return { expenses, amounts, bands, fingerprint: fingerprintOf(policies) }
}

/** The field of a form that asks for one of the amounts. */
export const amountField = (place: number) => `amount_${place + 1}`

/**
 * The policies with other amounts between their bands, each in the place of the one that stood there.
 * @throws userError `amount_invalid`, `amounts_not_rising`, with the field
 */
export function withAmounts(
  organisation: Organisation,
  { section, key }: { section: SectionWithAmounts; key: string },
  typed: readonly string[],
): PolicyDocument {
  const { document, company } = organisation
  const before = amountsOf(organisation, { section, key })?.amounts ?? []
  if (!document || typed.length !== before.length) throw new Error('these are not the amounts of this entry')
  refuseUnfit(typed, company.currency)
  const replaced = (text: string) => {
    const place = before.findIndex((amount) => Number(amount) === Number(text))
    const now = typed[place] ?? text
    return Number(now) === Number(text) ? text : now
  }
  if (section === 'limits') {
    const limits = document.limits.map((limit) =>
      limit.key === key ? { ...limit, amount: replaced(limit.amount) } : limit,
    )
    return policyDocumentSchema.parse({ ...document, limits })
  }
  const moved = new Set(policiesBeside(document, key))
  const policies = document.policies.map((policy) =>
    moved.has(policy) ? moveBounds(policy, replaced) : policy,
  )
  return policyDocumentSchema.parse({ ...document, policies })
}

/** The policies that look at the same but for the amount, itself among them; none where it looks at no amount. */
export function policiesBeside({ policies }: PolicyDocument, key: string): Policy[] {
  const own = policies.find((policy) => policy.key === key)
  if (!own?.when.amount) return []
  return policies.filter(
    (policy) =>
      policy.active === own.active && isDeepStrictEqual(apartFromAmount(policy), apartFromAmount(own)),
  )
}

const apartFromAmount = ({ when: { amount, ...others } }: Policy) => others

function boundsOf({ when: { amount } }: Policy): { low: string | undefined; high: string | undefined } {
  return {
    low: amount?.over ?? amount?.from ?? amount?.between?.[0],
    high: amount?.up_to ?? amount?.under ?? amount?.between?.[1],
  }
}

function risingAmounts(policies: Policy[]): string[] {
  const all = policies.flatMap(({ when: { amount } }) => Object.values(amount ?? {}).flat())
  const byValue = new Map(all.map((text) => [Number(text), text]))
  return [...byValue].sort(([one], [other]) => one - other).map(([, text]) => text)
}

function moveBounds(policy: Policy, replaced: (text: string) => string): Policy {
  const { amount } = policy.when
  if (!amount) return policy
  const { between, ...bounds } = amount
  const moved = Object.fromEntries(Object.entries(bounds).map(([name, text]) => [name, replaced(text)]))
  return {
    ...policy,
    when: {
      ...policy.when,
      amount: { ...moved, ...(between ? { between: [replaced(between[0]), replaced(between[1])] } : {}) },
    },
  }
}

function refuseNoAmount(text: string, currency: string, field: string): void {
  try {
    parseAmount(text, currency)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    throw userError(error.code, error.message, { field, cause: error })
  }
}

function refuseUnfit(typed: readonly string[], currency: string): void {
  for (const [place, text] of typed.entries()) {
    const field = amountField(place)
    // A condition may say zero, which no expense may.
    if (!/^0+(\.0+)?$/.test(text)) refuseNoAmount(text, currency, field)
    if (place > 0 && Number(text) <= Number(typed[place - 1])) {
      throw userError('amounts_not_rising', 'This must be more than the amount above it.', { field })
    }
  }
}
