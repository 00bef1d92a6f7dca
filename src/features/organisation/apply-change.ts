import type { z } from 'zod'
import { userError } from '../../kernel/errors.ts'
import { amountsOf, withAmounts } from './entry-amounts.ts'
import {
  type AmountsChange,
  type ChangeableSection,
  type Entry,
  entriesOf,
  findEntry,
  isPolicySection,
  keyFieldOf,
  keyOf,
  type OrganisationChange,
} from './organisation-change.ts'
import {
  companySchema,
  entrySchemas,
  type Organisation,
  organisationOf,
  organisationSchema,
  sectionsOf,
} from './organisation-schema.ts'
import { check } from './plain-words.ts'
import { fieldErrors, yamlErrors } from './remark-fields.ts'
import { readYaml, type YamlText } from './yaml-text.ts'

export interface AppliedChange {
  organisation: Organisation
  /** Where the entry stands now; null: it was taken away. */
  index: number | null
  /** What was written as YAML. */
  yaml: YamlText | null
}

type Put = Extract<OrganisationChange, { kind: 'put' }>

/**
 * The organisation with one entry changed, added or taken away. The entry itself is checked; what it means for the rest is
 * not.
 * @throws userError `entry_unknown`, `entry_changed`, `entry_there`, `name_fixed`, `entry_invalid` with the fields, and those
 *   of `withAmounts`
 */
export function applyChange(organisation: Organisation, change: OrganisationChange): AppliedChange {
  if (change.kind === 'amounts') return applyAmounts(organisation, change)
  const { section } = change
  const entries = [...entriesOf(organisation, section)]
  const found = change.key === null ? null : requireSeen(organisation, change)
  if (change.kind === 'remove') {
    entries.splice(found?.index ?? entries.length, 1)
    return { organisation: withEntries(organisation, section, entries), index: null, yaml: null }
  }
  const { entry, yaml } = readEntry(change, found?.entry ?? null, entries)
  refuseSecond(entries, { section, entry, except: found?.index ?? null })
  const before = found?.index ?? entries.length
  if (found) entries.splice(found.index, 1)
  const index = Math.min(change.place === undefined ? before : change.place - 1, entries.length)
  entries.splice(index, 0, entry)
  return { organisation: withEntries(organisation, section, entries), index, yaml }
}

function applyAmounts(organisation: Organisation, change: AmountsChange): AppliedChange {
  const { index } = requireKnown(organisation, change)
  const amounts = amountsOf(organisation, change)
  const isAsSeen = change.seen === null || change.seen === amounts?.fingerprint
  if (!isAsSeen || amounts?.amounts.length !== change.amounts.length) throw changedMeanwhile()
  const document = withAmounts(organisation, change, change.amounts)
  return { organisation: { ...organisation, document }, index, yaml: null }
}

/** Whoever changes something has seen what it says now: nobody overwrites what somebody else just did. */
function requireSeen(
  organisation: Organisation,
  change: OrganisationChange,
): NonNullable<ReturnType<typeof findEntry>> {
  const found = requireKnown(organisation, change)
  if (change.seen !== null && change.seen !== found.fingerprint) throw changedMeanwhile()
  return found
}

function requireKnown(
  organisation: Organisation,
  { section, key }: OrganisationChange,
): NonNullable<ReturnType<typeof findEntry>> {
  const found = findEntry(organisation, section, key ?? '')
  if (!found) throw userError('entry_unknown', 'This is not there any more. Please open the list again.')
  return found
}

const changedMeanwhile = () =>
  userError(
    'entry_changed',
    'Somebody else changed this in the meantime. Please open it again: nothing of theirs is overwritten.',
  )

function readEntry(
  { section, entry: given }: Put,
  before: Entry | null,
  others: Entry[],
): { entry: Entry; yaml: YamlText | null } {
  const yaml = typeof given === 'string' ? yamlIn(given) : null
  const value = typeof given === 'string' ? yaml?.value : merged({ section, given, before, others })
  const schema: z.ZodType<Entry> = section === 'company' ? companySchema : entrySchemas[section]
  const checked = check(schema, { value: value ?? {}, writtenAt: yaml?.writtenAt ?? (() => null) })
  if ('remarks' in checked) throw fieldErrors(checked.remarks, yaml)
  if (section === 'company' && checked.data.name !== before?.name) {
    throw userError('name_fixed', 'A company is known by its name, which cannot change.', { field: 'name' })
  }
  return { entry: checked.data, yaml }
}

/** @throws userError `entry_invalid` at `text` */
function yamlIn(text: string): YamlText {
  try {
    return readYaml(text, '')
  } catch (error) {
    throw yamlErrors(error)
  }
}

function merged({
  section,
  given,
  before,
  others,
}: {
  section: ChangeableSection
  given: Entry
  before: Entry | null
  others: Entry[]
}): Entry {
  const isNamedOnly = before === null && (section === 'categories' || section === 'reasons')
  const key = isNamedOnly && given.key === undefined ? { key: keyFor(String(given.name ?? ''), others) } : {}
  const all = Object.entries({ ...before, ...key, ...given })
  return Object.fromEntries(all.filter(([, value]) => value !== null && value !== undefined))
}

/** `Büro & Porto` becomes `buero_porto`: what policies and examples call it. Never one that is taken. */
function keyFor(name: string, others: Entry[]): string {
  const words = name
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/[äöü]/g, (letter) => `${letter.normalize('NFD')[0]}e`)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
    .slice(0, 40)
  const base = words || 'entry'
  const taken = new Set(others.map(({ key }) => key))
  for (let count = 1; ; count++) {
    const key = count === 1 ? base : `${base}_${count}`
    if (!taken.has(key)) return key
  }
}

function refuseSecond(
  entries: Entry[],
  { section, entry, except }: { section: ChangeableSection; entry: Entry; except: number | null },
): void {
  const key = keyOf(section, entry)
  const isTaken = entries.some((one, index) => index !== except && keyOf(section, one) === key)
  if (!isTaken) return
  const field = isPolicySection(section) ? 'text' : keyFieldOf(section)
  throw userError('entry_there', `“${key.slice(0, 100)}” is there already.`, {
    field,
    details: { name: key.slice(0, 100) },
  })
}

function withEntries(organisation: Organisation, section: ChangeableSection, entries: Entry[]): Organisation {
  const value = section === 'company' ? entries[0] : entries
  return organisationOf(organisationSchema.parse({ ...sectionsOf(organisation), [section]: value }))
}
