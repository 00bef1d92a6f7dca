import type { ModalView } from '@slack/types'
import { z } from 'zod'
import { loadingModal, messageModal } from '../../../../templates/slack/modals.ts'
import type { Words } from '../../../../templates/slack/words/index.ts'
import type { Tx } from '../../../database/index.ts'
import type { Reader } from '../../../features/people/index.ts'
import { AppError } from '../../../kernel/errors.ts'
import { logger } from '../../../kernel/logger.ts'
import { inBackground } from '../in-background.ts'
import type { ActionDelivery, PressedView, SlackUser } from '../payloads.ts'
import { asUser } from '../people/as-person.ts'
import { inWords } from '../people/in-words.ts'
import { meetReader, wordsFor } from '../people/reader.ts'
import { tellPerson } from '../people/tell-person.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { slackErrorCode } from '../transport/slack-client.ts'
import { takeTurn } from './form-turns.ts'

export interface FormToFill {
  who: FormUser
  /** It comes on top of the form in which somebody pressed for it. */
  onTop?: boolean
  title: (words: Words) => string
  fill: (tx: Tx, reader: Reader) => Promise<ModalView>
}

/** Whose form it is, and where they pressed for it. */
export type FormUser = SlackUser & Pick<ActionDelivery, 'channel' | 'threadTs'>

/** A form on somebody's screen. Without a hash it says no more than that it is coming. */
type Opened = Pick<PressedView, 'id'> & Partial<Pick<PressedView, 'hash' | 'pressedAt'>>

/**
 * Opens a form: a loading view at once, as a trigger lives three seconds; the form when it is ready, for which Slack does
 * not wait. For forms that are opened once more when they do not come.
 */
export async function openAndFill(slack: SlackChannel, triggerId: string, form: FormToFill): Promise<void> {
  const opened = await openLoading(slack, triggerId, form)
  inBackground('filling a form', async () => show(slack, opened, form, await build(slack, form)))
}

/** Opens what says that the form is coming. */
export async function openLoading(
  slack: SlackChannel,
  triggerId: string,
  { who, title, onTop = false }: Pick<FormToFill, 'who' | 'title' | 'onTop'>,
): Promise<Opened> {
  const words = wordsFor(who)
  const { client } = await slack.workspaces.of(who.teamId)
  const loading = { trigger_id: triggerId, view: loadingModal(title(words), words) }
  const opened = onTop ? await client.views.push(loading) : await client.views.open(loading)
  return { id: opened.view?.id ?? '' }
}

/**
 * Fills the form on the screen anew. What was typed stays where an input keeps its name. What `fill` does is done when
 * this returns; Slack shows it in its own time. Of several presses the newest is shown.
 * @throws what went wrong on our side, where the form holds what somebody typed: it stays as it is
 */
export async function fillAgain(slack: SlackChannel, opened: Opened, form: FormToFill): Promise<void> {
  const { isNewest, show: showInTurn } = takeTurn(opened.id, opened.pressedAt)
  const view = await build(slack, form, opened.hash !== undefined)
  inBackground('filling a form', () => showInTurn(() => show(slack, opened, form, view, isNewest)))
}

async function show(
  slack: SlackChannel,
  opened: Opened,
  { who, title }: FormToFill,
  view: ModalView,
  isNewest = () => true,
): Promise<void> {
  try {
    await update(slack, who, { opened, view, isNewest })
  } catch (error) {
    logger.warn({ error }, 'a form could not be shown')
    if (opened.hash !== undefined) return
    const words = wordsFor(who)
    const sorry = messageModal(title(words), words.common.sorry, words)
    await update(slack, who, { opened, view: sorry, isNewest })
  }
}

async function update(
  slack: SlackChannel,
  who: FormUser,
  { opened, view, isNewest }: { opened: Opened; view: ModalView; isNewest: () => boolean },
): Promise<void> {
  const { client } = await slack.workspaces.of(who.teamId)
  const { id: view_id, hash } = opened
  try {
    await client.views.update({ view_id, view, ...(hash ? { hash } : {}) })
  } catch (error) {
    const code = slackErrorCode(error)
    // What is older was shown since this was pressed: it does not stand in the way.
    if (code === 'hash_conflict' && isNewest()) await client.views.update({ view_id, view })
    else if (code === 'not_found') tellInstead(slack, who, view)
    else if (code !== 'hash_conflict') throw error
  }
}

const answerSchema = z.object({ text: z.object({ text: z.string() }) })

/** Closed by somebody in a hurry: a form is nothing any more, an answer is told elsewhere. */
function tellInstead(slack: SlackChannel, who: FormUser, { callback_id, blocks }: ModalView): void {
  const answer = answerSchema.safeParse(blocks[0])
  if (callback_id === undefined && answer.success) tellPerson(slack, who, answer.data.text)
}

async function build(
  slack: SlackChannel,
  { who, title, fill }: FormToFill,
  isFilled = false,
): Promise<ModalView> {
  try {
    return await asUser(slack, who, async (tx) => fill(tx, await meetReader(tx, who)))
  } catch (error) {
    const words = wordsFor(who)
    if (error instanceof AppError && error.kind === 'user') {
      return messageModal(title(words), inWords(error, words), words)
    }
    if (isFilled) throw error
    logger.error({ error }, 'a form could not be filled')
    return messageModal(title(words), words.common.sorry, words)
  }
}
