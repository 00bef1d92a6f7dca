import { renderApprovedRequestMail } from '../../../templates/email/approved-request-mail.ts'
import { renderCommentMail } from '../../../templates/email/comment-mail.ts'
import { renderDecidedMail } from '../../../templates/email/decided-mail.ts'
import { renderStoppedMail } from '../../../templates/email/stopped-mail.ts'
import { renderUndoneMail } from '../../../templates/email/undone-mail.ts'
import { lastDecision } from '../../../templates/step-words.ts'
import type { Tx } from '../../database/index.ts'
import type { ExpenseView } from '../../features/expenses/index.ts'
import type { OutgoingMail } from '../../features/notifications/index.ts'
import { composeAnswer } from './compose-answer.ts'
import { composeDelegation, composeDelegationLink } from './compose-delegation.ts'
import { composeCancellation, composeDocument } from './compose-documents.ts'
import { composeApprovalRequest, composeCode, whoDecides } from './compose-for-approver.ts'
import { composeDigest, composePaid } from './compose-lists.ts'
import {
  composeAccessRequest,
  composeAuditHead,
  composeAuthenticator,
  composeBlocked,
  composeGivenUp,
  composeInstallLink,
  composeLateReading,
  composeNotice,
  composeSlackTrouble,
} from './compose-notices.ts'
import { lockInboundMail } from './inbound-mail.ts'
import type { MailChannel } from './mail-channel.ts'
import { approvalLink, expenseLink, expenseOf, incomplete, type MailContent } from './mail-parts.ts'

/** Writes a queued mail from the state of this moment; null when there is nothing to say any more. */
export async function composeMail(
  channel: MailChannel,
  tx: Tx,
  mail: OutgoingMail,
): Promise<MailContent | null> {
  switch (mail.kind) {
    case 'document':
      return composeDocument(tx, mail)
    case 'cancellation':
      return composeCancellation(tx, mail)
    case 'approval_request':
    case 'reminder':
      return composeApprovalRequest(channel, tx, mail)
    case 'code':
      return composeCode(channel, tx, mail)
    case 'delegation':
      return composeDelegation(channel, tx, mail)
    case 'delegation_link':
      return composeDelegationLink(channel, tx, mail)
    case 'install_link':
      return composeInstallLink(channel, tx, mail)
    case 'approved_request':
      return approvedRequestMail(channel, tx, mail)
    case 'answer':
      return composeAnswer(channel, tx, mail)
    case 'decided':
      return decidedMail(channel, tx, mail)
    case 'undone':
      return undoneMail(channel, tx, mail)
    case 'comment':
      return commentMail(channel, tx, mail)
    case 'blocked':
      return composeBlocked(tx, mail)
    case 'notice':
      return composeNotice(tx, mail)
    case 'late_reading':
      return composeLateReading(tx, mail)
    case 'access_request':
      return composeAccessRequest(tx, mail)
    case 'audit_head':
      return composeAuditHead(tx, mail)
    case 'authenticator':
      return composeAuthenticator(tx, mail)
    case 'slack_trouble':
      return composeSlackTrouble(channel, tx, mail)
    case 'change_given_up':
      return composeGivenUp(tx, mail)
    case 'digest':
      return composeDigest(channel, tx, mail)
    case 'paid':
      return composePaid(tx, mail)
  }
}

/** Tells the submitter of a rejection or a send-back, or that it is blocked; nothing when it was changed and submitted since. */
async function decidedMail(channel: MailChannel, tx: Tx, mail: OutgoingMail): Promise<MailContent | null> {
  const expense = await expenseOf(tx, mail)
  if (expense.status === 'blocked') {
    const content = renderStoppedMail({ expense, link: await expenseLink(channel, tx, expense) })
    return { ...content, inReplyTo: await answeredMail(tx, mail) }
  }
  const last = lastDecision(expense)
  if ((expense.status !== 'rejected' && expense.status !== 'sent_back') || !last) return null
  const link = await expenseLink(channel, tx, expense)
  const { who: by, at, comment } = last
  const content = renderDecidedMail({ expense, verdict: expense.status, by, at, comment, link })
  return { ...content, inReplyTo: await answeredMail(tx, mail) }
}

/** Tells the submitter that they may spend what they asked for; nothing when that was taken back, or they gave it back. */
async function approvedRequestMail(
  channel: MailChannel,
  tx: Tx,
  mail: OutgoingMail,
): Promise<MailContent | null> {
  const expense = await expenseOf(tx, mail)
  if (expense.status !== 'approved') return null
  const content = renderApprovedRequestMail({ expense, link: await expenseLink(channel, tx, expense) })
  return { ...content, inReplyTo: await answeredMail(tx, mail) }
}

/** Tells of a decision that somebody took back: its approval is the mail's, or the one of the approver whom it fell with. */
async function undoneMail(channel: MailChannel, tx: Tx, mail: OutgoingMail): Promise<MailContent> {
  const expense = await expenseOf(tx, mail)
  const undone = expense.undone.find(({ approvalId }) => approvalId === mail.approvalId)
  if (!undone) throw incomplete(expense)
  if (mail.toPersonId !== expense.submitter.id) {
    return renderUndoneMail({ expense, undone, audience: 'approver', link: null })
  }
  const link = await expenseLink(channel, tx, expense)
  const content = renderUndoneMail({ expense, undone, audience: 'submitter', link })
  return { ...content, inReplyTo: await answeredMail(tx, mail) }
}

/**
 * Passes on a question or an answer. Nothing when it is too late: the question is answered, or the expense is not with
 * its approvers any more; the approver who wanted to know has decided.
 */
async function commentMail(channel: MailChannel, tx: Tx, mail: OutgoingMail): Promise<MailContent | null> {
  const expense = await expenseOf(tx, mail)
  const comment = expense.comments.find(({ id }) => id === mail.commentId)
  if (!comment) throw incomplete(expense)
  if (mail.approvalId !== null) {
    const approver = whoDecides(expense, mail)
    if (!approver) return null
    const link = await approvalLink(channel, tx, approver)
    return renderCommentMail({ expense, comment, audience: 'approver', link })
  }
  const isQuestion = comment.kind === 'question'
  if (isQuestion && !isUnanswered(expense, comment)) return null
  const link = `${await expenseLink(channel, tx, expense)}${isQuestion ? '#answer' : ''}`
  const content = renderCommentMail({ expense, comment, audience: 'submitter', link })
  return { ...content, inReplyTo: await answeredMail(tx, mail) }
}

function isUnanswered(
  { status, comments, submitter }: ExpenseView,
  question: ExpenseView['comments'][number],
): boolean {
  const later = comments.slice(comments.indexOf(question) + 1)
  return status === 'awaiting_approval' && !later.some(({ personId }) => personId === submitter.id)
}

/** The Message-ID of the mail that an expense came by. */
async function answeredMail(tx: Tx, { inboundMailId }: OutgoingMail): Promise<string | null> {
  return inboundMailId === null ? null : (await lockInboundMail(tx, inboundMailId)).message_id
}
