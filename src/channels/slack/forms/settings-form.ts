import type { ViewResponseAction } from '@slack/bolt'
import { messageModal } from '../../../../templates/slack/modals.ts'
import { asGiven, settingsBlocks, settingsModal } from '../../../../templates/slack/settings-modal.ts'
import { wordsOf } from '../../../../templates/slack/words/index.ts'
import { inCompany, type Tx } from '../../../database/index.ts'
import { refreshSurfacesOf } from '../../../features/notifications/index.ts'
import {
  getCompany,
  type Preferences,
  preferencesOf,
  type Reader,
  readerOf,
  requireActor,
  savePreferences,
} from '../../../features/people/index.ts'
import { publishHome } from '../home/home.ts'
import { inputOf, type SlackUser, teamOf, type ViewSubmission } from '../payloads.ts'
import { meetReader } from '../people/reader.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { openAndFill } from './fill-forms.ts'
import { runForm } from './run-form.ts'

/** Opens the form of how somebody reads and hears of things. */
export async function openSettings(slack: SlackChannel, triggerId: string, who: SlackUser): Promise<void> {
  await openAndFill(slack, triggerId, {
    who,
    title: (words) => words.home.settings.title,
    fill: settingsForm,
  })
}

async function settingsForm(tx: Tx, reader: Reader) {
  const { id } = await requireActor(tx)
  return settingsModal({
    preferences: await preferencesOf(tx, id),
    reader,
    company: await getCompany(tx),
  })
}

/** Saves them. App Home, what comes from now on, and in another language what is there follow at once. */
export async function submitSettings(
  slack: SlackChannel,
  submission: ViewSubmission,
): Promise<ViewResponseAction | undefined> {
  const who = { teamId: teamOf(submission), userId: submission.user.id }
  const errors = { firstBlock: settingsBlocks.locale }
  const answer = await runForm(slack, submission, errors, (submitter) =>
    inCompany(slack.database, submitter, async (tx) => {
      const words = wordsOf(await saveAndFollow(tx, who, changesIn(submission)))
      const { title, saved } = words.home.settings
      return { response_action: 'update', view: messageModal(title, saved, words) }
    }),
  )
  publishHome(slack, who)
  return answer
}

/**
 * Saves them; in another language what the submitter sees in Slack is asked for anew.
 * @returns in which locale they read from now on
 */
export async function saveAndFollow(tx: Tx, who: SlackUser, changes: Partial<Preferences>): Promise<string> {
  const { id } = await requireActor(tx)
  const before = await readerOf(tx, id)
  await savePreferences(tx, changes)
  const { locale } = await meetReader(tx, who)
  if (locale !== before.locale) await refreshSurfacesOf(tx, id)
  return locale
}

/** What is no choice of ours is refused where it is saved. */
function changesIn(submission: ViewSubmission): Partial<Preferences> {
  const chosen = (block: string) => inputOf(submission, block) ?? asGiven
  const given = (block: string) => (chosen(block) === asGiven ? null : chosen(block))
  const isQuiet =
    (submission.view.state.values[settingsBlocks.quiet]?.value?.selected_options ?? []).length > 0
  const digestOver = given(settingsBlocks.digestOver)
  const notifyBy = (['slack', 'mail', 'both'] as const).find((way) => way === chosen(settingsBlocks.notifyBy))
  return {
    locale: given(settingsBlocks.locale),
    quietFrom: isQuiet ? given(settingsBlocks.quietFrom) : null,
    quietTo: isQuiet ? given(settingsBlocks.quietTo) : null,
    digestOver: digestOver === null ? null : Number(digestOver),
    ...(notifyBy ? { notifyBy } : {}),
  }
}
