import type { ModalView } from '@slack/types'
import { loadingModal, messageModal } from '../../../templates/slack/modals.ts'
import { inCompany, type Tx } from '../../database/index.ts'
import { AppError } from '../../kernel/errors.ts'
import { logger } from '../../kernel/logger.ts'
import { identify } from './identify.ts'
import type { PressedView, SlackUser } from './payloads.ts'
import type { SlackChannel } from './slack-channel.ts'
import { slackErrorCode } from './slack-client.ts'

export interface FormToFill {
  who: SlackUser
  title: string
  fill: (tx: Tx) => Promise<ModalView>
}

/** Opens a form: a loading view at once (a trigger lives three seconds), the form when it is ready. */
export async function openAndFill(slack: SlackChannel, triggerId: string, form: FormToFill): Promise<void> {
  const view = loadingModal(form.title)
  const opened = await slack.client.views.open({ trigger_id: triggerId, view })
  await show(slack, { view_id: opened.view?.id ?? '', view: await build(slack, form) })
}

/** Fills the form on the screen anew. What was typed stays where an input keeps its name. */
export async function fillAgain(
  slack: SlackChannel,
  { id, hash }: Pick<PressedView, 'id' | 'hash'>,
  form: FormToFill,
): Promise<void> {
  await show(slack, { view_id: id, hash, view: await build(slack, form) })
}

async function show(
  slack: SlackChannel,
  update: { view_id: string; hash?: string; view: ModalView },
): Promise<void> {
  await slack.client.views.update(update).catch((error: unknown) => {
    // Closed again by somebody in a hurry, or pressed twice: the other press shows it.
    const code = slackErrorCode(error)
    if (code !== 'not_found' && code !== 'hash_conflict') throw error
  })
}

async function build(slack: SlackChannel, { who, title, fill }: FormToFill): Promise<ModalView> {
  try {
    const { id, companyId } = await identify(slack, who.teamId, who.userId)
    return await inCompany(slack.database, { companyId, actor: { personId: id, channel: 'slack' } }, fill)
  } catch (error) {
    if (error instanceof AppError) return messageModal(title, error.message)
    logger.error({ error }, 'a form could not be filled')
    return messageModal(title, 'Something went wrong on our side. Please try again in a moment.')
  }
}
