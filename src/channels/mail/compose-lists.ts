import { renderDigestMail } from '../../../templates/email/digest-mail.ts'
import { renderPaidMail } from '../../../templates/email/paid-mail.ts'
import type { Tx } from '../../database/index.ts'
import { listWaiting } from '../../features/approvals/index.ts'
import { linesOf, listWaitingExpenses, mailDigest } from '../../features/expenses/index.ts'
import type { OutgoingMail } from '../../features/notifications/index.ts'
import { getCompany, getPerson } from '../../features/people/index.ts'
import type { MailChannel } from './mail-channel.ts'
import { approvalLink, type MailContent } from './mail-parts.ts'

/** So many requests are in one mail, and so many are counted. */
const mostNamed = 50
const mostCounted = 1000

/**
 * To an approver: all that waits for them at this moment. Nothing when that is nothing any more. What does not fit comes
 * with another mail in the morning.
 */
export async function composeDigest(
  channel: MailChannel,
  tx: Tx,
  { toPersonId }: OutgoingMail,
): Promise<MailContent | null> {
  const person = await getPerson(tx, toPersonId ?? '')
  const { length: count } = await listWaiting(tx, person.id, { limit: mostCounted })
  if (count === 0 || !person.active) return null
  const reader: Tx = { ...tx, actor: { personId: person.id, channel: 'email' } }
  const waiting = []
  for (const one of await listWaitingExpenses(reader, { limit: mostNamed })) {
    const link = await approvalLink(channel, tx, { approvalId: one.approvalId, personId: person.id })
    waiting.push({ ...one, link })
  }
  const more = count - waiting.length
  if (more > 0) await mailDigest(tx, person, { isReminder: true })
  return renderDigestMail({ company: await getCompany(tx), waiting, more })
}

/** To a submitter: which of their expenses finance has reimbursed. */
export async function composePaid(tx: Tx, { details }: OutgoingMail): Promise<MailContent> {
  const expenses = await linesOf(tx, details?.expenseIds ?? [])
  return renderPaidMail({ company: await getCompany(tx), expenses })
}
