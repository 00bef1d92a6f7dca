import { type AdminSection, type ChoiceSource, noChoice } from '../../../../templates/slack/admin-fields.ts'
import type { AdminChoice } from '../../../../templates/slack/admin-inputs.ts'
import { offeredLocales } from '../../../../templates/slack/words/index.ts'
import type { Tx } from '../../../database/index.ts'
import {
  type ChangeableSection,
  type Entry,
  entriesOf,
  findEntry,
  fingerprintOf,
  keyOf,
  type Organisation,
} from '../../../features/organisation/index.ts'
import { getPeople, peopleByEmail } from '../../../features/people/index.ts'
import { userError } from '../../../kernel/errors.ts'
import { idOf } from '../payloads.ts'

/** What an entry is called in the value of a button: short, and nothing personal. People go by their ids. */
export const handleOf = (section: ChangeableSection, entry: Entry) => fingerprintOf(keyOf(section, entry))

/**
 * The entry that a button means.
 * @throws userError `entry_unknown`: it is gone, or another company's
 */
export async function entryOf(
  tx: Tx,
  organisation: Organisation,
  { section, id }: { section: ChangeableSection; id: string },
): Promise<NonNullable<ReturnType<typeof findEntry>> & { key: string }> {
  const key = section === 'people' ? await emailOf(tx, id) : keyByHandle(organisation, section, id)
  const found = key === null ? null : findEntry(organisation, section, key)
  if (key === null || !found)
    throw userError('entry_unknown', 'This is not there any more. Please open the list again.')
  return { ...found, key }
}

function keyByHandle(organisation: Organisation, section: ChangeableSection, id: string): string | null {
  if (section === 'company') return 'company'
  const entry = entriesOf(organisation, section).find((one) => handleOf(section, one) === id)
  return entry ? keyOf(section, entry) : null
}

async function emailOf(tx: Tx, id: string): Promise<string | null> {
  const personId = idOf(id)
  return (await getPeople(tx, [personId])).get(personId)?.email ?? null
}

/** What a menu offers; null: it is looked up while somebody types. */
export function choicesOf(organisation: Organisation, source: ChoiceSource): AdminChoice[] | null {
  const { teams, levels, categories } = organisation
  switch (source) {
    case 'teams':
      return teams.map(({ name }) => ({ id: fingerprintOf(name), name }))
    case 'levels':
      return [...Map.groupBy(levels, ({ rank }) => rank)]
        .sort(([a], [b]) => a - b)
        .map(([rank, named]) => ({ id: String(rank), name: `${rank} ${named[0]?.name ?? ''}` }))
    case 'categories':
      return categories.map(({ key, name }) => ({ id: fingerprintOf(key), name }))
    case 'locales':
      return localeChoices(organisation.company.locale)
    case 'people':
    case 'zones':
      return null
  }
}

/** The ones that texts are written in, and the one that is in force. */
function localeChoices(current: string): AdminChoice[] {
  const offered: Record<string, string> = offeredLocales
  const all = { ...offered, [current]: offered[current] ?? current }
  return Object.entries(all).map(([id, name]) => ({ id, name }))
}

/** The option for what an entry says; null: it says nothing. */
export async function choiceFor(
  tx: Tx,
  organisation: Organisation,
  { source, value }: { source: ChoiceSource; value: unknown },
): Promise<AdminChoice | null> {
  if (value === undefined || value === null || value === '') return null
  const text = String(value)
  switch (source) {
    case 'people': {
      const [person] = await peopleByEmail(tx, [text])
      return person ? { id: person.id, name: person.name, description: person.email } : null
    }
    case 'zones':
      return { id: text, name: text }
    case 'levels':
    case 'locales':
      return choicesOf(organisation, source)?.find(({ id }) => id === text) ?? { id: text, name: text }
    case 'teams':
    case 'categories':
      return choicesOf(organisation, source)?.find(({ id }) => id === fingerprintOf(text)) ?? null
  }
}

/**
 * What the chosen option of a menu means in the words of the file; null: nothing. Options come back from outside: what the
 * company does not have is refused.
 * @throws userError `choice_unknown` with the field
 */
export async function valueOfChoice(
  tx: Tx,
  organisation: Organisation,
  { source, id, field }: { source: ChoiceSource; id: string; field: string },
): Promise<string | number | null> {
  if (id === noChoice) return null
  const found = await meantBy(tx, organisation, { source, id })
  if (found === null) {
    const message = 'This is not among what can be chosen. Please choose from the list.'
    throw userError('choice_unknown', message, { field })
  }
  return found
}

async function meantBy(
  tx: Tx,
  organisation: Organisation,
  { source, id }: { source: ChoiceSource; id: string },
): Promise<string | number | null> {
  switch (source) {
    case 'people':
      return emailOf(tx, id).catch(() => null)
    case 'teams':
      return organisation.teams.find(({ name }) => fingerprintOf(name) === id)?.name ?? null
    case 'categories':
      return organisation.categories.find(({ key }) => fingerprintOf(key) === id)?.key ?? null
    case 'levels':
      return organisation.levels.find(({ rank }) => String(rank) === id)?.rank ?? null
    case 'zones':
      return timeZones().includes(id) ? id : null
    case 'locales':
      return choicesOf(organisation, 'locales')?.some((one) => one.id === id) ? id : null
  }
}

let zones: string[] | null = null
/** The time zones that can be chosen, by their names. */
export function timeZones(): string[] {
  zones ??= [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])]
  return zones
}

/** The section of the organisation file; null: delegations are of people, and in no section that is changed this way. */
export function fileSectionOf(section: AdminSection): ChangeableSection | null {
  return section === 'delegations' ? null : section
}
