import type { ViewResponseAction } from '@slack/bolt'
import { z } from 'zod'
import { editBlocks, messageModal } from '../../../templates/slack/modals.ts'
import { inCompany, type Tx } from '../../database/index.ts'
import { decideApproval } from '../../features/approvals/index.ts'
import { editExpense, submitExpense } from '../../features/expenses/index.ts'
import { AppError } from '../../kernel/errors.ts'
import { identify } from './identify.ts'
import { inputOf, teamOf, type ViewSubmission } from './payloads.ts'
import type { SlackChannel } from './slack-channel.ts'

const editMetadata = z.object({ expenseId: z.uuid(), thenSubmit: z.boolean() })
const decideMetadata = z.object({ approvalId: z.uuid(), verdict: z.enum(['reject', 'send_back']) })

/** What our form carries. It comes back from outside, so it may be anything. */
function metadataOf(submission: ViewSubmission): unknown {
  try {
    return JSON.parse(submission.view.private_metadata)
  } catch {
    return null
  }
}

const outdated: ViewResponseAction = {
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
    await editExpense(tx, expenseId, {
      merchant: inputOf(submission, editBlocks.merchant) ?? '',
      amount: inputOf(submission, editBlocks.amount) ?? '',
      ...(currency ? { currency: currency.trim().toUpperCase() } : {}),
      date: inputOf(submission, editBlocks.date) ?? '',
      categoryId: inputOf(submission, editBlocks.category) ?? '',
      note: inputOf(submission, editBlocks.note) ?? null,
    })
    if (thenSubmit) await submitExpense(tx, expenseId)
  })
}

/** Rejects or sends back with the reason that was given. */
export async function submitDecision(
  slack: SlackChannel,
  submission: ViewSubmission,
): Promise<ViewResponseAction | undefined> {
  const metadata = decideMetadata.safeParse(metadataOf(submission))
  if (!metadata.success) return outdated
  const { approvalId, verdict } = metadata.data
  return run(slack, submission, 'comment', (tx) =>
    decideApproval(tx, slack.subjects, { approvalId, verdict, comment: inputOf(submission, 'comment') }),
  )
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
    if (!(error instanceof AppError) || error.kind !== 'user') throw error
    if (error.field)
      return { response_action: 'errors', errors: { [blockOf(error.field) ?? firstBlock]: error.message } }
    return { response_action: 'update', view: messageModal('Not done', error.message) }
  }
}

function blockOf(field: string): string | undefined {
  return [...Object.values(editBlocks), 'comment'].find((block) => block === field)
}
