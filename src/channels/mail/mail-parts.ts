import type { Tx } from '../../database/index.ts'
import { type ExpenseView, viewExpense } from '../../features/expenses/index.ts'
import { makeLink, type OutgoingMail } from '../../features/notifications/index.ts'
import { type AppError, permanentError } from '../../kernel/errors.ts'
import type { MailChannel } from './mail-channel.ts'

/** One mail, ready to be sent. */
export interface MailContent {
  subject: string
  html: string
  text: string
  attachment?: { fileName: string; bytes: Buffer }
  /** The Message-ID of the mail that this one answers. */
  inReplyTo?: string | null
}

/** The expense that a mail is about, as the approver sees it whose approval the mail names. @throws permanentError `mail_incomplete` */
export async function expenseOf(tx: Tx, mail: OutgoingMail): Promise<ExpenseView> {
  const expense = mail.expenseId && (await viewExpense(tx, mail.expenseId, mail.approvalId))
  if (!expense) throw permanentError('mail_incomplete', 'The mail is about an expense that does not exist.')
  return expense
}

/** The submitter's page of an expense. */
export async function expenseLink(channel: MailChannel, tx: Tx, expense: ExpenseView): Promise<string> {
  const claims = { company: tx.companyId, person: expense.submitter.id, expense: expense.id }
  return makeLink(channel.site, 'expense', claims, tx.now)
}

/** The page on which an approver decides. */
export async function approvalLink(
  channel: MailChannel,
  tx: Tx,
  { approvalId, personId }: { approvalId: string; personId: string },
): Promise<string> {
  const claims = { company: tx.companyId, person: personId, approval: approvalId }
  return makeLink(channel.site, 'approval', claims, tx.now)
}

/** A mail whose facts are not there: trying again would not help. */
export function incomplete({ number }: ExpenseView): AppError {
  return permanentError('mail_incomplete', `The mail about ${number} cannot be written.`)
}
