import { z } from 'zod'
import { messageModal } from '../../../../templates/slack/modals.ts'
import { joined } from '../../../../templates/slack/text.ts'
import type { Words } from '../../../../templates/slack/words/index.ts'
import type { WorkInHand } from '../../../database/index.ts'
import { expensesOfDeliveries } from '../../../features/expenses/index.ts'
import type { Person, Reader } from '../../../features/people/index.ts'
import { openLoading } from '../forms/fill-forms.ts'
import { showInForm } from '../forms/show-in-form.ts'
import { fileSchema, type ShortcutDelivery, type SlackUser, teamOf } from '../payloads.ts'
import { asPerson, readerAndWords } from '../people/as-person.ts'
import { identifyWriter } from '../people/request-access.ts'
import { linkToMessage } from '../show/message-link.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { storeDelivery } from '../transport/deliveries.ts'
import type { Shortcut } from '../transport/listeners.ts'
import { fetchFiles, mostFiles } from './fetch-files.ts'
import { deliveryKeys, draftFromFiles, draftFromText, type MadeExpense, messageKey } from './make-drafts.ts'
import { filesOf, readable } from './message-events.ts'
import { askAboutFiles, findQuestionOf } from './questions.ts'
import { severalAmounts } from './several-amounts.ts'

/** https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload#message-actions */
const messageActionSchema = z.object({
  team: z.object({ id: z.string() }).nullish(),
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  trigger_id: z.string(),
  action_ts: z.string(),
  api_app_id: z.string().optional(),
  channel: z.object({ id: z.string() }),
  message: z.object({
    ts: z.string(),
    user: z.string().optional(),
    app_id: z.string().optional(),
    bot_profile: z.object({ app_id: z.string().optional() }).optional(),
    text: z.string().nullish(),
    files: z.array(fileSchema).optional(),
  }),
})

/**
 * “Make this an expense” in the menu of a message: a form opens at once, which will tell what came of it, and the press is
 * stored.
 */
export const makeExpense: Shortcut = async (slack, body) => {
  const pressed = messageActionSchema.parse(body)
  const { user, message, channel, trigger_id, action_ts, api_app_id } = pressed
  const who = { teamId: teamOf(pressed), userId: user.id }
  const opened = await openLoading(slack, trigger_id, { who, title: ({ talk }) => talk.makeTitle })
  const delivery: ShortcutDelivery = {
    kind: 'shortcut',
    ...who,
    channel: channel.id,
    ts: message.ts,
    viewId: opened.id,
    isOwnMessage: message.user === user.id,
    isOurs: api_app_id !== undefined && [message.app_id, message.bot_profile?.app_id].includes(api_app_id),
    text: readable(message.text ?? '').slice(0, 4000),
    files: filesOf(message),
  }
  await storeDelivery(
    slack.database,
    `shortcut:${who.teamId}:${user.id}:${action_ts}:${message.ts}`,
    delivery,
  )
}

/** Slack may not have made a file ready yet; more often we are not in the conversation that it was posted in. */
const triesForFile = 3

/** Makes expenses of a message for whoever wanted that: the same message twice by the same person is one. */
export async function receiveShortcut(
  slack: SlackChannel,
  delivery: ShortcutDelivery,
  work: WorkInHand,
): Promise<void> {
  const person = await identifyWriter(slack, delivery)
  const { words, reader } = await readerAndWords(slack, person, delivery)
  const made = await makeOf(slack, { delivery, person, words, reader, work })
  const { teamId } = delivery
  const url = made.show
    ? await linkToMessage(slack, { teamId, expenseId: made.show.expenseId }, (run) =>
        asPerson(slack, person, run),
      )
    : null
  await tellInForm(slack, delivery, made.text, words, made.show && url ? { ...made.show, url } : null)
  await work.finishAlone()
}

/** What to tell, and the message to lead to. */
interface Made {
  text: string
  show?: { label: string; expenseId: string | null }
}

interface InHand {
  delivery: ShortcutDelivery
  person: Person
  words: Words
  reader: Reader
  work: WorkInHand
}

/** Makes what can be made. */
async function makeOf(slack: SlackChannel, inHand: InHand): Promise<Made> {
  const { delivery, person, words, reader, work } = inHand
  const { talk } = words
  if (delivery.isOurs) return { text: talk.makeOwn }
  const asked: Made = { text: talk.makeAsked, show: { label: talk.showQuestion, expenseId: null } }
  const key = messageKey(delivery, delivery.isOwnMessage ? null : delivery.userId)
  const known = await asPerson(slack, person, async (tx) => ({
    made: (await expensesOfDeliveries(tx, deliveryKeys(key, delivery.files))).map(({ id, number }) => ({
      id,
      number,
    })),
    isAsked: (await findQuestionOf(tx, key))?.answer === null,
  }))
  const [first] = known.made
  if (first) {
    const numbers = known.made.map(({ number }) => number)
    const text = talk.makeKnown(joined(numbers, 'and', reader.locale))
    return { text, show: { label: talk.showExpense, expenseId: first.id } }
  }
  if (known.isAsked) return asked
  const source = { key, personId: person.id, address: null, note: delivery.text }
  if (delivery.files.length === 0) return makeOfText(slack, inHand, source)
  if (delivery.files.length > mostFiles) return { text: talk.tooManyFiles(delivery.files.length) }
  const isLastTry = work.failures + 1 >= triesForFile
  const { files, problems } = await fetchFiles(slack, delivery, { isLastTry, words })
  if (files.length === 0) return { text: [...new Set(problems)].join(' ') }
  return asPerson(slack, person, async (tx) => {
    if (files.length > 1) {
      await askAboutFiles(tx, { ...source, teamId: delivery.teamId, inThread: false }, files)
      return asked
    }
    const [made] = await draftFromFiles(tx, source, { files, together: false })
    return ready(made, talk)
  })
}

async function makeOfText(
  slack: SlackChannel,
  { delivery, person, words, reader }: InHand,
  source: Parameters<typeof draftFromText>[1],
): Promise<Made> {
  const typed = await asPerson(slack, person, (tx) => draftFromText(tx, source, delivery.text))
  const { talk } = words
  if ('expense' in typed) return ready(typed.expense, talk)
  return { text: typed.kind === 'none' ? talk.makeNothing : severalAmounts(typed.amounts, reader) }
}

const ready = (made: MadeExpense | undefined, talk: Words['talk']): Made => ({
  text: talk.makeReady(made?.number ?? ''),
  show: { label: talk.showDraft, expenseId: made?.id ?? null },
})

/** In the form that opened at the press; closed meanwhile, nothing more is said. */
export async function tellInForm(
  slack: SlackChannel,
  { teamId, viewId }: SlackUser & { viewId: string },
  text: string,
  words: Words,
  link: Parameters<typeof messageModal>[3] = null,
): Promise<void> {
  const { client } = await slack.workspaces.of(teamId)
  const view = messageModal(words.talk.makeTitle, text, words, link)
  await showInForm(client, { view_id: viewId }, view)
}
