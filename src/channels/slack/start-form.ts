import type { ViewResponseAction } from '@slack/bolt'
import { z } from 'zod'
import { type StartModalView, startModal, titleOfKind } from '../../../templates/slack/edit-modal.ts'
import { actions } from '../../../templates/slack/expense-parts.ts'
import { fieldBlocks } from '../../../templates/slack/kind-fields.ts'
import { inCompany, type Tx } from '../../database/index.ts'
import { startExpense } from '../../features/expenses/index.ts'
import { showSurface } from '../../features/notifications/index.ts'
import { getCompany } from '../../features/people/index.ts'
import { userError } from '../../kernel/errors.ts'
import { blockOfField, changesIn } from './expense-inputs.ts'
import { openAndFill } from './fill-forms.ts'
import { formChoices, todayOfActor } from './form-choices.ts'
import { type ActionDelivery, metadataOf, type SlackUser, teamOf, type ViewSubmission } from './payloads.ts'
import { outdated, runForm } from './run-form.ts'
import type { SlackChannel } from './slack-channel.ts'

type Kind = StartModalView['kind']

const kindOfButton: Record<string, Kind> = {
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
  await openStart(slack, triggerId, { who: action, kind: kindOfButton[action.actionId] ?? 'request' })
}

/** Opens the form that starts something without a receipt. */
export async function openStart(
  slack: SlackChannel,
  triggerId: string,
  { who, kind }: { who: SlackUser; kind: Kind },
): Promise<void> {
  await openAndFill(slack, triggerId, {
    who,
    title: () => titleOfKind(kind),
    fill: (tx) => startForm(tx, kind),
  })
}

async function startForm(tx: Tx, kind: Kind) {
  const choices = await formChoices(tx)
  const { mileage, perDiem } = choices.rates
  if ((kind === 'mileage' && mileage.length === 0) || (kind === 'per_diem' && perDiem.length === 0)) {
    const message = `Your company has no rates for this yet. Please ask your admin to add them.`
    throw userError('no_rates', message)
  }
  return startModal({ kind, choices, company: await getCompany(tx), today: await todayOfActor(tx) })
}

const startMetadata = z.object({ kind: z.enum(['request', 'mileage', 'per_diem']) })

/** Makes a draft of what the form says, and shows it in the person's conversation with us: they submit it there. */
export async function submitStart(
  slack: SlackChannel,
  submission: ViewSubmission,
): Promise<ViewResponseAction | undefined> {
  const metadata = startMetadata.safeParse(metadataOf(submission))
  if (!metadata.success) return outdated
  const { kind } = metadata.data
  const { categoryId, ...others } = changesIn(submission)
  // A rate may have a category of its own.
  const changes = categoryId ? { ...others, categoryId } : others
  const errors = {
    firstBlock: kind === 'request' ? fieldBlocks.merchant : fieldBlocks.rateKey,
    blockOf: (field: string) => blockOfField(submission, field),
  }
  // Pressed again because our answer was lost, it is the same draft.
  const deliveryKey = `slack-form:${teamOf(submission)}:${submission.view.id}`
  return runForm(slack, submission, errors, (who) =>
    inCompany(slack.database, who, async (tx) => {
      const expense = await startExpense(tx, { kind, source: 'slack', deliveryKey, changes })
      const { personId } = who.actor
      await showSurface(tx, { kind: 'slack.expense', expenseId: expense.id, personId })
      return undefined
    }),
  )
}
