import { detailsModal } from '../../../../templates/slack/details-modal.ts'
import type { ActionDelivery } from '../payloads.ts'
import { shownTo } from '../people/in-their-language.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { openAndFill } from './fill-forms.ts'
import { ownExpense } from './own-expense.ts'

/** Shows somebody everything about an expense of their own. */
export async function openOwnDetails(
  slack: SlackChannel,
  triggerId: string,
  action: ActionDelivery,
): Promise<void> {
  await openAndFill(slack, triggerId, {
    who: action,
    title: (words) => words.home.details,
    fill: async (tx, reader) =>
      detailsModal(shownTo(await ownExpense(tx, action.value, 'This expense is not yours to see.'), reader)),
  })
}
