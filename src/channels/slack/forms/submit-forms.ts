import { createHash } from 'node:crypto'
import type { ViewResponseAction } from '@slack/bolt'
import { z } from 'zod'
import { codeBlock } from '../../../../templates/slack/decision-modals.ts'
import { inCompany } from '../../../database/index.ts'
import { decideApproval, proveWithCode } from '../../../features/approvals/index.ts'
import { commentOnExpense } from '../../../features/expenses/index.ts'
import { hasInput, inputOf, metadataOf, teamOf, type ViewSubmission } from '../payloads.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { isFirstDelivery } from '../transport/deliveries.ts'
import { outdated, runForm } from './run-form.ts'

export const decideMetadata = z.object({
  approvalId: z.uuid(),
  verdict: z.enum(['approve', 'reject', 'send_back', 'ask']),
  resent: z.int().min(0).default(0),
})
const answerMetadata = z.object({ expenseId: z.uuid() })

/** Decides or asks, with the words that were given, and first proves by the code who it is where one was asked for. */
export async function submitDecision(
  slack: SlackChannel,
  submission: ViewSubmission,
): Promise<ViewResponseAction | undefined> {
  const metadata = decideMetadata.safeParse(metadataOf(submission))
  if (!metadata.success) return outdated(submission)
  const { approvalId, verdict, resent } = metadata.data
  const comment = inputOf(submission, 'comment')
  const codeInput = codeBlock(resent)
  const code = inputOf(submission, codeInput)
  const errors = {
    firstBlock: hasInput(submission, 'comment') ? 'comment' : codeInput,
    blockOf: (field: string) => (field === 'code' ? codeInput : field),
  }
  return runForm(slack, submission, errors, async (who) => {
    const { database, dataKey } = slack
    if (code !== undefined) await proveWithCode(database, who, { approvalId, code, dataKey })
    return inCompany(database, who, async (tx) => {
      if (verdict === 'ask' && !(await isFirstDelivery(tx, saidKey(submission)))) return undefined
      await decideApproval(tx, slack.subjects, { approvalId, verdict, comment })
      return undefined
    })
  })
}

/** Hands the submitter's answer on to the one who asked. */
export async function submitAnswer(
  slack: SlackChannel,
  submission: ViewSubmission,
): Promise<ViewResponseAction | undefined> {
  const metadata = answerMetadata.safeParse(metadataOf(submission))
  if (!metadata.success) return outdated(submission)
  const text = inputOf(submission, 'comment') ?? ''
  return runForm(slack, submission, { firstBlock: 'comment' }, (who) =>
    inCompany(slack.database, who, async (tx) => {
      if (!(await isFirstDelivery(tx, saidKey(submission)))) return undefined
      await commentOnExpense(tx, slack.subjects, metadata.data.expenseId, text)
      return undefined
    }),
  )
}

/** Names what a form says: sent again because our answer was lost, the same words are said once. */
function saidKey(submission: ViewSubmission): string {
  const { id, private_metadata } = submission.view
  const words = JSON.stringify([private_metadata, inputOf(submission, 'comment') ?? ''])
  const hash = createHash('sha256').update(words).digest('hex')
  return `form:${teamOf(submission)}:${submission.user.id}:${id}:${hash}`
}
