import type { Tx } from '../../database/index.ts'
import { getPerson } from '../people/index.ts'
import { type MailKind, OutgoingMail, Surface, type SurfaceKind } from './notifications.entity.ts'
import { queueMail } from './outgoing-mail.ts'

/** The mail that tells the same as a message in Slack; null: there is none, or it is not what somebody waits for. */
const mailLike: Record<SurfaceKind, MailKind | null> = {
  'slack.approval': 'approval_request',
  'slack.reminder': 'reminder',
  'slack.digest': 'digest',
  'slack.comment': 'comment',
  'slack.outcome': 'decided',
  'slack.undone': 'undone',
  'slack.paid': 'paid',
  'slack.expense': null,
  'slack.code': null,
  'slack.question': null,
}

/**
 * Slack refuses for good to show a message, such as in a channel that was archived: whoever never saw it gets the mail
 * instead, once, unless the same news was mailed anyway.
 */
export async function mailInstead(tx: Tx, surfaceId: string): Promise<void> {
  const surface = await tx.em.findOne(Surface, { id: surfaceId })
  const kind = surface && (await kindOfMail(tx, surface))
  if (!kind || surface.messageTs !== null) return
  const { personId, expenseId, approvalId, commentId, createdAt: since } = surface
  const person = await getPerson(tx, personId)
  if (!person.active) return
  const isAboutOne = kind !== 'paid' && kind !== 'digest'
  const about = {
    ...(isAboutOne && expenseId ? { expenseId } : {}),
    ...(isAboutOne && approvalId ? { approvalId } : {}),
    ...(isAboutOne && commentId ? { commentId } : {}),
  }
  const details = kind === 'paid' && expenseId ? { expenseIds: [expenseId] } : null
  // Each time that the message is refused again it would be mailed again. A digest may have been asked for the day before.
  const mailed = await tx.em.find(OutgoingMail, {
    companyId: tx.companyId,
    kind,
    toPersonId: personId,
    ...about,
    $or: [{ createdAt: { $gte: since } }, { sendFrom: { $gte: since } }],
  })
  if (mailed.some((mail) => JSON.stringify(mail.details) === JSON.stringify(details))) return
  const to = { address: person.email, personId }
  await queueMail(tx, { kind, to, ...about, ...(details ? { details } : {}) })
}

/** Of a request to spend that was approved no document tells. */
async function kindOfMail(tx: Tx, { kind, expenseId }: Surface): Promise<MailKind | null> {
  if (kind !== 'slack.outcome') return mailLike[kind]
  const approved = await tx.em.execute<unknown[]>(
    `select 1 from expense where company_id = ? and id = ? and kind = 'request' and status = 'approved'`,
    [tx.companyId, expenseId],
  )
  return approved.length > 0 ? 'approved_request' : mailLike[kind]
}
