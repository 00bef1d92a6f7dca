import type { ModalView } from '@slack/types'
import type { WebClient } from '@slack/web-api'
import type { WorkInHand } from '../../../database/index.ts'
import { transientError } from '../../../kernel/errors.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { slackError, slackErrorCode } from '../transport/slack-client.ts'

/** A form by Slack's id, or by the name that we gave it. */
export type FormName = { view_id: string } | { external_id: string }

/**
 * Shows something in a form that may be closed by now. One that has a name keeps it.
 * @returns whether there is such a form
 */
export async function showInForm(client: WebClient, form: FormName, view: ModalView): Promise<boolean> {
  const named = 'external_id' in form ? { ...view, external_id: form.external_id } : view
  try {
    await client.views.update({ ...form, view: named })
    return true
  } catch (error) {
    if (slackErrorCode(error) === 'not_found') return false
    throw slackError(error)
  }
}

/** How often we look for a form that Slack does not know under its name yet, before we believe that it was closed. */
const triesForForm = 4

/**
 * The same for a form that has a name: Slack gives it that when it has our answer to the submission, which may be a moment
 * after we are done. The work is tried again until it is there.
 * @throws transientError `form_not_there`
 */
export async function showInNamedForm(
  slack: SlackChannel,
  { teamId, externalId }: { teamId: string; externalId: string },
  view: ModalView,
  work: WorkInHand,
): Promise<boolean> {
  const { client } = await slack.workspaces.of(teamId)
  if (await showInForm(client, { external_id: externalId }, view)) return true
  if (work.failures + 1 >= triesForForm) return false
  const details = { retryAfterSeconds: 0.5 }
  throw transientError('form_not_there', 'Slack does not have the form yet.', { details })
}
