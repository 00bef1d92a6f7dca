import type { SystemTx, Tx } from '../../database/index.ts'
import { cleanText } from '../../kernel/text.ts'
import { recordAudit } from '../audit/index.ts'

/** Somebody in a Slack workspace whom no company has added. Name and address are what the workspace says. */
export interface UnknownUser {
  teamId: string
  userId: string
  name: string | null
  email: string | null
}

/**
 * The company whose admins may know a stranger: the only one with active people in the same workspace; where several share
 * it, the only one of them with people at the same mail domain; where nobody wrote from there before, the only company of
 * this installation. Null where nothing tells: nobody hears of a stranger who may be another company's, and anybody may
 * have an address at a public domain.
 */
export async function companyOfStranger(
  tx: SystemTx,
  { teamId, email }: UnknownUser,
): Promise<string | null> {
  const domain = email?.split('@').at(-1)?.trim().toLowerCase() ?? ''
  const rows = await tx.em.execute<{ id: string; is_here: boolean; is_known: boolean }[]>(
    `select company_id as id, bool_or(slack_team_id = ?) as is_here, bool_or(split_part(email, '@', 2) = ?) as is_known
     from person where active group by company_id`,
    [teamId, domain],
  )
  const here = rows.filter(({ is_here }) => is_here)
  const candidates =
    here.length > 1 ? here.filter(({ is_known }) => is_known) : here.length === 1 ? here : rows
  return candidates.length === 1 ? (candidates[0]?.id ?? null) : null
}

/**
 * Notes that a stranger wrote to us and may have to be added to this company.
 * @returns whether it was not known yet; of two at the same moment, one is told so
 */
export async function recordAccessRequest(tx: Tx, user: UnknownUser): Promise<boolean> {
  const [name, email] = [clean(user.name), clean(user.email)]
  const recorded = await tx.em.execute<unknown[]>(
    `insert into access_request (id, company_id, slack_team_id, slack_user_id, name, email, created_at)
     values (?, ?, ?, ?, ?, ?, ?) on conflict (company_id, slack_team_id, slack_user_id) do nothing returning id`,
    [tx.newId(), tx.companyId, user.teamId, user.userId, name, email, tx.now],
  )
  if (recorded.length === 0) return false
  await recordAudit(tx, {
    action: 'access.requested',
    subject: { kind: 'company', id: tx.companyId },
    personal: { name, email, slackTeamId: user.teamId, slackUserId: user.userId },
  })
  return true
}

/** Whether this company was asked before. */
export async function isAccessRequested(
  tx: Tx,
  { teamId, userId }: Pick<UnknownUser, 'teamId' | 'userId'>,
): Promise<boolean> {
  const rows = await tx.em.execute<unknown[]>(
    'select 1 from access_request where company_id = ? and slack_team_id = ? and slack_user_id = ?',
    [tx.companyId, teamId, userId],
  )
  return rows.length > 0
}

const clean = (text: string | null) => (text === null ? null : cleanText(text, 200).trim() || null)
