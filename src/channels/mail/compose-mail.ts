import { type AnswerMailView, renderAnswerMail } from '../../../templates/email/answer-mail.ts'
import { renderApprovalRequestMail } from '../../../templates/email/approval-request-mail.ts'
import { renderDecidedMail } from '../../../templates/email/decided-mail.ts'
import { renderDocumentMail } from '../../../templates/email/document-mail.ts'
import type { Tx } from '../../database/index.ts'
import { type ExpenseView, expensesOfMail, readDocument, viewExpense } from '../../features/expenses/index.ts'
import { makeLink, type OutgoingMail } from '../../features/notifications/index.ts'
import { getCompany } from '../../features/people/index.ts'
import { permanentError } from '../../kernel/errors.ts'
import { type InboundMail, lockInboundMail } from './inbound-mail.ts'
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

/** Writes a queued mail from the state of this moment; null when there is nothing to say any more. */
export async function composeMail(
  channel: MailChannel,
  tx: Tx,
  mail: OutgoingMail,
): Promise<MailContent | null> {
  switch (mail.kind) {
    case 'document':
      return documentMail(tx, mail)
    case 'approval_request':
      return approvalRequestMail(channel, tx, mail)
    case 'answer':
      return answerMail(channel, tx, mail)
    case 'decided':
      return decidedMail(channel, tx, mail)
  }
}

/** Asks an approver, unless it was decided elsewhere before the mail could leave. */
async function approvalRequestMail(
  channel: MailChannel,
  tx: Tx,
  mail: OutgoingMail,
): Promise<MailContent | null> {
  const expense = await expenseOf(tx, mail)
  const approvalId = mail.approvalId ?? ''
  const approver = approverOf(expense, approvalId)
  if (approver?.status !== 'asked' || !mail.toPersonId) return null
  const claims = {
    company: tx.companyId,
    person: mail.toPersonId,
    approval: approvalId,
  }
  const link = await makeLink(channel.site, 'approval', claims, tx.now)
  return renderApprovalRequestMail({ expense, approvalId, approver: { name: approver.name }, link })
}

/** Answers a mail that came in, by what came of it. */
async function answerMail(channel: MailChannel, tx: Tx, mail: OutgoingMail): Promise<MailContent | null> {
  const inbound = await lockInboundMail(tx, mail.inboundMailId ?? '')
  const company = await getCompany(tx)
  const base = { company, subject: inbound.subject ?? '', ignored: inbound.ignored }
  const items: { expense: ExpenseView; link: string }[] = []
  for (const { id } of await expensesOfMail(tx, inbound.id)) {
    const expense = await viewExpense(tx, id)
    if (expense) items.push({ expense, link: await expenseLink(channel, tx, expense) })
  }
  const view = answerView(base, inbound, items)
  return view && { ...renderAnswerMail(view), inReplyTo: inbound.message_id }
}

function answerView(
  base: { company: { name: string }; subject: string; ignored: InboundMail['ignored'] },
  inbound: InboundMail,
  items: { expense: ExpenseView; link: string }[],
): AnswerMailView | null {
  const because = inbound.because ?? ''
  const [only] = items
  switch (inbound.outcome) {
    case 'submitted':
      return only ? { ...base, ...only, outcome: 'submitted' } : null
    case 'drafted':
      return { ...base, items, outcome: 'drafted' }
    case 'quarantined':
      return { ...base, because, outcome: 'quarantined' }
    case 'unknown_sender':
      return { ...base, address: inbound.sender ?? '', outcome: 'unknown_sender' }
    case 'unreadable':
      return { ...base, problem: because, outcome: 'unreadable' }
    case 'empty':
      return { ...base, outcome: 'empty' }
    case 'open':
    case 'reading':
    case 'automatic':
      return null
  }
}

/** Tells the submitter of a rejection or a send-back; nothing when it was changed and submitted since. */
async function decidedMail(channel: MailChannel, tx: Tx, mail: OutgoingMail): Promise<MailContent | null> {
  const expense = await expenseOf(tx, mail)
  const last = expense.history.at(-1)
  if ((expense.status !== 'rejected' && expense.status !== 'sent_back') || !last) return null
  const link = await expenseLink(channel, tx, expense)
  const inReplyTo = mail.inboundMailId ? (await lockInboundMail(tx, mail.inboundMailId)).message_id : null
  const { who: by, at, comment } = last
  return { ...renderDecidedMail({ expense, verdict: expense.status, by, at, comment, link }), inReplyTo }
}

function approverOf(expense: ExpenseView, approvalId: string) {
  return expense.steps
    .flatMap(({ approvers }) => approvers)
    .find((approver) => approver.approvalId === approvalId)
}

async function expenseLink(channel: MailChannel, tx: Tx, expense: ExpenseView): Promise<string> {
  const claims = { company: tx.companyId, person: expense.submitter.id, expense: expense.id }
  return makeLink(channel.site, 'expense', claims, tx.now)
}

async function documentMail(tx: Tx, mail: OutgoingMail): Promise<MailContent> {
  const expense = await expenseOf(tx, mail)
  const { amount, merchant, category, date } = expense
  if (!amount || !merchant || !category || !date || !mail.documentId) {
    throw permanentError('mail_incomplete', `The mail about ${expense.number} cannot be written.`)
  }
  const attachment = await readDocument(tx, mail.documentId)
  const approvals = expense.steps
    .flatMap(({ approvers }) => approvers)
    .flatMap(({ decided, status }) =>
      decided && status === 'approved' ? [{ who: decided.by, at: decided.at }] : [],
    )
  const content = renderDocumentMail({
    audience: mail.toPersonId === expense.submitter.id ? 'submitter' : 'finance',
    documentNumber: expense.number,
    company: expense.company,
    locale: expense.company.locale,
    submitter: expense.submitter,
    merchant,
    category: category.name,
    date,
    paidBy: expense.paidBy,
    amount,
    companyAmount: expense.companyAmount,
    approvals,
    attachment: attachment.fileName,
  })
  return { ...content, attachment }
}

async function expenseOf(tx: Tx, mail: OutgoingMail): Promise<ExpenseView> {
  const expense = mail.expenseId && (await viewExpense(tx, mail.expenseId, mail.approvalId))
  if (!expense) throw permanentError('mail_incomplete', 'The mail is about an expense that does not exist.')
  return expense
}
