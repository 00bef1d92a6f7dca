import type { ViewResponseAction } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import {
  delegationBlocks,
  delegationMade,
  delegationModal,
} from '../../../templates/slack/delegation-modal.ts'
import { messageModal } from '../../../templates/slack/modals.ts'
import { inCompany, type Tx } from '../../database/index.ts'
import {
  addDelegation,
  endDelegation,
  getCompany,
  listDelegations,
  requireActor,
} from '../../features/people/index.ts'
import { fillAgain, openAndFill, openLoading } from './fill-forms.ts'
import { todayOfActor } from './form-choices.ts'
import { publishHome } from './home.ts'
import {
  type ActionDelivery,
  idOf,
  inputOf,
  type PressedView,
  type SlackUser,
  teamOf,
  type ViewSubmission,
} from './payloads.ts'
import { runForm } from './run-form.ts'
import type { SlackChannel } from './slack-channel.ts'

const title = 'Delegate'

/** Opens the form by which a person lets somebody else decide for them. */
export async function openDelegation(slack: SlackChannel, triggerId: string, who: SlackUser): Promise<void> {
  await openAndFill(slack, triggerId, { who, title: () => title, fill: delegationForm })
}

async function delegationForm(tx: Tx): Promise<ModalView> {
  const { id: personId } = await requireActor(tx)
  return delegationModal({
    personId,
    delegations: await listDelegations(tx, { personId }),
    company: await getCompany(tx),
    today: await todayOfActor(tx),
  })
}

export async function submitDelegation(
  slack: SlackChannel,
  submission: ViewSubmission,
): Promise<ViewResponseAction | undefined> {
  const errors = { firstBlock: delegationBlocks.delegate }
  const answer = await runForm(slack, submission, errors, (who) =>
    inCompany(slack.database, who, async (tx) => {
      const made = await addDelegation(tx, {
        principalId: who.actor.personId,
        delegateId: idOf(inputOf(submission, delegationBlocks.delegate) ?? ''),
        from: inputOf(submission, delegationBlocks.from) ?? '',
        to: inputOf(submission, delegationBlocks.to) ?? '',
        upTo: inputOf(submission, delegationBlocks.upTo) ?? null,
      })
      const { locale } = await getCompany(tx)
      return { response_action: 'update', view: messageModal(title, delegationMade(made, locale)) }
    }),
  )
  publishHome(slack, { teamId: teamOf(submission), userId: submission.user.id })
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
    title: () => title,
    fill: async (tx) => {
      await endDelegation(tx, idOf(action.value))
      // The list is read from the database.
      await tx.em.flush()
      return delegationForm(tx)
    },
  })
  publishHome(slack, action)
}

/** `/expense delegate end`: ends the only delegation of a person; of several they choose. */
export async function endByCommand(slack: SlackChannel, triggerId: string, who: SlackUser): Promise<void> {
  await fillAgain(slack, await openLoading(slack, triggerId, { who, title: () => title }), {
    who,
    title: () => title,
    fill: async (tx) => {
      const { id: personId } = await requireActor(tx)
      const own = (await listDelegations(tx, { personId })).filter(
        ({ principal }) => principal.id === personId,
      )
      const [only] = own
      if (!only) return messageModal(title, 'Nobody decides for you, and nobody is going to.')
      if (own.length > 1) return delegationForm(tx)
      await endDelegation(tx, only.id)
      const text = `${only.delegate.name} does not decide for you any more. What is still open comes back to you.`
      return messageModal(title, text)
    },
  })
  publishHome(slack, who)
}
