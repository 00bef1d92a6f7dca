import type { Tx } from '../../database/index.ts'
import { countMails, queueMail } from '../../features/notifications/index.ts'
import { logger } from '../../kernel/logger.ts'

/** Answers to one address in one hour: more would be a loop, or somebody shooting at somebody else through us. */
const answersPerHour = 20

export interface Answer {
  mailId: string
  /** null: the mail does not say. */
  to: string | null
  personId: string | null
  expenseId?: string
}

/** Queues the answer to a mail that came in, unless its address had its share for this hour; the log says so then. */
export async function queueAnswer(tx: Tx, { mailId, to, personId, expenseId }: Answer): Promise<void> {
  const silence = to === null ? 'there is no address to answer to' : await whyNotNow(tx, to)
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

async function whyNotNow(tx: Tx, address: string): Promise<string | null> {
  // One at a time for an address: two mails counted at the same moment would both find room for the last answer.
  await tx.em.execute('select pg_advisory_xact_lock(hashtext(?))', [`answers to ${address}`])
  const hourAgo = new Date(tx.now.getTime() - 3_600_000)
  const isTooMany = (await countMails(tx, 'answer', address, hourAgo)) >= answersPerHour
  return isTooMany ? 'too many answers in an hour' : null
}
