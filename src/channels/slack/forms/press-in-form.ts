import { actions } from '../../../../templates/slack/expense-parts.ts'
import { forms } from '../../../../templates/slack/modals.ts'
import { mostParts } from '../../../../templates/slack/split-fields.ts'
import type { ActionDelivery, PressedView } from '../payloads.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { refillEdit } from './edit-form.ts'
import { partsIn } from './expense-inputs.ts'
import { refillStart } from './start-form.ts'

/** How many parts the form shows after a button of it was pressed; 0: it is not split. */
const partsAfter: Record<string, (shown: number) => number> = {
  [actions.split]: () => 2,
  [actions.addPart]: (shown) => Math.min(shown + 1, mostParts),
  [actions.endSplit]: () => 0,
}

/**
 * Something was typed, chosen or pressed in the form of an expense: it says what follows from what stands in it now. Saves
 * nothing.
 */
export async function pressInForm(
  slack: SlackChannel,
  action: ActionDelivery,
  view: PressedView,
): Promise<void> {
  const shown = partsIn({ view })
  const parts = partsAfter[action.actionId]?.(shown) ?? shown
  if (view.callback_id === forms.edit) await refillEdit(slack, action, { view, parts })
  if (view.callback_id === forms.start) await refillStart(slack, action, { view, parts })
}
