import type { ModalView } from '@slack/types'
import { loadingModal, messageModal } from '../../../templates/slack/modals.ts'
import type { Words } from '../../../templates/slack/words/index.ts'
import { inCompany, type Tx } from '../../database/index.ts'
import type { Reader } from '../../features/people/index.ts'
import { AppError } from '../../kernel/errors.ts'
import { logger } from '../../kernel/logger.ts'
import { identify } from './identify.ts'
import { inBackground } from './in-background.ts'
import type { PressedView, SlackUser } from './payloads.ts'
import { meetReader, wordsFor } from './reader.ts'
import type { SlackChannel } from './slack-channel.ts'
import { slackErrorCode } from './slack-client.ts'

export interface FormToFill {
  who: SlackUser
  title: (words: Words) => string
  fill: (tx: Tx, reader: Reader) => Promise<ModalView>
}

/** A form on somebody's screen. Without a hash, whatever it shows is replaced. */
type Opened = Pick<PressedView, 'id'> & Partial<Pick<PressedView, 'hash'>>

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
  { who, title }: Pick<FormToFill, 'who' | 'title'>,
): Promise<Opened> {
  const { client } = await slack.workspaces.of(who.teamId)
  const view = loadingModal(title(wordsFor(who)))
  const opened = await client.views.open({ trigger_id: triggerId, view })
  return { id: opened.view?.id ?? '' }
}

/**
 * Fills the form on the screen anew. What was typed stays where an input keeps its name. What `fill` does is done when
 * this returns; Slack shows it in its own time.
 */
export async function fillAgain(slack: SlackChannel, opened: Opened, form: FormToFill): Promise<void> {
  const view = await build(slack, form)
  inBackground('filling a form', () => show(slack, opened, form, view))
}

async function show(
  slack: SlackChannel,
  opened: Opened,
  { who, title }: FormToFill,
  view: ModalView,
): Promise<void> {
  try {
    await update(slack, who, opened, view)
  } catch (error) {
    logger.warn({ error }, 'a form could not be shown')
    await update(slack, who, opened, messageModal(title(wordsFor(who)), sorry))
  }
}

async function update(
  slack: SlackChannel,
  { teamId }: SlackUser,
  { id, hash }: Opened,
  view: ModalView,
): Promise<void> {
  const { client } = await slack.workspaces.of(teamId)
  await client.views.update({ view_id: id, view, ...(hash ? { hash } : {}) }).catch((error: unknown) => {
    // Closed again by somebody in a hurry, or pressed twice: the other press shows it.
    const code = slackErrorCode(error)
    if (code !== 'not_found' && code !== 'hash_conflict') throw error
  })
}

const sorry = 'Something went wrong on our side. Please try again in a moment.'

async function build(slack: SlackChannel, { who, title, fill }: FormToFill): Promise<ModalView> {
  try {
    const { id, companyId } = await identify(slack, who.teamId, who.userId)
    const actor = { personId: id, channel: 'slack' } as const
    return await inCompany(slack.database, { companyId, actor }, async (tx) =>
      fill(tx, await meetReader(tx, who)),
    )
  } catch (error) {
    if (error instanceof AppError) return messageModal(title(wordsFor(who)), error.message)
    logger.error({ error }, 'a form could not be filled')
    return messageModal(title(wordsFor(who)), sorry)
  }
}
