import type { Tx } from '../../database/index.ts'
import { dateIn, startOfDay } from '../../kernel/calendar-date.ts'
import { auditHead } from '../audit/index.ts'
import { getCompany, peopleWithRole } from '../people/index.ts'
import { OutgoingMail } from './notifications.entity.ts'
import { queueMail } from './outgoing-mail.ts'

/**
 * Once in a month of the company's time zone, the newest seal of its audit log goes to finance, or to the admins where
 * nobody is in finance: kept outside, it shows later whether the log was cut off or written anew. Not in the month in
 * which the company began, and not before anything is sealed.
 */
export async function mailAuditHead(tx: Tx): Promise<void> {
  const { timeZone, createdAt } = await getCompany(tx)
  const month = startOfDay(`${dateIn(tx.now, timeZone).slice(0, 7)}-01`, timeZone)
  const where = { companyId: tx.companyId, kind: 'audit_head' as const, createdAt: { $gte: month } }
  const head = await auditHead(tx)
  if (!head || createdAt >= month || (await tx.em.count(OutgoingMail, where)) > 0) return
  const finance = await peopleWithRole(tx, 'finance')
  for (const { id, email } of finance.length > 0 ? finance : await peopleWithRole(tx, 'admin')) {
    await queueMail(tx, { kind: 'audit_head', to: { address: email, personId: id }, details: { head } })
  }
}
