import type { ViewResponseAction } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import {
  delegationBlocks,
  delegationMade,
  delegationModal,
} from '../../../../templates/slack/delegation-modal.ts'
import { messageModal } from '../../../../templates/slack/modals.ts'
import { type Words, wordsOf } from '../../../../templates/slack/words/index.ts'
import { inCompany, type Tx } from '../../../database/index.ts'
import {
  addDelegation,
  endDelegation,
  getCompany,
  listDelegations,
  type Reader,
  requireActor,
} from '../../../features/people/index.ts'
import { publishHome } from '../home/home.ts'
import {
  type ActionDelivery,
  idOf,
  inputOf,
  type PressedView,
  type SlackUser,
  teamOf,
  type ViewSubmission,
} from '../payloads.ts'
import { meetReader } from '../people/reader.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { fillAgain, openAndFill, openLoading } from './fill-forms.ts'
import { todayOfActor } from './form-choices.ts'
import { runForm } from './run-form.ts'

const title = ({ forms }: Words) => forms.titles.delegate

/** Opens the form by which a person lets somebody else decide for them. */
export async function openDelegation(slack: SlackChannel, triggerId: string, who: SlackUser): Promise<void> {
  await openAndFill(slack, triggerId, { who, title, fill: delegationForm })
}

async function delegationForm(tx: Tx, { locale }: Reader): Promise<ModalView> {
  const { id: personId } = await requireActor(tx)
  return delegationModal({
    personId,
    delegations: await listDelegations(tx, { personId }),
    company: { ...(await getCompany(tx)), locale },
    today: await todayOfActor(tx),
  })
}

export async function submitDelegation(
  slack: SlackChannel,
  submission: ViewSubmission,
): Promise<ViewResponseAction | undefined> {
  const errors = { firstBlock: delegationBlocks.delegate }
  const who = { teamId: teamOf(submission), userId: submission.user.id }
  const answer = await runForm(slack, submission, errors, (submitter) =>
    inCompany(slack.database, submitter, async (tx) => {
      const made = await addDelegation(tx, {
        principalId: submitter.actor.personId,
        delegateId: idOf(inputOf(submission, delegationBlocks.delegate) ?? ''),
        from: inputOf(submission, delegationBlocks.from) ?? '',
        to: inputOf(submission, delegationBlocks.to) ?? '',
        upTo: inputOf(submission, delegationBlocks.upTo) ?? null,
      })
      const { locale } = await meetReader(tx, who)
      const words = wordsOf(locale)
      const view = messageModal(title(words), delegationMade(made, locale), words)
      return { response_action: 'update', view }
    }),
  )
  publishHome(slack, who)
  return answer
}

/** Ends one of the person's delegations from the form, and shows what is left. */
export async function endInForm(
  slack: SlackChannel,
  action: ActionDelivery,
  view: PressedView,
): Promise<void> {
  await fillAgain(slack, view, {
    who: action,
    title,
    fill: async (tx, reader) => {
      await endDelegation(tx, idOf(action.value))
      // The list is read from the database.
      await tx.em.flush()
      return delegationForm(tx, reader)
    },
  })
  publishHome(slack, action)
}

/** `/expense delegate end`: ends the only delegation of a person; of several they choose. */
export async function endByCommand(slack: SlackChannel, triggerId: string, who: SlackUser): Promise<void> {
  await fillAgain(slack, await openLoading(slack, triggerId, { who, title }), {
    who,
    title,
    fill: async (tx, reader) => {
      const words = wordsOf(reader.locale)
      const { id: personId } = await requireActor(tx)
      const own = (await listDelegations(tx, { personId })).filter(
        ({ principal }) => principal.id === personId,
      )
      const [only] = own
      const { nobody, ended } = words.forms.delegation
      if (!only) return messageModal(title(words), nobody, words)
      if (own.length > 1) return delegationForm(tx, reader)
      await endDelegation(tx, only.id)
      return messageModal(title(words), ended(only.delegate.name), words)
    },
  })
  publishHome(slack, who)
}
