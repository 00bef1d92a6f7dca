import type { ModalView } from '@slack/types'
import {
  adminRefusedModal,
  adminSavedModal,
  adminSavedText,
  adminWaitingModal,
} from '../../../../templates/slack/admin-confirm.ts'
import { screenOf } from '../../../../templates/slack/admin-fields.ts'
import { escapeText } from '../../../../templates/slack/text.ts'
import { wordsOf } from '../../../../templates/slack/words/index.ts'
import { inCompany, type WorkInHand } from '../../../database/index.ts'
import { type OrganisationChanged, savePreparedChange } from '../../../features/organisation/index.ts'
import { type Reader, readerOf } from '../../../features/people/index.ts'
import { AppError } from '../../../kernel/errors.ts'
import { logger } from '../../../kernel/logger.ts'
import { showInForm, showInNamedForm } from '../forms/show-in-form.ts'
import { publishHome } from '../home/home.ts'
import type { SlackUser } from '../payloads.ts'
import { acting, type Submitter } from '../people/as-person.ts'
import { conversationWith } from '../people/conversation.ts'
import { identify } from '../people/identify.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { postOnce, slackError } from '../transport/slack-client.ts'
import { screenView } from './admin.ts'
import { problemsIn } from './admin-words.ts'

/** A change that was saved: by whom, and the views that show it. */
export interface ChangeToSave extends SlackUser {
  changeId: string
  /** The form, below. */
  formId: string
  /** Says that it is being saved. */
  externalId: string
}

/** How often it failed before the person is told that it takes longer. */
const failuresToTell = 3

/**
 * Makes a change that an admin prepared and saved, and shows what came of it. After a crash it is done again: the change is
 * made once, and what it changed is told again.
 */
export async function saveChange(slack: SlackChannel, asked: ChangeToSave, work: WorkInHand): Promise<void> {
  const person = await identify(slack, asked)
  const admin = acting(person)
  const reader = await inCompany(slack.database, admin, (tx) => readerOf(tx, person.id))
  const words = wordsOf(reader.locale)
  if (work.failures === failuresToTell) {
    const { client } = await slack.workspaces.of(asked.teamId)
    const view = adminWaitingModal('savingLong', words, asked.externalId)
    await showInForm(client, { external_id: asked.externalId }, view).catch(() => {})
  }
  try {
    const { database, subjects, dataKey } = slack
    const options = { ...admin, subjects, dataKey, language: words.language }
    const changed = await savePreparedChange(database, options, asked.changeId)
    // The change is made: a list that cannot be shown anew is no reason not to say so.
    await showBelow(slack, asked, { admin, reader, changed }).catch((error: unknown) => {
      logger.warn({ error }, 'the list of what an admin changed could not be shown anew')
    })
    const saved = { changed, locale: reader.locale }
    await showOnTop(slack, asked, { view: adminSavedModal(saved), text: adminSavedText(saved), work })
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'user') throw error
    const problems = problemsIn(error, 'company', words)
    const text = escapeText(problems.map(({ message }) => message).join(' '))
    await showOnTop(slack, asked, { view: adminRefusedModal(problems, words), text, work })
  }
  publishHome(slack, asked)
  await work.finishAlone()
}

/** The form gives way to its list, as it is now: that is where one comes back to. */
async function showBelow(
  slack: SlackChannel,
  { teamId, formId }: ChangeToSave,
  { admin, reader, changed }: { admin: Submitter; reader: Reader; changed: OrganisationChanged },
): Promise<void> {
  const screen = screenOf(changed.section)
  const view = await inCompany(slack.database, admin, (tx) => screenView(tx, reader, { screen, page: 0 }))
    // Whoever took the role from themselves sees no list any more.
    .catch((error: unknown) => {
      if (error instanceof AppError && error.kind === 'user') return null
      throw error
    })
  if (!view) return
  const { client } = await slack.workspaces.of(teamId)
  await showInForm(client, { view_id: formId }, view)
}

/** In the form, or as a message where somebody has closed it or Slack refuses it for good. */
async function showOnTop(
  slack: SlackChannel,
  asked: ChangeToSave,
  { view, text, work }: { view: ModalView; text: string; work: WorkInHand },
): Promise<void> {
  const isShown = await showInNamedForm(slack, asked, view, work).catch((error: unknown) => {
    if (slackError(error).kind === 'transient') throw error
    logger.warn({ error }, 'what became of a change could not be shown in its form')
    return false
  })
  if (!isShown) await post(slack, asked, { text, work })
}

async function post(
  slack: SlackChannel,
  { teamId, userId, changeId }: ChangeToSave,
  { text, work }: { text: string; work: WorkInHand },
): Promise<void> {
  const { client } = await slack.workspaces.of(teamId)
  try {
    await postOnce(client, {
      key: `change:${changeId}`,
      channel: await conversationWith(client, userId),
      message: { text },
      maybePostedSince: work.attempt > 1 ? work.since : null,
    })
  } catch (error) {
    throw slackError(error)
  }
}
