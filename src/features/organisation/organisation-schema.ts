import { z } from 'zod'
import { didYouMean } from '../../kernel/did-you-mean.ts'
import { compactIban, isIban } from '../../kernel/iban.ts'
import { holidayRegions, isHolidayRegion } from '../people/index.ts'
import {
  amountText,
  currencyCode,
  type PolicyDocument,
  policyDocumentSchema,
  timeZoneName,
} from '../policy/index.ts'

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

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
/** Nothing more is said about hours of which one is none. */
const timeOfDay = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, {
  error: 'must be a time of the day like "09:00"',
  abort: true,
})
const workingHours = z
  .strictObject({
    days: z
      .array(z.enum(weekdays))
      .min(1)
      .refine((days) => new Set(days).size === days.length, 'must not name a day twice')
      .default(weekdays.slice(0, 5)),
    from: timeOfDay.default('09:00'),
    to: timeOfDay.default('17:00'),
  })
  .refine(({ from, to }) => from < to, 'must end later in the day than they begin')
/** A country, a state or a part of it, as in `DE`, `DE-BY` and `DE-BY-A`. */
const holidays = z.string().refine(isHolidayRegion, {
  error: ({ input }) =>
    `must be a country or a state of one, such as US or DE-BY.${nearRegion(String(input))}`,
})
/** Somebody asked and reminded in the same minute would think that nothing works. */
const days = z
  .number()
  .min(0)
  .max(365)
  .refine(
    (days) => days === 0 || days >= 0.1,
    'must be 0, which is never, or at least 0.1, a tenth of a working day',
  )

const { policies, rules, limits, mileage, per_diem, tests } = policyDocumentSchema.shape
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
  /** What expenses are booked to. */
  cost_centres: z.strictObject({
    code: z
      .string()
      .trim()
      .min(1)
      .max(40)
      .regex(/^\S+( \S+)*$/, 'must stand on one line, without double blanks'),
    name,
    active,
  }),
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
    /** Where their holidays are others than the company's. */
    holidays: holidays.optional(),
    iban: iban.optional(),
    active,
  }),
  assignments: z.strictObject({ category: key, approver: email, team: name.optional() }),
  /** The delegate decides in the principal's place, from one day to another, both included. */
  delegations: z.strictObject({
    principal: email,
    delegate: email,
    from: z.iso.date(),
    to: z.iso.date(),
    up_to: amountText.optional(),
  }),
  policies: policies.unwrap().element,
  rules: rules.unwrap().element,
  limits: limits.unwrap().element,
  mileage: mileage.unwrap().element,
  per_diem: per_diem.unwrap().element,
  tests: tests.unwrap().element,
}

/** What holds for a company as a whole. */
export const companySchema = z.strictObject({
  name,
  currency: currencyCode,
  time_zone: timeZoneName,
  locale: locale.default('en-US'),
  intake: email.optional(),
  /** How long a decision can be taken back by the one who made it; 0: never. At most a year. */
  rollback_hours: z.number().int().min(0).max(8760).default(24),
  /** When people work, each in their own time zone: reminders come and deadlines run only then. */
  working_hours: workingHours.prefault({}),
  /** Whose public holidays are kept. Left out: none. */
  holidays: holidays.optional(),
  /** After so many working days without an answer; 0: never. */
  remind_after_days: days.default(1),
  escalate_after_days: days.default(3),
  /** Whoever decides about more than this proves first that it is them. Left out: never. */
  step_up_over: amountText.optional(),
  /** By how much expenses may exceed the request to spend that they draw on. */
  request_tolerance_percent: z.number().int().min(0).max(100).default(10),
  digest_over: z.number().int().min(0).max(1000).default(10),
})

/** The organisation of one company as its YAML file states it. See config/company.example.yaml. */
export const organisationSchema = z.strictObject({
  company: companySchema,
  teams: z.array(entrySchemas.teams).default([]),
  levels: z.array(entrySchemas.levels).default([]),
  categories: z.array(entrySchemas.categories).default([]),
  reasons: z.array(entrySchemas.reasons).default([]),
  cost_centres: z.array(entrySchemas.cost_centres).default([]),
  people: z.array(entrySchemas.people).default([]),
  /** Who approves a category where a step asks for that. Left out: they stay as they are. */
  assignments: z.array(entrySchemas.assignments).optional(),
  /** Left out: they stay as they are. Given: those that a file made and that stand here no more end. */
  delegations: z.array(entrySchemas.delegations).optional(),
  /** All six left out: what is in force stays. As soon as one is given, they are all there is. */
  policies: policies.unwrap().optional(),
  rules: rules.unwrap().optional(),
  limits: limits.unwrap().optional(),
  mileage: mileage.unwrap().optional(),
  per_diem: per_diem.unwrap().optional(),
  tests: tests.unwrap().optional(),
})

type OrganisationFile = z.infer<typeof organisationSchema>

/** One company: everything that its file says. */
export type Organisation = Omit<OrganisationFile, keyof PolicyDocument> & {
  /** undefined: the file has none of its six sections, and what is in force stays. */
  document: PolicyDocument | undefined
}

/** The same with the sections of its policies apart. */
export function organisationOf(file: OrganisationFile): Organisation {
  const { policies, rules, limits, mileage, per_diem, tests, ...rest } = file
  const hasPolicies = policies || rules || limits || mileage || per_diem || tests
  if (!hasPolicies) return { ...rest, document: undefined }
  return {
    ...rest,
    document: {
      policies: policies ?? [],
      rules: rules ?? [],
      limits: limits ?? [],
      mileage: mileage ?? [],
      per_diem: per_diem ?? [],
      tests: tests ?? [],
    },
  }
}

/** The sections as they stand in a file. */
export function sectionsOf({ document, ...rest }: Organisation): OrganisationFile {
  return { ...rest, ...document }
}

/** By its code, or by its name. */
function nearRegion(text: string): string {
  const regions = holidayRegions()
  const [code] = [...regions].find(([, name]) => name.toLowerCase() === text.trim().toLowerCase()) ?? []
  return code ? ` Did you mean “${code}”?` : didYouMean(text, regions.keys())
}

function isLocale(text: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(text).length > 0
  } catch {
    return false
  }
}
