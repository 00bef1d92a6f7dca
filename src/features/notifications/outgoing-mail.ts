import { addToOutbox, type Tx } from '../../database/index.ts'
import { type MailDetails, type MailKind, OutgoingMail } from './notifications.entity.ts'
import { heldUntil } from './tell.ts'

export interface MailToSend {
  kind: MailKind
  to: { address: string; personId?: string }
  expenseId?: string
  approvalId?: string
  documentId?: string
  inboundMailId?: string
  commentId?: string
  stepUpId?: string
  delegationId?: string
  details?: MailDetails
  /** Not before this instant (UTC). */
  notBefore?: Date
}

/**
 * Queues one mail, to be sent after the quiet hours of its person where it is one that waits for their end. Its Message-ID
 * is made of its id, so that a mail sent again after a crash counts once.
 */
export async function queueMail(tx: Tx, mail: MailToSend): Promise<void> {
  const id = tx.newId()
  const { kind, notBefore } = mail
  const sendFrom = await heldUntil(tx, { personId: mail.to.personId ?? null, kind, notBefore })
  tx.em.create(OutgoingMail, {
    id,
    companyId: tx.companyId,
    kind: mail.kind,
    toAddress: mail.to.address,
    toPersonId: mail.to.personId ?? null,
    expenseId: mail.expenseId ?? null,
    approvalId: mail.approvalId ?? null,
    documentId: mail.documentId ?? null,
    inboundMailId: mail.inboundMailId ?? null,
    commentId: mail.commentId ?? null,
    stepUpId: mail.stepUpId ?? null,
    delegationId: mail.delegationId ?? null,
    details: mail.details ?? null,
    status: 'queued',
    tries: 0,
    problem: null,
    sendFrom,
    sentAt: null,
    createdAt: tx.now,
  })
  await addToOutbox(tx, 'mail.send', { mailId: id }, { notBefore: sendFrom ?? tx.now })
}

export async function getMail(tx: Tx, id: string): Promise<OutgoingMail> {
  return tx.em.findOneOrFail(OutgoingMail, { id })
}

/** To whom a document was mailed, or is about to be; not from whom it is still held back, who will never get it. */
export async function mailedDocument(tx: Tx, documentId: string): Promise<MailToSend['to'][]> {
  const where = { companyId: tx.companyId, documentId, status: { $ne: 'not_needed' as const } }
  const mails = await tx.em.find(OutgoingMail, where, { orderBy: { id: 'asc' } })
  const isOnItsWay = ({ status, sendFrom }: OutgoingMail) =>
    status !== 'queued' || sendFrom === null || sendFrom <= tx.now
  return mails.filter(isOnItsWay).map(({ toAddress, toPersonId }) => ({
    address: toAddress,
    ...(toPersonId ? { personId: toPersonId } : {}),
  }))
}

/** How many mails of a kind went to an address since an instant (UTC). */
export async function countMails(tx: Tx, kind: MailKind, toAddress: string, since: Date): Promise<number> {
  return tx.em.count(OutgoingMail, { companyId: tx.companyId, kind, toAddress, createdAt: { $gt: since } })
}

/** Notes the fate of a mail. */
export async function recordMailResult(
  tx: Tx,
  id: string,
  result: { status: OutgoingMail['status']; problem?: string },
): Promise<void> {
  const mail = await getMail(tx, id)
  // A slower copy of the work may fail after another one sent it.
  if (mail.status === 'sent') return
  mail.status = result.status
  mail.tries += 1
  mail.problem = result.problem?.slice(0, 500) ?? null
  if (result.status === 'sent') mail.sentAt = tx.now
}
