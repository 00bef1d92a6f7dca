import { createHash } from 'node:crypto'
import type { ViewResponseAction } from '@slack/bolt'
import { z } from 'zod'
import { editBlocks, noReason } from '../../../templates/slack/edit-modal.ts'
import { messageModal } from '../../../templates/slack/modals.ts'
import { inCompany, type Tx } from '../../database/index.ts'
import { decideApproval } from '../../features/approvals/index.ts'
import { commentOnExpense, editExpense, submitExpense } from '../../features/expenses/index.ts'
import { AppError } from '../../kernel/errors.ts'
import { isFirstDelivery } from './deliveries.ts'
import { identify } from './identify.ts'
import { inputOf, teamOf, type ViewSubmission } from './payloads.ts'
import type { SlackChannel } from './slack-channel.ts'

const editMetadata = z.object({ expenseId: z.uuid(), thenSubmit: z.boolean() })
const decideMetadata = z.object({
  approvalId: z.uuid(),
  verdict: z.enum(['reject', 'send_back', 'ask']),
})
const answerMetadata = z.object({ expenseId: z.uuid() })

/** What our form carries. It comes back from outside, so it may be anything. */
function metadataOf(submission: ViewSubmission): unknown {
  try {
    return JSON.parse(submission.view.private_metadata)
  } catch {
    return null
  }
}

/** For what no form of ours sends. */
export const outdated: ViewResponseAction = {
  response_action: 'update',
  view: messageModal('Not done', 'This form no longer works. Please open it again.'),
}

/** Saves the edit form, and submits the expense where Submit opened it. Mistakes are shown at their fields. */
export async function submitEdit(
  slack: SlackChannel,
  submission: ViewSubmission,
): Promise<ViewResponseAction | undefined> {
  const metadata = editMetadata.safeParse(metadataOf(submission))
  if (!metadata.success) return outdated
  const { expenseId, thenSubmit } = metadata.data
  return run(slack, submission, editBlocks.merchant, async (tx) => {
    const currency = inputOf(submission, editBlocks.currency)
    const reason = inputOf(submission, editBlocks.reason)
    await editExpense(tx, expenseId, {
      merchant: inputOf(submission, editBlocks.merchant) ?? '',
      amount: inputOf(submission, editBlocks.amount) ?? '',
      ...(currency ? { currency: currency.trim().toUpperCase() } : {}),
      date: inputOf(submission, editBlocks.date) ?? '',
      categoryId: inputOf(submission, editBlocks.category) ?? '',
      ...(hasBlock(submission, editBlocks.reason)
        ? { reasonId: reason === undefined || reason === noReason ? null : reason }
        : {}),
      attendees: inputOf(submission, editBlocks.attendees) ?? '',
      note: inputOf(submission, editBlocks.note) ?? null,
    })
    if (thenSubmit) await submitExpense(tx, expenseId)
  })
}

/** Rejects, sends back or asks, with the words that were given. */
export async function submitDecision(
  slack: SlackChannel,
  submission: ViewSubmission,
): Promise<ViewResponseAction | undefined> {
  const metadata = decideMetadata.safeParse(metadataOf(submission))
  if (!metadata.success) return outdated
  const { approvalId, verdict } = metadata.data
  const comment = inputOf(submission, 'comment')
  return run(slack, submission, 'comment', async (tx) => {
    if (verdict === 'ask' && !(await isFirstDelivery(tx, saidKey(submission)))) return
    await decideApproval(tx, slack.subjects, { approvalId, verdict, comment })
  })
}

/** Hands the submitter's answer on to the one who asked. */
export async function submitAnswer(
  slack: SlackChannel,
  submission: ViewSubmission,
): Promise<ViewResponseAction | undefined> {
  const metadata = answerMetadata.safeParse(metadataOf(submission))
  if (!metadata.success) return outdated
  const text = inputOf(submission, 'comment') ?? ''
  return run(slack, submission, 'comment', async (tx) => {
    if (!(await isFirstDelivery(tx, saidKey(submission)))) return
    await commentOnExpense(tx, slack.subjects, metadata.data.expenseId, text)
  })
}

/** Names what a form says: sent again because our answer was lost, the same words are said once. */
function saidKey(submission: ViewSubmission): string {
  const { id, private_metadata } = submission.view
  const words = JSON.stringify([private_metadata, inputOf(submission, 'comment') ?? ''])
  const hash = createHash('sha256').update(words).digest('hex')
  return `form:${teamOf(submission)}:${submission.user.id}:${id}:${hash}`
}

async function run(
  slack: SlackChannel,
  submission: ViewSubmission,
  firstBlock: string,
  work: (tx: Tx) => Promise<unknown>,
): Promise<ViewResponseAction | undefined> {
  try {
    const person = await identify(slack, teamOf(submission), submission.user.id)
    await inCompany(
      slack.database,
      { companyId: person.companyId, actor: { personId: person.id, channel: 'slack' } },
      work,
    )
    return undefined
  } catch (error) {
    // What passes by itself is told like a mistake: the form is still there to be sent again.
    if (!(error instanceof AppError) || error.kind === 'permanent') throw error
    if (error.kind === 'user' && !error.field) {
      return { response_action: 'update', view: messageModal('Not done', error.message) }
    }
    return { response_action: 'errors', errors: errorsAtBlocks(submission, error, firstBlock) }
  }
}

/** Each mistake at its own input; what has none here, at the first one. */
function errorsAtBlocks(
  submission: ViewSubmission,
  error: AppError,
  firstBlock: string,
): Record<string, string> {
  const several = fieldMessages.safeParse(error.details?.fields)
  const messages = several.success ? several.data : { [error.field ?? firstBlock]: error.message }
  const errors: Record<string, string> = {}
  for (const [field, message] of Object.entries(messages)) {
    const block = hasBlock(submission, field) ? field : firstBlock
    errors[block] = errors[block] ? `${errors[block]} ${message}` : message
  }
  return errors
}

const fieldMessages = z.record(z.string(), z.string())

/** Whether the form has an input of this name. Slack refuses errors at blocks that are not there. */
function hasBlock(submission: ViewSubmission, blockId: string): boolean {
  return submission.view.state.values[blockId] !== undefined
}
