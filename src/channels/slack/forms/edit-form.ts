import type { ViewResponseAction } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import { z } from 'zod'
import { editModal } from '../../../../templates/slack/edit-modal.ts'
import { actions } from '../../../../templates/slack/expense-parts.ts'
import { fieldBlocks } from '../../../../templates/slack/form-subject.ts'
import type { FormPreview } from '../../../../templates/slack/preview-blocks.ts'
import { type Split, splitAsItIs } from '../../../../templates/slack/split-fields.ts'
import { wordsOf } from '../../../../templates/slack/words/index.ts'
import { inCompany, type Tx } from '../../../database/index.ts'
import {
  type ExpenseChanges,
  type ExpenseView,
  editExpense,
  submitExpense,
} from '../../../features/expenses/index.ts'
import type { Reader } from '../../../features/people/index.ts'
import {
  type ActionDelivery,
  type FilledForm,
  inputOf,
  metadataOf,
  type PressedView,
  type ViewSubmission,
} from '../payloads.ts'
import { shownTo } from '../people/in-their-language.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { changesIn, partsIn, splitIn } from './expense-inputs.ts'
import { fillAgain, openAndFill } from './fill-forms.ts'
import { formChoices, todayOfActor } from './form-choices.ts'
import { ownExpense } from './own-expense.ts'
import { errorsOf, previewAsItIs, previewOf } from './preview-form.ts'
import { type FormAgain, outdated, runForm, type Told } from './run-form.ts'

/** Opens the form that completes or changes an expense. */
export async function openEditForm(
  slack: SlackChannel,
  triggerId: string,
  action: ActionDelivery,
): Promise<void> {
  await openAndFill(slack, triggerId, {
    who: action,
    title: ({ forms }) => forms.titles.edit,
    fill: async (tx, reader) => {
      const expense = await ownOf(tx, reader, action.value)
      const thenSubmit = action.actionId === actions.complete
      const split = splitAsItIs(expense)
      return editForm(tx, expense, { thenSubmit, split, preview: previewAsItIs(expense) })
    },
  })
}

/** The actor's own expense as they read it. */
async function ownOf(tx: Tx, reader: Reader, id: string): Promise<ExpenseView> {
  return shownTo(await ownExpense(tx, id, wordsOf(reader.locale).forms.notYours), reader)
}

interface Shown {
  thenSubmit: boolean
  split: Split | null
  preview: FormPreview
  rateKey?: string | undefined
}

async function editForm(tx: Tx, expense: ExpenseView, shown: Shown): Promise<ModalView> {
  return editModal({ expense, choices: await formChoices(tx), today: await todayOfActor(tx), ...shown })
}

const editMetadata = z.object({
  expenseId: z.uuid(),
  thenSubmit: z.boolean(),
  isSplit: z.boolean().default(false),
})

/** Shows the form with what follows from what stands in it, and with so many parts. */
export async function refillEdit(
  slack: SlackChannel,
  action: ActionDelivery,
  { view, parts }: { view: PressedView; parts: number },
): Promise<void> {
  const form: FilledForm = { view }
  const metadata = editMetadata.safeParse(metadataOf(form))
  if (!metadata.success) return
  await fillAgain(slack, view, {
    who: action,
    title: ({ forms }) => forms.titles.edit,
    fill: (tx, reader) => editAsTyped(tx, reader, form, { ...metadata.data, parts }),
  })
}

/** The form with what stands in it, and what follows from that. `told`: what is wrong since it was sent like this. */
async function editAsTyped(
  tx: Tx,
  reader: Reader,
  form: FilledForm,
  {
    expenseId,
    thenSubmit,
    isSplit,
    parts,
    told,
  }: z.infer<typeof editMetadata> & { parts: number; told?: Told },
): Promise<ModalView> {
  const expense = await ownOf(tx, reader, expenseId)
  const split = parts === 0 ? null : splitIn(form, expense, parts)
  const changes = changesOf(form, { wasSplit: isSplit, isSplit: split !== null })
  const preview = await previewOf(tx, form, { target: { expenseId }, changes, reader, told })
  return editForm(tx, expense, { thenSubmit, split, preview, rateKey: inputOf(form, fieldBlocks.rateKey) })
}

/** It was split, and the form does not ask for parts any more: then it is split no more. */
function changesOf(form: FilledForm, { wasSplit, isSplit }: { wasSplit: boolean; isSplit: boolean }) {
  const { shares, ...changes }: ExpenseChanges = changesIn(form)
  if (isSplit) return { ...changes, shares }
  return wasSplit ? { ...changes, shares: [] } : changes
}

/** Saves the edit form, and submits the expense where Submit opened it. Mistakes are shown at their fields. */
export async function submitEdit(
  slack: SlackChannel,
  submission: ViewSubmission,
): Promise<ViewResponseAction | undefined> {
  const metadata = editMetadata.safeParse(metadataOf(submission))
  if (!metadata.success) return outdated(submission)
  const { expenseId, thenSubmit, isSplit } = metadata.data
  const parts = partsIn(submission)
  const changes = changesOf(submission, { wasSplit: isSplit, isSplit: parts > 0 })
  const again: FormAgain = {
    blocks: [fieldBlocks.differsFrom],
    fill: (tx, reader, told) => editAsTyped(tx, reader, submission, { ...metadata.data, parts, told }),
  }
  return runForm(slack, submission, { ...errorsOf(submission), again }, (who) =>
    inCompany(slack.database, who, async (tx) => {
      await editExpense(tx, expenseId, changes)
      if (thenSubmit) await submitExpense(tx, expenseId)
      return undefined
    }),
  )
}
