import { z } from 'zod'
import {
  type AdminField,
  type AdminSection,
  adminSections,
  fieldsAsked,
  isPolicyGroup,
} from '../../../../templates/slack/admin-fields.ts'
import type { AdminFormView } from '../../../../templates/slack/admin-form.ts'
import { type AdminValue, fitsInput } from '../../../../templates/slack/admin-inputs.ts'
import { wordsOf } from '../../../../templates/slack/words/index.ts'
import type { Tx } from '../../../database/index.ts'
import {
  type Entry,
  entriesOf,
  entryAsYaml,
  isRemovable,
  meaningOf,
  type Organisation,
  organisationInForce,
  type PolicySection,
  testPolicies,
  titleOf,
} from '../../../features/organisation/index.ts'
import { listStrangers, type Reader, requireAdmin } from '../../../features/people/index.ts'
import { userError } from '../../../kernel/errors.ts'
import { idOf } from '../payloads.ts'
import { amountInputs, amountsInForm } from './admin-amounts.ts'
import { choiceFor, choicesOf, entryOf, fileSectionOf } from './admin-entries.ts'
import { starterOf } from './starters.ts'

/** What a form of an admin carries: what it is about, and what was shown of it. */
export const formMetadata = z.strictObject({
  section: z.enum(adminSections),
  /** null: something new. */
  id: z.string().nullable(),
  seen: z.string().nullable(),
  stamp: z.string(),
  /** Amounts can be changed by themselves or, with all else, as text. */
  asText: z.boolean().default(true),
})
export type FormMetadata = z.infer<typeof formMetadata>

/** What the button that takes something away carries. */
export const removalSchema = z.strictObject({
  section: z.enum(adminSections),
  id: z.string(),
  seen: z.string(),
})

export interface FormAsked {
  section: AdminSection
  /** Of the entry; null: a new one. */
  id: string | null
  /** What is filled in beforehand in the form of a new one. */
  given?: Entry
  /** As it stands in the file, also where its amounts could be changed by themselves. */
  asText?: boolean
}

/**
 * The form of an entry as it is now, or of a new one.
 * @throws userError `admin_required`, `entry_unknown`, `entry_too_long`
 */
export async function adminForm(tx: Tx, { locale }: Reader, asked: FormAsked): Promise<AdminFormView> {
  await requireAdmin(tx)
  const { section, id, given = {}, asText = false } = asked
  const organisation = await organisationInForce(tx)
  const fileSection = fileSectionOf(section)
  const found =
    id !== null && fileSection ? await entryOf(tx, organisation, { section: fileSection, id }) : null
  const entry = found?.entry ?? given
  const isNew = found === null
  const stamp = tx.newId().slice(-12)
  const amounts =
    found && !asText ? amountsInForm(organisation, { section, key: found.key }, wordsOf(locale)) : null
  const seen = found?.fingerprint ?? null
  const metadata: FormMetadata = {
    section,
    id,
    seen: amounts?.fingerprint ?? seen,
    stamp,
    asText: amounts === null,
  }
  const context = { tx, organisation, section, entry, isNew, locale, place: found ? found.index + 1 : null }
  const fields = fieldsAsked(section, isNew).filter((field) => fits(field, entry))
  const removal = { section, id, seen }
  // A company without teams is not asked for one.
  const inputs = amounts
    ? amountInputs(amounts, organisation, locale)
    : await Promise.all(fields.map((field) => inputFor(context, field)))
  return {
    section,
    locale,
    isNew,
    known: found && fileSection ? knownBy(organisation, section, found) : null,
    meaning:
      fileSection && found ? meaningOf(organisation, fileSection, entry, wordsOf(locale).language) : null,
    problems: found && section === 'tests' ? problemsOf(organisation, entry) : [],
    inputs: inputs.filter(({ field, choices }) => !field.optional || choices?.length !== 0),
    stamp,
    metadata: JSON.stringify(metadata),
    removal: found && fileSection && isRemovable(fileSection) ? JSON.stringify(removal) : null,
    amounts: amounts && { ...amounts, asText: `${section} ${id} text` },
  }
}

/** The form that adds somebody who asked for access. @throws userError `entry_unknown`: somebody was faster */
export async function strangerForm(tx: Tx, reader: Reader, id: string): Promise<AdminFormView> {
  const requestId = idOf(id)
  const strangers = await listStrangers(tx, { limit: 1000 })
  const stranger = strangers.find((one) => one.id === requestId)
  if (!stranger) {
    throw userError('entry_unknown', 'They were added already. Please open the list again.')
  }
  const given = { name: stranger.name ?? '', email: stranger.email ?? '' }
  return adminForm(tx, reader, { section: 'people', id: null, given })
}

/** What an entry is known by and its form does not ask for. */
function knownBy(
  organisation: Organisation,
  section: AdminSection,
  { entry, key }: { entry: Entry; key: string },
): string | null {
  const fileSection = fileSectionOf(section)
  switch (section) {
    case 'company':
      return `${organisation.company.name}, ${organisation.company.currency}`
    case 'assignments':
    case 'categories':
    case 'reasons':
    case 'tests':
      return null
    case 'people':
    case 'cost_centres':
      return key
    default:
      return fileSection && titleOf(organisation, fileSection, entry)
  }
}

function problemsOf(organisation: Organisation, entry: Entry): string[] {
  return testPolicies(organisation).find(({ name }) => name === entry.name)?.problems ?? []
}

interface InputContext {
  tx: Tx
  organisation: Organisation
  section: AdminSection
  entry: Entry
  isNew: boolean
  locale: string
  /** From 1; null: of something new. */
  place: number | null
}

async function inputFor(context: InputContext, field: AdminField): Promise<AdminFormView['inputs'][number]> {
  const { organisation, locale } = context
  const choices =
    field.kind === 'choice' || field.kind === 'choices' ? choicesOf(organisation, field.from) : null
  const value = await valueFor(context, field)
  const hint = hintFor(context, field.name, locale)
  return { field, value, choices, ...(hint === undefined ? {} : { hint }) }
}

function hintFor(context: InputContext, name: string, locale: string): string | undefined {
  if (name === 'up_to') return wordsOf(locale).admin.amountHint(context.organisation.company.currency)
  return name === 'place' ? placeHint(context, locale) : undefined
}

function placeHint({ organisation, section, isNew }: InputContext, locale: string): string | undefined {
  const fileSection = fileSectionOf(section)
  // Of policies the first that fits counts: that is said instead.
  if (!fileSection || section === 'policies') return undefined
  const count = entriesOf(organisation, fileSection).length + (isNew ? 1 : 0)
  return wordsOf(locale).admin.placeHint(count)
}

async function valueFor(context: InputContext, field: AdminField): Promise<AdminValue> {
  const { tx, organisation, section, entry, place } = context
  const { name, kind } = field
  if (name === 'text' && isPolicyGroup(section)) return yamlOf(context, section)
  if (name === 'place') return place === null ? null : String(place)
  const value = valueIn(entry, name)
  switch (kind) {
    case 'choice':
      return choiceFor(tx, organisation, { source: field.from, value })
    case 'choices': {
      const chosen = listOf(value).map((one) =>
        choiceFor(tx, organisation, { source: field.from, value: one }),
      )
      return (await Promise.all(chosen)).filter((choice) => choice !== null)
    }
    case 'lines':
    case 'ticks':
      return listOf(value)
    case 'switch':
      return value === true
    default:
      return value === undefined || value === null ? null : String(value)
  }
}

/** What stands at `working_hours.from`, which is inside. */
function valueIn(entry: Entry, name: string): unknown {
  return name
    .split('.')
    .reduce<unknown>(
      (inside, part) =>
        typeof inside === 'object' && inside !== null ? Reflect.get(inside, part) : undefined,
      entry,
    )
}

const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

/** What an input cannot hold is not asked for: it stays as it is. */
const fits = ({ kind, name }: AdminField, entry: Entry) =>
  kind !== 'lines' || fitsInput(listOf(valueIn(entry, name)))

/** More than this Slack does not take. */
const mostYaml = 3000

function yamlOf({ organisation, entry, isNew }: InputContext, section: PolicySection): string {
  if (isNew) return starterOf(organisation, section)
  const yaml = entryAsYaml(section, entry)
  if (yaml.length <= mostYaml) return yaml
  const title = titleOf(organisation, section, entry)
  const message = `“${title}” is longer than a form in Slack can hold. Change it in the file: outlay org export.`
  throw userError('entry_too_long', message, { details: { name: title } })
}
