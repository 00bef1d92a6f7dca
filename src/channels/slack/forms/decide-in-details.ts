import type { ModalView } from '@slack/types'
import { detailsToDecide } from '../../../../templates/slack/decide-in-details.ts'
import { actions } from '../../../../templates/slack/expense-parts.ts'
import type { Tx } from '../../../database/index.ts'
import { decideApproval } from '../../../features/approvals/index.ts'
import type { Reader } from '../../../features/people/index.ts'
import { type ActionDelivery, idOf, type PressedView } from '../payloads.ts'
import { uploadedPicture } from '../show/receipt-picture.ts'
import type { SlackChannel } from '../slack-channel.ts'
import type { Press } from '../transport/listeners.ts'
import { fillAgain, openAndFill } from './fill-forms.ts'
import { askedExpense, decisionForm, titleOf, verdictOf } from './open-forms.ts'

/** Shows somebody who is or was asked everything about the expense; where it is their turn, they decide there. */
export const openDetails: Press = async (slack, { trigger_id, view }, action) => {
  await openAndFill(slack, trigger_id, {
    who: action,
    onTop: view?.type === 'modal',
    title: ({ cards }) => cards.detailsForm.title,
    fill: (tx, reader) => details(tx, reader, action),
  })
}

async function details(tx: Tx, reader: Reader, { value, teamId }: ActionDelivery): Promise<ModalView> {
  const expense = await askedExpense(tx, reader, value)
  return detailsToDecide(expense, {
    approvalId: value,
    personId: tx.actor.personId ?? '',
    slackFileId: await uploadedPicture(tx, expense, teamId),
  })
}

/** A button that decides stands on cards, in App Home and in the details: there the form itself goes on. */
export const decidingAnywhere =
  (elsewhere: Press): Press =>
  async (slack, pressed, action) => {
    if (pressed.view?.type === 'modal') await decideInDetails(slack, action, pressed.view)
    else await elsewhere(slack, pressed, action)
  }

/** Approves at once and shows what became of it; for a reason, a question or a code the form asks. */
async function decideInDetails(
  slack: SlackChannel,
  action: ActionDelivery,
  view: PressedView,
): Promise<void> {
  const approvalId = action.value
  const verdict = verdictOf(action.actionId)
  const approve = async (tx: Tx, reader: Reader) => {
    await decideApproval(tx, slack.subjects, { approvalId: idOf(approvalId), verdict: 'approve' })
    await tx.em.flush()
    return details(tx, reader, action)
  }
  await fillAgain(slack, view, {
    who: action,
    title: titleOf(verdict),
    fill: (tx, reader) =>
      action.actionId === actions.approve
        ? approve(tx, reader)
        : decisionForm(tx, reader, { approvalId, verdict, resent: 0 }),
  })
}
