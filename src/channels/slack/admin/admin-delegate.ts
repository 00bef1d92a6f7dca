import type { ViewResponseAction } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import { adminBlock } from '../../../../templates/slack/admin-fields.ts'
import { messageModal } from '../../../../templates/slack/modals.ts'
import { wordsOf } from '../../../../templates/slack/words/index.ts'
import type { Tx } from '../../../database/index.ts'
import { addDelegation, isActivePerson, type Reader, requireAdmin } from '../../../features/people/index.ts'
import { userError } from '../../../kernel/errors.ts'
import { outdated } from '../forms/run-form.ts'
import { idOf, inputOf, metadataOf, teamOf, type ViewSubmission } from '../payloads.ts'
import { asUser } from '../people/as-person.ts'
import { meetReader, wordsFor } from '../people/reader.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { formMetadata } from './admin-forms.ts'
import { daysOf } from './admin-lists.ts'
import { errorsAt } from './admin-submit.ts'
import { problemsIn } from './admin-words.ts'

/**
 * Lets somebody decide in the place of somebody else. Delegations are of people and not of the organisation file, so this
 * is the use case by which everybody does it for themselves.
 */
export async function submitAdminDelegation(
  slack: SlackChannel,
  submission: ViewSubmission,
): Promise<ViewResponseAction | undefined> {
  const metadata = formMetadata.safeParse(metadataOf(submission))
  if (!metadata.success) return outdated(submission)
  const { stamp } = metadata.data
  const who = { teamId: teamOf(submission), userId: submission.user.id }
  try {
    return await asUser(slack, who, async (tx) => {
      const view = await delegate(tx, await meetReader(tx, who), { submission, stamp })
      return { response_action: 'update', view }
    })
  } catch (error) {
    const problems = problemsIn(error, 'delegations', wordsFor(who))
    return { response_action: 'errors', errors: errorsAt(submission, stamp, problems) }
  }
}

async function delegate(
  tx: Tx,
  { locale }: Reader,
  { submission, stamp }: { submission: ViewSubmission; stamp: string },
): Promise<ModalView> {
  await requireAdmin(tx)
  const typed = (field: string) => inputOf(submission, adminBlock(field, stamp)) ?? ''
  const made = await addDelegation(tx, {
    principalId: await chosen(tx, typed('principal'), 'principal'),
    delegateId: await chosen(tx, typed('delegate'), 'delegate'),
    from: typed('from'),
    to: typed('to'),
    upTo: typed('up_to') || null,
  })
  const words = wordsOf(locale)
  const { delegated, savedTitle } = words.admin
  const text = delegated(made.delegate.name, made.principal.name, daysOf(made, locale))
  return messageModal(savedTitle, text, words)
}

/** The person of an option. Options come back from outside: nobody of another company is among them. */
async function chosen(tx: Tx, value: string, field: string): Promise<string> {
  if (await isActivePerson(tx, idOf(value))) return value
  const message = 'This is not among what can be chosen. Please choose from the list.'
  throw userError('choice_unknown', message, { field })
}
