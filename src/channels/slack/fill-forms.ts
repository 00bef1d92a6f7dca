import type { ModalView } from '@slack/types'
import { loadingModal, messageModal } from '../../../templates/slack/modals.ts'
import { inCompany, type Tx } from '../../database/index.ts'
import { AppError } from '../../kernel/errors.ts'
import { logger } from '../../kernel/logger.ts'
import { identify } from './identify.ts'
import { inBackground } from './in-background.ts'
import type { PressedView, SlackUser } from './payloads.ts'
import type { SlackChannel } from './slack-channel.ts'
import { slackErrorCode } from './slack-client.ts'

export interface FormToFill {
  who: SlackUser
  title: string
  fill: (tx: Tx) => Promise<ModalView>
}

/** A form on somebody's screen. Without a hash, whatever it shows is replaced. */
type Opened = Pick<PressedView, 'id'> & Partial<Pick<PressedView, 'hash'>>

/**
 * Opens a form: a loading view at once, as a trigger lives three seconds; the form when it is ready, for which Slack does
 * not wait. For forms that are opened once more when they do not come.
 */
export async function openAndFill(slack: SlackChannel, triggerId: string, form: FormToFill): Promise<void> {
  const opened = await openLoading(slack, triggerId, form.title)
  inBackground('filling a form', async () => show(slack, opened, form.title, await build(slack, form)))
}

/** Opens what says that the form is coming. */
export async function openLoading(slack: SlackChannel, triggerId: string, title: string): Promise<Opened> {
  const opened = await slack.client.views.open({ trigger_id: triggerId, view: loadingModal(title) })
  return { id: opened.view?.id ?? '' }
}

/**
 * Fills the form on the screen anew. What was typed stays where an input keeps its name. What `fill` does is done when
 * this returns; Slack shows it in its own time.
 */
export async function fillAgain(slack: SlackChannel, opened: Opened, form: FormToFill): Promise<void> {
  const view = await build(slack, form)
  inBackground('filling a form', () => show(slack, opened, form.title, view))
}

async function show(slack: SlackChannel, opened: Opened, title: string, view: ModalView): Promise<void> {
  try {
    await update(slack, opened, view)
  } catch (error) {
    logger.warn({ error }, 'a form could not be shown')
    await update(slack, opened, messageModal(title, sorry))
  }
}

async function update(slack: SlackChannel, { id, hash }: Opened, view: ModalView): Promise<void> {
  await slack.client.views
    .update({ view_id: id, view, ...(hash ? { hash } : {}) })
    .catch((error: unknown) => {
      // Closed again by somebody in a hurry, or pressed twice: the other press shows it.
      const code = slackErrorCode(error)
      if (code !== 'not_found' && code !== 'hash_conflict') throw error
    })
}

const sorry = 'Something went wrong on our side. Please try again in a moment.'

async function build(slack: SlackChannel, { who, title, fill }: FormToFill): Promise<ModalView> {
  try {
    const { id, companyId } = await identify(slack, who.teamId, who.userId)
    return await inCompany(slack.database, { companyId, actor: { personId: id, channel: 'slack' } }, fill)
  } catch (error) {
    if (error instanceof AppError) return messageModal(title, error.message)
    logger.error({ error }, 'a form could not be filled')
    return messageModal(title, sorry)
  }
}
