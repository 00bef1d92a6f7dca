import { z } from 'zod'
import { compactIban, isIban } from '../../kernel/iban.ts'
import { currencyCode, policyDocumentSchema, timeZoneName } from '../policy/index.ts'

const email = z.email().max(254).toLowerCase()
const key = z.string().regex(/^[a-z0-9_]+$/, 'must be lower-case letters, digits and _')
const name = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\n\t]*$/, 'must stand on one line')
const keyword = z.string().trim().min(1).max(100)
const locale = z.string().refine(isLocale, 'must be a language and country such as en-US')
/** `none` takes away the one that is known. */
const iban = z
  .string()
  .transform(compactIban)
  .refine(
    (text) => text === 'NONE' || isIban(text),
    'is not a valid IBAN; “none” takes away the one that is known',
  )

const { policies, rules, limits, tests } = policyDocumentSchema.shape
const active = z.boolean().default(true)

/** One entry of each section, in the order of the sections. */
export const entrySchemas = {
  teams: z.strictObject({ name, company_wide: z.boolean().default(false) }),
  levels: z.strictObject({
    rank: z.number().int().positive().max(1000, 'must be 1000 or less'),
    name,
    team: name.optional(),
  }),
  categories: z.strictObject({ key, name, keywords: z.array(keyword).default([]), active }),
  reasons: z.strictObject({ key, name, active }),
  people: z.strictObject({
    name,
    email,
    team: name.optional(),
    /** The teams they belong to beside their home team. */
    also_in: z.array(name).default([]),
    level: z.number().int().positive().optional(),
    manager: email.optional(),
    roles: z.array(z.enum(['employee', 'manager', 'finance', 'admin'])).default([]),
    time_zone: timeZoneName.optional(),
    iban: iban.optional(),
    active,
  }),
  assignments: z.strictObject({ category: key, approver: email, team: name.optional() }),
  policies: policies.unwrap().element,
  rules: rules.unwrap().element,
  limits: limits.unwrap().element,
  tests: tests.unwrap().element,
}

/** The organisation of one company as its YAML file states it. See config/company.example.yaml. */
export const organisationSchema = z.strictObject({
  company: z.strictObject({
    name,
    currency: currencyCode,
    time_zone: timeZoneName,
    locale: locale.default('en-US'),
    intake: email.optional(),
    /** How long a decision can be taken back by the one who made it; 0: never. At most a year. */
    rollback_hours: z.number().int().min(0).max(8760).default(24),
  }),
  teams: z.array(entrySchemas.teams).default([]),
  levels: z.array(entrySchemas.levels).default([]),
  categories: z.array(entrySchemas.categories).default([]),
  reasons: z.array(entrySchemas.reasons).default([]),
  people: z.array(entrySchemas.people).default([]),
  /** Who approves a category where a step asks for that. Left out: they stay as they are. */
  assignments: z.array(entrySchemas.assignments).optional(),
  /** All four left out: what is in force stays. As soon as one is given, they are all there is. */
  policies: policies.unwrap().optional(),
  rules: rules.unwrap().optional(),
  limits: limits.unwrap().optional(),
  tests: tests.unwrap().optional(),
})

type OrganisationFile = z.infer<typeof organisationSchema>

/** One company: everything that its file says. */
export type Organisation = Omit<OrganisationFile, 'policies' | 'rules' | 'limits' | 'tests'> & {
  /** undefined: the file has none of its four sections, and what is in force stays. */
  document: z.infer<typeof policyDocumentSchema> | undefined
}

function isLocale(text: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(text).length > 0
  } catch {
    return false
  }
}
