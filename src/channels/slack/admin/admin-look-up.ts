import { z } from 'zod'
import {
  type AdminScreen,
  adminFields,
  adminScreens,
  adminSections,
  type ChoiceSource,
  fieldOfBlock,
  noChoice,
} from '../../../../templates/slack/admin-fields.ts'
import { type AdminChoice, adminOption, mostChoices } from '../../../../templates/slack/admin-inputs.ts'
import { findPrefix } from '../../../../templates/slack/admin-list.ts'
import { type Words, wordsOf } from '../../../../templates/slack/words/index.ts'
import type { Tx } from '../../../database/index.ts'
import { organisationInForce } from '../../../features/organisation/index.ts'
import { findPeople, requireAdmin } from '../../../features/people/index.ts'
import { AppError } from '../../../kernel/errors.ts'
import { suggestionSchema, teamOf } from '../payloads.ts'
import { asUser } from '../people/as-person.ts'
import { meetReader } from '../people/reader.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { choicesOf, timeZones } from './admin-entries.ts'
import { groupsOf, matchingLines } from './admin-lists.ts'

const menuSchema = z.object({ block_id: z.string() })
type Offered = { options: ReturnType<typeof adminOption>[] }

/** What the menus of admins' forms offer for what is typed: nothing to anybody else. */
export async function lookUpForAdmin(slack: SlackChannel, body: unknown): Promise<Offered> {
  const asked = suggestionSchema.parse(body)
  const { block_id: block } = menuSchema.parse(body)
  const who = { teamId: teamOf(asked), userId: asked.user.id }
  try {
    return await asUser(slack, who, async (tx) => {
      await requireAdmin(tx)
      const { locale } = await meetReader(tx, who)
      const found = await choicesFor(tx, { block, typed: asked.value ?? '', words: wordsOf(locale) })
      return { options: found.slice(0, mostChoices).map(adminOption) }
    })
  } catch (error) {
    if (error instanceof AppError && error.kind === 'user') return { options: [] }
    throw error
  }
}

interface Typed {
  block: string
  typed: string
  words: Words
}

async function choicesFor(tx: Tx, { block, typed, words }: Typed): Promise<AdminChoice[]> {
  if (block.startsWith(findPrefix)) {
    const name = block.slice(findPrefix.length).split('.')[0]
    const screen = adminScreens.find((one) => one === name)
    return screen ? findEntries(tx, { screen, typed, words }) : []
  }
  const field = fieldOfBlock(block)
  const asked = adminSections.flatMap((section) => adminFields[section]).find(({ name }) => name === field)
  if (asked?.kind !== 'choice' && asked?.kind !== 'choices') return []
  const found = await choicesFrom(tx, asked.from, typed)
  return asked.kind === 'choice' && asked.optional && typed === ''
    ? [{ id: noChoice, name: words.admin.none }, ...found]
    : found
}

async function choicesFrom(tx: Tx, source: ChoiceSource, typed: string): Promise<AdminChoice[]> {
  switch (source) {
    case 'people':
      return (await findPeople(tx, typed, { limit: mostChoices }))
        .filter(({ active }) => active)
        .map(({ id, name, email }) => ({ id, name, description: email }))
    case 'zones':
      return matching(
        timeZones().map((zone) => ({ id: zone, name: zone })),
        typed.replaceAll(' ', '_'),
      )
    default:
      return matching(choicesOf(await organisationInForce(tx), source) ?? [], typed)
  }
}

function matching(choices: AdminChoice[], typed: string): AdminChoice[] {
  const wanted = typed.trim().toLowerCase()
  return choices.filter(({ name }) => name.toLowerCase().includes(wanted)).slice(0, mostChoices)
}

/** The entries of a list; their options say what `admin.change` is given. */
async function findEntries(
  tx: Tx,
  { screen, typed, words }: Omit<Typed, 'block'> & { screen: AdminScreen },
): Promise<AdminChoice[]> {
  if (screen === 'people') {
    return (await findPeople(tx, typed, { limit: mostChoices })).map(({ id, name, email, active }) => ({
      id: `people ${id}`,
      name,
      description: active ? email : `${email}, ${words.admin.inactive}`,
    }))
  }
  // Delegations are few, and settings are one.
  if (screen === 'delegations' || screen === 'company') return []
  const groups = groupsOf(await organisationInForce(tx), screen, words)
  return matchingLines(groups, typed).map(({ section, id, title, text }) => ({
    id: `${section} ${id}`,
    name: title,
    ...(text ? { description: text } : {}),
  }))
}
