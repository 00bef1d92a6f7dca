import type { Tx } from '../../database/index.ts'
import { countMails, queueMail } from '../../features/notifications/index.ts'
import { logger } from '../../kernel/logger.ts'

/**
 * Answers to one address in one hour. More would be a loop, or somebody shooting at somebody else through us; a mail
 * with receipts of a proven sender is neither, and whoever mails a shoebox of them must hear of each.
 */
const answersPerHour = { toReceipts: 1000, toAnythingElse: 20 }

export interface Answer {
  mailId: string
  /** null: the mail does not say. */
  to: string | null
  personId: string | null
  /** Its receipts were taken. */
  hasReceipts?: boolean
  expenseId?: string
}

/** Queues the answer to a mail that came in, unless its address had its share for this hour; the log says so then. */
export async function queueAnswer(tx: Tx, answer: Answer): Promise<void> {
  const { mailId, to, personId, expenseId, hasReceipts } = answer
  const most = hasReceipts ? answersPerHour.toReceipts : answersPerHour.toAnythingElse
  const silence = to === null ? 'there is no address to answer to' : await whyNotNow(tx, to, most)
  if (to === null || silence) {
    logger.warn({ mail: mailId, silence }, 'mail not answered')
    return
  }
  await queueMail(tx, {
    kind: 'answer',
    to: { address: to, ...(personId ? { personId } : {}) },
    inboundMailId: mailId,
    ...(expenseId ? { expenseId } : {}),
  })
}

async function whyNotNow(tx: Tx, address: string, most: number): Promise<string | null> {
  // One at a time for an address: two mails counted at the same moment would both find room for the last answer.
  await tx.em.execute('select pg_advisory_xact_lock(hashtext(?))', [`answers to ${address}`])
  const hourAgo = new Date(tx.now.getTime() - 3_600_000)
  const isTooMany = (await countMails(tx, 'answer', address, hourAgo)) >= most
  return isTooMany ? 'too many answers in an hour' : null
}
