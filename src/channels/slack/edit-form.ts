import type { ViewResponseAction } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import { z } from 'zod'
import { editModal } from '../../../templates/slack/edit-modal.ts'
import { actions } from '../../../templates/slack/expense-parts.ts'
import { fieldBlocks } from '../../../templates/slack/kind-fields.ts'
import { mostParts, type Split, splitAsItIs } from '../../../templates/slack/split-fields.ts'
import { inCompany, type Tx } from '../../database/index.ts'
import { type ExpenseView, editExpense, submitExpense } from '../../features/expenses/index.ts'
import { blockOfField, changesIn, partsIn, splitIn } from './expense-inputs.ts'
import { fillAgain, openAndFill } from './fill-forms.ts'
import { formChoices, todayOfActor } from './form-choices.ts'
import { ownExpense } from './own-expense.ts'
import {
  type ActionDelivery,
  type FilledForm,
  metadataOf,
  type PressedView,
  type ViewSubmission,
} from './payloads.ts'
import { outdated, runForm } from './run-form.ts'
import type { SlackChannel } from './slack-channel.ts'

const notYours = 'Only the person who submits an expense can change it.'

/** Opens the form that completes or changes an expense. */
export async function openEditForm(
  slack: SlackChannel,
  triggerId: string,
  action: ActionDelivery,
): Promise<void> {
  await openAndFill(slack, triggerId, {
    who: action,
    title: () => 'Edit expense',
    fill: async (tx) => {
      const expense = await ownExpense(tx, action.value, notYours)
      const thenSubmit = action.actionId === actions.complete
      return editForm(tx, expense, { thenSubmit, split: splitAsItIs(expense) })
    },
  })
}

async function editForm(
  tx: Tx,
  expense: ExpenseView,
  shown: { thenSubmit: boolean; split: Split | null },
): Promise<ModalView> {
  return editModal({ expense, choices: await formChoices(tx), today: await todayOfActor(tx), ...shown })
}

/** How many parts the form shows after a button of it was pressed; 0: it is not split. */
const partsAfter: Record<string, (shown: number) => number> = {
  [actions.split]: () => 2,
  [actions.addPart]: (shown) => Math.min(shown + 1, mostParts),
  [actions.endSplit]: () => 0,
}

/** Splits the expense of a form, adds a part, adds up what is typed, or asks for one category again. Saves nothing. */
export async function pressInSplit(
  slack: SlackChannel,
  action: ActionDelivery,
  view: PressedView,
): Promise<void> {
  const form: FilledForm = { view }
  const metadata = editMetadata.safeParse(metadataOf(form))
  if (!metadata.success) return
  const { expenseId, thenSubmit } = metadata.data
  const shown = partsIn(form)
  const parts = partsAfter[action.actionId]?.(shown) ?? shown
  await fillAgain(slack, view, {
    who: action,
    title: () => 'Edit expense',
    fill: async (tx) => {
      const expense = await ownExpense(tx, expenseId, notYours)
      const split = parts === 0 ? null : splitIn(form, expense, parts)
      return editForm(tx, expense, { thenSubmit, split })
    },
  })
}

const editMetadata = z.object({
  expenseId: z.uuid(),
  thenSubmit: z.boolean(),
  isSplit: z.boolean().default(false),
})

/** Saves the edit form, and submits the expense where Submit opened it. Mistakes are shown at their fields. */
export async function submitEdit(
  slack: SlackChannel,
  submission: ViewSubmission,
): Promise<ViewResponseAction | undefined> {
  const metadata = editMetadata.safeParse(metadataOf(submission))
  if (!metadata.success) return outdated
  const { expenseId, thenSubmit, isSplit } = metadata.data
  const changes = changesIn(submission)
  // It was split, and the form does not ask for parts any more.
  if (isSplit) changes.shares ??= []
  const errors = {
    firstBlock: Object.values(fieldBlocks).find((block) => submission.view.state.values[block]) ?? '',
    blockOf: (field: string) => blockOfField(submission, field),
  }
  return runForm(slack, submission, errors, (who) =>
    inCompany(slack.database, who, async (tx) => {
      await editExpense(tx, expenseId, changes)
      if (thenSubmit) await submitExpense(tx, expenseId)
      return undefined
    }),
  )
}
