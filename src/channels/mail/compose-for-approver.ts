import { renderApprovalRequestMail } from '../../../templates/email/approval-request-mail.ts'
import { renderCodeMail } from '../../../templates/email/code-mail.ts'
import { askOf } from '../../../templates/step-words.ts'
import type { Tx } from '../../database/index.ts'
import { codeOf, getStepUp } from '../../features/approvals/index.ts'
import type { ExpenseView } from '../../features/expenses/index.ts'
import type { OutgoingMail } from '../../features/notifications/index.ts'
import { getPerson } from '../../features/people/index.ts'
import type { MailChannel } from './mail-channel.ts'
import { approvalLink, expenseOf, incomplete, type MailContent } from './mail-parts.ts'

/**
 * Asks or reminds an approver, a delegate in their place, or the next one up; nothing when it was decided elsewhere before
 * the mail could leave, or somebody else is asked in their place by now.
 */
export async function composeApprovalRequest(
  channel: MailChannel,
  tx: Tx,
  mail: OutgoingMail,
): Promise<MailContent | null> {
  const expense = await expenseOf(tx, mail)
  const reader = whoDecides(expense, mail)
  if (!reader || !askOf(expense, reader.approvalId, reader.personId)) return null
  const link = await approvalLink(channel, tx, reader)
  return renderApprovalRequestMail({
    expense,
    approvalId: reader.approvalId,
    reader: await getPerson(tx, reader.personId),
    link,
    delegateLink: `${link}/delegate`,
    isReminder: mail.kind === 'reminder',
  })
}

/** The one whom a mail is for, as long as it is theirs to decide. */
export function whoDecides(
  { steps, requestStatus }: ExpenseView,
  { approvalId, toPersonId: personId }: OutgoingMail,
): { approvalId: string; personId: string } | null {
  const approver = steps.flatMap(({ approvers }) => approvers).find((one) => one.approvalId === approvalId)
  const isOpen = approver?.status === 'asked' && requestStatus === 'open'
  if (!isOpen || approvalId === null || personId === null) return null
  return approver.mayDecide.includes(personId) ? { approvalId, personId } : null
}

/** The code that proves who decides in Slack. Nothing once it was typed or replaced, is too old, or there is nothing to decide any more. */
export async function composeCode(
  { dataKey }: MailChannel,
  tx: Tx,
  mail: OutgoingMail,
): Promise<MailContent | null> {
  const expense = await expenseOf(tx, mail)
  if (mail.stepUpId === null) throw incomplete(expense)
  const { expiresAt, provenAt, isReplaced } = await getStepUp(tx, mail.stepUpId)
  const isOfUse = provenAt === null && !isReplaced && expiresAt > tx.now
  if (!isOfUse || !whoDecides(expense, mail)) return null
  const code = codeOf(dataKey, mail.stepUpId)
  return renderCodeMail({ expense, code, expiresAt })
}
