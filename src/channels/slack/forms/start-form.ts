import type { ViewResponseAction } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import { z } from 'zod'
import { startModal } from '../../../../templates/slack/edit-modal.ts'
import { actions } from '../../../../templates/slack/expense-parts.ts'
import { fieldBlocks } from '../../../../templates/slack/form-subject.ts'
import type { FormPreview } from '../../../../templates/slack/preview-blocks.ts'
import type { Split } from '../../../../templates/slack/split-fields.ts'
import { wordsOf } from '../../../../templates/slack/words/index.ts'
import { inCompany, type Tx } from '../../../database/index.ts'
import {
  checkChanges,
  type ExpenseChanges,
  type ExpenseKind,
  startExpense,
} from '../../../features/expenses/index.ts'
import { showSurface } from '../../../features/notifications/index.ts'
import { getCompany, type Reader } from '../../../features/people/index.ts'
import { userError } from '../../../kernel/errors.ts'
import {
  type ActionDelivery,
  type FilledForm,
  type FormDelivery,
  filesOf,
  inputOf,
  metadataOf,
  type PressedView,
  teamOf,
  type ViewSubmission,
} from '../payloads.ts'
import type { Submitter } from '../people/as-person.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { storeDelivery } from '../transport/deliveries.ts'
import { changesIn, partsIn, splitIn } from './expense-inputs.ts'
import { type FormUser, fillAgain, openAndFill } from './fill-forms.ts'
import { formChoices, todayOfActor } from './form-choices.ts'
import { errorsOf, previewOf } from './preview-form.ts'
import { type FormAgain, outdated, runForm, type Told } from './run-form.ts'

const kindOfButton: Record<string, ExpenseKind> = {
  [actions.startReceipt]: 'receipt',
  [actions.startRequest]: 'request',
  [actions.startMileage]: 'mileage',
  [actions.startPerDiem]: 'per_diem',
}

/** Opens the form of what a button of App Home starts. */
export async function openStartForm(
  slack: SlackChannel,
  triggerId: string,
  action: ActionDelivery,
): Promise<void> {
  await openStart(slack, triggerId, { who: action, kind: kindOfButton[action.actionId] ?? 'receipt' })
}

/** Opens the form that starts an expense: with its receipts, or of a kind that has none. */
export async function openStart(
  slack: SlackChannel,
  triggerId: string,
  { who, kind }: { who: FormUser; kind: ExpenseKind },
): Promise<void> {
  await openAndFill(slack, triggerId, {
    who,
    title: ({ forms }) => forms.titles[kind],
    fill: (tx, reader) => startForm(tx, reader, { kind, split: null, preview: null }),
  })
}

interface Shown {
  kind: ExpenseKind
  split: Split | null
  preview: FormPreview | null
  rateKey?: string | undefined
}

async function startForm(tx: Tx, { locale }: Reader, shown: Shown): Promise<ModalView> {
  const { kind } = shown
  const choices = await formChoices(tx)
  const { mileage, perDiem } = choices.rates
  if ((kind === 'mileage' && mileage.length === 0) || (kind === 'per_diem' && perDiem.length === 0)) {
    throw userError('no_rates', wordsOf(locale).forms.noRates)
  }
  const { currency } = await getCompany(tx)
  return startModal({ ...shown, choices, company: { currency, locale }, today: await todayOfActor(tx) })
}

const startMetadata = z.object({ kind: z.enum(['receipt', 'request', 'mileage', 'per_diem']) })

/** Shows the form with what follows from what stands in it, and with so many parts. */
export async function refillStart(
  slack: SlackChannel,
  action: ActionDelivery,
  { view, parts }: { view: PressedView; parts: number },
): Promise<void> {
  const form: FilledForm = { view }
  const metadata = startMetadata.safeParse(metadataOf(form))
  if (!metadata.success) return
  const { kind } = metadata.data
  await fillAgain(slack, view, {
    who: action,
    title: ({ forms }) => forms.titles[kind],
    fill: (tx, reader) => startAsTyped(tx, reader, form, { kind, parts }),
  })
}

/** The form with what stands in it, and what follows from that. `told`: what is wrong since it was sent like this. */
async function startAsTyped(
  tx: Tx,
  reader: Reader,
  form: FilledForm,
  { kind, parts, told }: { kind: ExpenseKind; parts: number; told?: Told },
): Promise<ModalView> {
  const { shares, ...others } = changesIn(form)
  const preview = await previewOf(tx, form, {
    target: { kind, receiptsToCome: filesOf(form, fieldBlocks.receipts).length },
    changes: parts === 0 ? others : { ...others, shares },
    reader,
    told,
  })
  const split = parts === 0 ? null : splitIn(form, { amount: null, company: await getCompany(tx) }, parts)
  return startForm(tx, reader, { kind, split, preview, rateKey: inputOf(form, fieldBlocks.rateKey) })
}

/** Makes a draft of what the form says, and shows it in the person's conversation with us: they submit it there. */
export async function submitStart(
  slack: SlackChannel,
  submission: ViewSubmission,
): Promise<ViewResponseAction | undefined> {
  const metadata = startMetadata.safeParse(metadataOf(submission))
  if (!metadata.success) return outdated(submission)
  const { kind } = metadata.data
  const again: FormAgain = {
    blocks: [],
    fill: (tx, reader, told) =>
      startAsTyped(tx, reader, submission, { kind, parts: partsIn(submission), told }),
  }
  return runForm(slack, submission, { ...errorsOf(submission), again }, async (who) => {
    const files = filesOf(submission, fieldBlocks.receipts)
    const changes = typedIn(submission, kind, files.length > 0)
    if (files.length > 0) await storeForm(slack, submission, { who, changes, files })
    else await inCompany(slack.database, who, (tx) => start(tx, who, { kind, changes, submission }))
    return undefined
  })
}

/** What is left empty is read from the receipt that comes with it. */
function typedIn(submission: ViewSubmission, kind: ExpenseKind, hasReceipt: boolean): ExpenseChanges {
  const changes = changesIn(submission)
  // A rate may have a category of its own.
  const optional = kind === 'mileage' || kind === 'per_diem' ? (['categoryId'] as const) : []
  for (const field of hasReceipt ? readFromReceipt : optional) {
    if (changes[field]?.trim() === '') delete changes[field]
  }
  return changes
}

const readFromReceipt = ['merchant', 'amount', 'date', 'categoryId'] as const

/** Pressed again because our answer was lost, it is the same draft. */
export const startKey = (teamId: string, viewId: string): string => `slack-form:${teamId}:${viewId}`

async function start(
  tx: Tx,
  { actor: { personId } }: Submitter,
  given: { kind: ExpenseKind; changes: ExpenseChanges; submission: ViewSubmission },
): Promise<void> {
  const { kind, changes, submission } = given
  const deliveryKey = startKey(teamOf(submission), submission.view.id)
  const expense = await startExpense(tx, { kind, source: 'slack', deliveryKey, changes })
  await showSurface(tx, { kind: 'slack.expense', expenseId: expense.id, personId })
}

/** Files take longer to fetch than Slack waits. What is typed is looked at before: mistakes are shown in the form. */
async function storeForm(
  slack: SlackChannel,
  submission: ViewSubmission,
  given: { who: Submitter; changes: ExpenseChanges; files: FormDelivery['files'] },
): Promise<void> {
  const { who, changes, files } = given
  const target = { kind: 'receipt', receiptsToCome: files.length } as const
  await inCompany(slack.database, who, (tx) => checkChanges(tx, target, changes))
  const [teamId, viewId] = [teamOf(submission), submission.view.id]
  const userId = submission.user.id
  const delivery: FormDelivery = { kind: 'form', teamId, userId, viewId, files, changes }
  await storeDelivery(slack.database, startKey(teamId, viewId), delivery)
}
