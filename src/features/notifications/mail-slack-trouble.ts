import type { Tx } from '../../database/index.ts'
import { peopleWithRole } from '../people/index.ts'
import { OutgoingMail, type SlackTroubleDetails } from './notifications.entity.ts'
import { queueMail } from './outgoing-mail.ts'

const dayMs = 86_400_000

/**
 * Tells the admins of the company that Slack refuses what Outlay does, and that somebody has to mend it: once a day for
 * each workspace and problem, however much work meets it, in however many processes.
 * @returns whether they are told now
 */
export async function mailSlackTrouble(tx: Tx, slackTrouble: SlackTroubleDetails): Promise<boolean> {
  const kind = 'slack_trouble'
  const lock = `${kind} ${tx.companyId} ${nameOf(slackTrouble)}`
  await tx.em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [lock])
  const createdAt = { $gt: new Date(tx.now.getTime() - dayMs) }
  const told = await tx.em.find(OutgoingMail, { companyId: tx.companyId, kind, createdAt })
  const isTold = told.some(({ details }) => {
    const other = details?.slackTrouble
    return other !== undefined && nameOf(other) === nameOf(slackTrouble)
  })
  if (isTold) return false
  const admins = await peopleWithRole(tx, 'admin')
  for (const { id, email } of admins) {
    await queueMail(tx, { kind, to: { address: email, personId: id }, details: { slackTrouble } })
  }
  return admins.length > 0
}

/** The same for the same trouble in the same workspace. */
function nameOf({ problem, workspace, neededScope }: SlackTroubleDetails): string {
  // What was removed is refused from then on.
  return [problem === 'removed' ? 'token' : problem, workspace?.teamId, neededScope].join(' ')
}
