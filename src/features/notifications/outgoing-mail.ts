import { addToOutbox, type Tx } from '../../database/index.ts'
import { type MailDetails, type MailKind, OutgoingMail } from './notifications.entity.ts'

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
}

/** Queues one mail. Its Message-ID is made of its id, so that a mail sent again after a crash counts once. */
export async function queueMail(tx: Tx, mail: MailToSend): Promise<void> {
  const id = tx.newId()
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
    sentAt: null,
    createdAt: tx.now,
  })
  await addToOutbox(tx, 'mail.send', { mailId: id })
}

export async function getMail(tx: Tx, id: string): Promise<OutgoingMail> {
  return tx.em.findOneOrFail(OutgoingMail, { id })
}

/** To whom a document was mailed, or is about to be. */
export async function mailedDocument(tx: Tx, documentId: string): Promise<MailToSend['to'][]> {
  const where = { companyId: tx.companyId, documentId, status: { $ne: 'not_needed' as const } }
  const mails = await tx.em.find(OutgoingMail, where, { orderBy: { id: 'asc' } })
  return mails.map(({ toAddress, toPersonId }) => ({
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
