import { addToOutbox, type Tx } from '../../database/index.ts'
import { OutgoingMail } from './notifications.entity.ts'

export interface MailToSend {
  kind: string
  to: { address: string; personId?: string }
  expenseId?: string
  documentId?: string
  subject: string
  html: string
  text: string
}

/** Queues one mail. Its Message-ID is fixed now, so that a mail sent again after a crash counts once. */
export async function queueMail(tx: Tx, mail: MailToSend, messageIdDomain: string): Promise<void> {
  const id = tx.newId()
  tx.em.create(OutgoingMail, {
    id,
    companyId: tx.companyId,
    kind: mail.kind,
    toAddress: mail.to.address,
    toPersonId: mail.to.personId ?? null,
    expenseId: mail.expenseId ?? null,
    documentId: mail.documentId ?? null,
    subject: mail.subject,
    html: mail.html,
    body: mail.text,
    messageId: `<${id}@${messageIdDomain}>`,
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

/** Notes the fate of a mail. */
export async function recordMailResult(
  tx: Tx,
  id: string,
  result: { status: OutgoingMail['status']; problem?: string },
): Promise<void> {
  const mail = await getMail(tx, id)
  mail.status = result.status
  mail.tries += 1
  mail.problem = result.problem?.slice(0, 500) ?? null
  if (result.status === 'sent') mail.sentAt = tx.now
}
