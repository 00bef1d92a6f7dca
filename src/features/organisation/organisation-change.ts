import { createHash } from 'node:crypto'
import { z } from 'zod'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import type { Organisation } from './organisation-schema.ts'

/** The sections of an organisation file of which one entry at a time can be changed. `company` has only one. */
export const changeableSections = [
  'company',
  'teams',
  'levels',
  'categories',
  'reasons',
  'cost_centres',
  'people',
  'assignments',
  'policies',
  'rules',
  'limits',
  'mileage',
  'per_diem',
  'tests',
] as const
export type ChangeableSection = (typeof changeableSections)[number]

/** What is taken away without a trace of it being kept. All else stays, as expenses name it: it becomes inactive. */
const removableSections = [
  'assignments',
  'policies',
  'rules',
  'limits',
  'mileage',
  'per_diem',
  'tests',
] as const
export type RemovableSection = (typeof removableSections)[number]

const policySections = ['policies', 'rules', 'limits', 'mileage', 'per_diem', 'tests'] as const
export type PolicySection = (typeof policySections)[number]

export function isPolicySection(section: ChangeableSection): section is PolicySection {
  return policySections.some((one) => one === section)
}

export function isRemovable(section: ChangeableSection): section is RemovableSection {
  return removableSections.some((one) => one === section)
}

const seen = z.string().nullable()

/** One change of one entry, or of amounts. */
export const organisationChangeSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('put'),
    section: z.enum(changeableSections),
    /** The entry that is changed, by `keyOf`; null: a new one. */
    key: z.string().nullable(),
    /** `fingerprintOf` the entry as it was shown; null: whatever it says now is overwritten. */
    seen,
    /** Where it stands in its section, from 1; left out: where it is, or at the end. */
    place: z.number().int().positive().optional(),
    /**
     * What the entry is to say in the words of the file: what is left out stays as it is, and null takes it away. Of
     * policies, rules, limits, rates and examples also the whole entry as YAML.
     */
    entry: z.union([z.record(z.string(), z.unknown()), z.string()]),
  }),
  z.strictObject({ kind: z.literal('remove'), section: z.enum(removableSections), key: z.string(), seen }),
  z.strictObject({
    /** Only the amounts of `amountsOf`: of a policy and those beside it, whose bands stay side by side, or of a limit. */
    kind: z.literal('amounts'),
    section: z.enum(['policies', 'limits']),
    key: z.string(),
    /** The fingerprint of all that the amounts stand in. */
    seen,
    amounts: z.array(z.string()),
  }),
])
export type OrganisationChange = z.infer<typeof organisationChangeSchema>
export type AmountsChange = Extract<OrganisationChange, { kind: 'amounts' }>

export type Entry = Record<string, unknown>

/** The entries of a section in their order. */
export function entriesOf(organisation: Organisation, section: ChangeableSection): Entry[] {
  if (section === 'company') return [organisation.company]
  if (isPolicySection(section)) return organisation.document?.[section] ?? []
  return organisation[section] ?? []
}

/** What an entry is known by in its section. */
export function keyOf(section: ChangeableSection, entry: Entry): string {
  const text = (name: string) => String(entry[name] ?? '')
  switch (section) {
    case 'company':
      return 'company'
    case 'people':
      return text('email')
    case 'teams':
    case 'tests':
      return text('name')
    case 'levels':
      return entry.team === undefined ? text('rank') : `${text('rank')} of ${text('team')}`
    case 'cost_centres':
      return text('code')
    case 'assignments':
      return [text('category'), text('approver'), text('team')].join(', ')
    case 'mileage':
    case 'per_diem':
      return `${text('key')} from ${text('from')}`
    default:
      return text('key')
  }
}

/** The field of an entry that says what it is known by. */
export function keyFieldOf(section: ChangeableSection): string {
  switch (section) {
    case 'people':
      return 'email'
    case 'levels':
      return 'rank'
    case 'cost_centres':
      return 'code'
    case 'assignments':
      return 'approver'
    default:
      return 'name'
  }
}

/** Short and the same for the same value: whether an entry is still what somebody was shown. */
export function fingerprintOf(value: unknown): string {
  return createHash('sha256')
    .update(canonicalJson(JSON.stringify(value ?? null)))
    .digest('base64url')
    .slice(0, 22)
}

/** The entry with this key, with its place (from 0) and its fingerprint; null when the section has none. */
export function findEntry(
  organisation: Organisation,
  section: ChangeableSection,
  key: string,
): { entry: Entry; index: number; fingerprint: string } | null {
  const entries = entriesOf(organisation, section)
  const index = entries.findIndex((one) => keyOf(section, one) === key)
  const entry = entries[index]
  return entry ? { entry, index, fingerprint: fingerprintOf(entry) } : null
}
