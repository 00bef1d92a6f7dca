import { setTimeout } from 'node:timers/promises'
import type { ViewResponseAction } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import { z } from 'zod'
import {
  adminConfirmModal,
  adminRefusedModal,
  adminWaitingModal,
} from '../../../../templates/slack/admin-confirm.ts'
import { type AdminSection, adminBlock } from '../../../../templates/slack/admin-fields.ts'
import { messageModal } from '../../../../templates/slack/modals.ts'
import { wordsOf } from '../../../../templates/slack/words/index.ts'
import { addToOutbox, inCompany, type Tx } from '../../../database/index.ts'
import {
  isRemovable,
  type OrganisationChange,
  organisationInForce,
  prepareChange,
} from '../../../features/organisation/index.ts'
import { requireAdmin } from '../../../features/people/index.ts'
import { logger } from '../../../kernel/logger.ts'
import { outdated } from '../forms/run-form.ts'
import { showInForm } from '../forms/show-in-form.ts'
import { inBackground } from '../in-background.ts'
import {
  type ActionDelivery,
  type BlockActions,
  metadataOf,
  type SlackUser,
  teamOf,
  type ViewSubmission,
} from '../payloads.ts'
import { acting, asUser } from '../people/as-person.ts'
import { identify } from '../people/identify.ts'
import { meetReader, wordsFor } from '../people/reader.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { entryOf, fileSectionOf } from './admin-entries.ts'
import { type FormMetadata, formMetadata, removalSchema } from './admin-forms.ts'
import { readChange } from './admin-read.ts'
import { type AdminProblem, problemsIn } from './admin-words.ts'

/** Slack waits three seconds for an answer. What takes longer is shown when it is there. */
const answerWithinMs = 1500

/** What the view with a change carries, to be saved. */
const saveMetadata = z.strictObject({ changeId: z.uuid(), formId: z.string() })

type Prepared = { view: ModalView } | { problems: AdminProblem[] }

/**
 * “Continue”: looks at what a change means and shows it on top of the form. What is wrong is said at the fields; where that
 * takes longer than Slack waits, on top of the form, which is still there.
 */
export async function submitAdmin(
  slack: SlackChannel,
  submission: ViewSubmission,
): Promise<ViewResponseAction | undefined> {
  const metadata = formMetadata.safeParse(metadataOf(submission))
  if (!metadata.success) return outdated(submission)
  const { section } = metadata.data
  const who = { teamId: teamOf(submission), userId: submission.user.id }
  const read = (tx: Tx) => readChange(tx, submission, metadata.data)
  const prepared = prepare(slack, { who, section, formId: submission.view.id, read })
  const answer = await soon(prepared)
  if (answer) return answered(submission, metadata.data, answer)
  const externalId = `admin-${slack.database.newId()}`
  inBackground('showing a change', async () => {
    await showLate(slack, { who, externalId, view: await viewOf(who, prepared) })
  })
  return { response_action: 'push', view: adminWaitingModal('checking', wordsFor(who), externalId) }
}

/** “Remove…”: shows on top of the form what that means. */
export async function removeEntry(
  slack: SlackChannel,
  pressed: BlockActions,
  action: ActionDelivery,
): Promise<void> {
  const asked = removalSchema.safeParse(jsonIn(action.value))
  if (!asked.success || !pressed.view) return
  const { data: removal } = asked
  const { id: formId } = pressed.view
  const { client } = await slack.workspaces.of(action.teamId)
  const view = adminWaitingModal('checking', wordsFor(action))
  const pushed = await client.views.push({ trigger_id: pressed.trigger_id, view })
  inBackground('showing a change', async () => {
    const read = (tx: Tx) => readRemoval(tx, removal)
    const prepared = prepare(slack, { who: action, section: removal.section, formId, read })
    await client.views.update({ view_id: pushed.view?.id ?? '', view: await viewOf(action, prepared) })
  })
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

async function readRemoval(
  tx: Tx,
  { section, id, seen }: z.infer<typeof removalSchema>,
): Promise<OrganisationChange> {
  await requireAdmin(tx)
  const fileSection = fileSectionOf(section)
  if (!fileSection || !isRemovable(fileSection)) throw new Error(`${section} cannot be removed`)
  const { key } = await entryOf(tx, await organisationInForce(tx), { section: fileSection, id })
  return { kind: 'remove', section: fileSection, key, seen }
}

interface ToPrepare {
  who: SlackUser
  section: AdminSection
  /** The form that the change came from. */
  formId: string
  read: (tx: Tx) => Promise<OrganisationChange>
}

async function prepare(slack: SlackChannel, { who, section, formId, read }: ToPrepare): Promise<Prepared> {
  const { database, subjects, dataKey } = slack
  try {
    const admin = acting(await identify(slack, who))
    const { change, reader } = await inCompany(database, admin, async (tx) => ({
      reader: await meetReader(tx, who),
      change: await read(tx),
    }))
    const { language } = wordsOf(reader.locale)
    const { id, outcome } = await prepareChange(database, { ...admin, subjects, dataKey, language }, change)
    const metadata = JSON.stringify({ changeId: id, formId })
    return { view: adminConfirmModal({ changed: outcome, locale: reader.locale, metadata }) }
  } catch (error) {
    return { problems: problemsIn(error, section, wordsFor(who)) }
  }
}

/** How often we look for a form that Slack does not know under its name yet. */
const triesForForm = 6

/** Slack gives a form its name when it has our answer to the submission: that may be a moment after we are done. */
async function showLate(
  slack: SlackChannel,
  { who, externalId, view }: { who: SlackUser; externalId: string; view: ModalView },
): Promise<void> {
  const { client } = await slack.workspaces.of(who.teamId)
  for (let tries = 1; ; tries++) {
    if (await showInForm(client, { external_id: externalId }, view)) return
    // Closed by somebody who did not want to wait.
    if (tries === triesForForm) return
    await setTimeout(500)
  }
}

/** What is ready within Slack's time; null: not yet. */
async function soon<T>(work: Promise<T>): Promise<T | null> {
  const waiting = new AbortController()
  const late = setTimeout(answerWithinMs, null, { signal: waiting.signal }).catch(() => null)
  return Promise.race([work, late]).finally(() => waiting.abort())
}

/** What stands in the place of “checking…”, also when it went wrong on our side: nobody looks at that for ever. */
async function viewOf(who: SlackUser, prepared: Promise<Prepared>): Promise<ModalView> {
  const words = wordsFor(who)
  try {
    const done = await prepared
    return 'view' in done ? done.view : adminRefusedModal(done.problems, words)
  } catch (error) {
    logger.error({ error }, 'a change could not be looked at')
    return messageModal(words.admin.notSavedTitle, words.common.sorry, words)
  }
}

function answered(
  submission: ViewSubmission,
  { stamp }: FormMetadata,
  prepared: Prepared,
): ViewResponseAction {
  if ('view' in prepared) return { response_action: 'push', view: prepared.view }
  return { response_action: 'errors', errors: errorsAt(submission, stamp, prepared.problems) }
}

/** Each problem at its input; what has none here, at the first one. */
export function errorsAt(
  submission: ViewSubmission,
  stamp: string,
  problems: AdminProblem[],
): Record<string, string> {
  const blocks = Object.keys(submission.view.state.values).filter((block) => block.endsWith(`.${stamp}`))
  const errors: Record<string, string> = {}
  for (const { field, message } of problems) {
    const wanted = field === null ? '' : adminBlock(field, stamp)
    const block = blocks.includes(wanted) ? wanted : (blocks[0] ?? wanted)
    errors[block] = errors[block] ? `${errors[block]} ${message}` : message
  }
  return errors
}

/** “Save”: it is stored, and made by a job; the form says meanwhile that it is being saved. */
export async function submitAdminSave(
  slack: SlackChannel,
  submission: ViewSubmission,
): Promise<ViewResponseAction | undefined> {
  const metadata = saveMetadata.safeParse(metadataOf(submission))
  if (!metadata.success) return outdated(submission)
  const who = { teamId: teamOf(submission), userId: submission.user.id }
  const { changeId, formId } = metadata.data
  const externalId = `saving-${changeId}`
  await asUser(slack, who, (tx) =>
    addToOutbox(tx, 'organisation.save', { ...who, changeId, formId, externalId }, { mergeKey: changeId }),
  )
  return { response_action: 'update', view: adminWaitingModal('saving', wordsFor(who), externalId) }
}
