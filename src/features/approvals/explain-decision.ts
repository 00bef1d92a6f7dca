import type { Tx } from '../../database/index.ts'
import { formatInstant } from '../../kernel/calendar-date.ts'
import { type AppError, userError } from '../../kernel/errors.ts'
import { getCompany, getPerson } from '../people/index.ts'
import type { Approval } from './approvals.entity.ts'

const did: Partial<Record<string, string>> = {
  approved: 'approved',
  rejected: 'rejected',
  sent_back: 'sent back',
}

/**
 * Tells the loser of a race, or a late comer, what was decided, by whom, for whom and when.
 * @param so what follows from it, such as `, so it cannot be taken back any more`
 * @returns userError `already_decided`
 */
export async function alreadyDecided(tx: Tx, decision: Approval, so = ''): Promise<AppError> {
  const { approverId, status } = decision
  const deciderId = decision.decidedBy ?? approverId
  const decidedBy = (await getPerson(tx, deciderId)).name
  const decidedFor = deciderId === approverId ? null : (await getPerson(tx, approverId)).name
  const { timeZone, locale } = await getCompany(tx)
  const decidedAt = decision.decidedAt ?? tx.now
  const who = decidedFor === null ? decidedBy : `${decidedBy} (for ${decidedFor})`
  const message = `${who} already ${did[status] ?? 'decided'} this, ${formatInstant(decidedAt, timeZone, locale)}${so}.`
  return userError('already_decided', message, {
    details: { decidedBy, decidedFor, decidedAt, timeZone, decision: status, isTakingBack: so !== '' },
  })
}
