import type { Tx } from '../../database/index.ts'
import { getCompany, getPerson, type Person, preferencesOf } from '../people/index.ts'
import type { MailKind, SurfaceKind } from './notifications.entity.ts'
import { quietUntil, type Ways, waitsForQuietHours, waysFor } from './when-to-tell.ts'

/** By which ways somebody is told, at this moment, what can be told in Slack and by mail. */
export async function waysTo(
  tx: Tx,
  person: Pick<Person, 'id' | 'slackTeamId' | 'slackUserId'>,
): Promise<Ways> {
  const { notifyBy } = await preferencesOf(tx, person.id)
  return waysFor({ notifyBy, isInSlack: notifyBy === 'slack' && (await isInSlack(tx, person)) })
}

/** Whether we met them in Slack, in a workspace that our app has not been taken out of since. */
async function isInSlack(
  tx: Tx,
  { slackTeamId, slackUserId }: Pick<Person, 'slackTeamId' | 'slackUserId'>,
): Promise<boolean> {
  return slackTeamId !== null && slackUserId !== null && !(await isCutOff(tx, { slackTeamId }))
}

/** Whether our app was taken out of the workspace in which we met somebody: what we show them there nobody sees. */
export async function isCutOff(tx: Tx, { slackTeamId }: Pick<Person, 'slackTeamId'>): Promise<boolean> {
  if (slackTeamId === null) return false
  const [row] = await tx.em.execute<{ is_revoked: boolean }[]>(
    `select exists (select from slack_installation where company_id = ? and team_id = ? and revoked_at is not null)
       as is_revoked`,
    [tx.companyId, slackTeamId],
  )
  return row?.is_revoked ?? false
}

/**
 * Until when (UTC) something for somebody is held back: to `notBefore`, and to the end of the quiet hours that they would
 * have then. null: not at all. What somebody brings about themselves is never held back from them.
 */
export async function heldUntil(
  tx: Tx,
  {
    personId,
    kind,
    notBefore = tx.now,
  }: { personId: string | null; kind: SurfaceKind | MailKind; notBefore?: Date | undefined },
): Promise<Date | null> {
  const later = notBefore > tx.now ? notBefore : null
  if (personId === null || personId === tx.actor.personId || !waitsForQuietHours[kind]) return later
  const { quietFrom, quietTo } = await preferencesOf(tx, personId)
  if (quietFrom === null) return later
  const timeZone = await timeZoneOf(tx, personId)
  return quietUntil(later ?? tx.now, { quietFrom, quietTo, timeZone }) ?? later
}

/** The time zone that somebody lives by. */
export async function timeZoneOf(tx: Tx, personId: string): Promise<string> {
  return (await getPerson(tx, personId)).timeZone ?? (await getCompany(tx)).timeZone
}
