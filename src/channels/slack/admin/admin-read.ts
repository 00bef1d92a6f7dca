import {
  type AdminField,
  adminBlock,
  fieldsAsked,
  isPolicyGroup,
} from '../../../../templates/slack/admin-fields.ts'
import type { Tx } from '../../../database/index.ts'
import {
  type Entry,
  type Organisation,
  type OrganisationChange,
  organisationInForce,
} from '../../../features/organisation/index.ts'
import { requireAdmin } from '../../../features/people/index.ts'
import { inputOf, type ViewSubmission } from '../payloads.ts'
import { amountIn, hasAmounts, readAmounts } from './admin-amounts.ts'
import { entryOf, fileSectionOf, valueOfChoice } from './admin-entries.ts'
import type { FormMetadata } from './admin-forms.ts'

/**
 * The change that a submitted form asks for.
 * @throws userError `admin_required`, `entry_unknown`, `choice_unknown` with the field
 */
export async function readChange(
  tx: Tx,
  submission: ViewSubmission,
  { section, id, seen, stamp, asText }: FormMetadata,
): Promise<OrganisationChange> {
  await requireAdmin(tx)
  const organisation = await organisationInForce(tx)
  const fileSection = fileSectionOf(section)
  if (!fileSection) throw new Error('delegations have a form of their own')
  const found = id === null ? null : await entryOf(tx, organisation, { section: fileSection, id })
  const typed = { tx, organisation, submission, stamp }
  if (found && hasAmounts(section) && !asText) {
    return {
      kind: 'amounts',
      section,
      key: found.key,
      seen,
      amounts: readAmounts(submission, stamp, organisation),
    }
  }
  const place = inputOf(submission, adminBlock('place', stamp))
  return {
    kind: 'put',
    section: fileSection,
    key: found?.key ?? null,
    seen,
    ...placeOf(place, found ? found.index + 1 : null),
    entry: isPolicyGroup(section)
      ? (inputOf(submission, adminBlock('text', stamp)) ?? '')
      : await readEntry(typed, fieldsAsked(section, found === null)),
  }
}

/** What stays where it is needs no place. */
function placeOf(typed: string | undefined, current: number | null): { place?: number } {
  const place = Number(typed)
  return Number.isInteger(place) && place > 0 && place !== current ? { place } : {}
}

interface Typed {
  tx: Tx
  organisation: Organisation
  submission: ViewSubmission
  stamp: string
}

/** What was typed and chosen, in the words of the file; null takes away what stands there. */
async function readEntry(typed: Typed, fields: AdminField[]): Promise<Entry> {
  const entry: Entry = {}
  for (const field of fields) {
    const isAsked = typed.submission.view.state.values[adminBlock(field.name, typed.stamp)] !== undefined
    if (field.name === 'place' || !isAsked) continue
    put(entry, field.name, await readField(typed, field))
  }
  return entry
}

/** `working_hours.from` is inside of `working_hours`. */
function put(entry: Entry, name: string, value: unknown): void {
  const [outer = '', inner] = name.split('.')
  if (inner === undefined) entry[outer] = value
  else entry[outer] = { ...Object(entry[outer]), [inner]: value }
}

async function readField(
  { tx, organisation, submission, stamp }: Typed,
  field: AdminField,
): Promise<unknown> {
  const block = adminBlock(field.name, stamp)
  const text = inputOf(submission, block)?.trim() ?? ''
  const chosen = (submission.view.state.values[block]?.value?.selected_options ?? []).map(
    ({ value }) => value,
  )
  switch (field.kind) {
    case 'choice':
      if (text === '') return null
      return valueOfChoice(tx, organisation, { source: field.from, id: text, field: field.name })
    case 'choices':
      return Promise.all(
        chosen.map((id) => valueOfChoice(tx, organisation, { source: field.from, id, field: field.name })),
      )
    case 'ticks':
      return chosen
    case 'switch':
      return text === 'on'
    case 'lines':
      return text
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '')
    case 'number':
      return text === '' ? null : Number(text.replace(',', '.'))
    case 'text':
      if (text === '') return null
      return field.isAmount ? amountIn(text, organisation.company.currency) : text
    case 'email':
    case 'date':
      return text === '' ? null : text
  }
}
