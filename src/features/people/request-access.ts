import type { SystemTx, Tx } from '../../database/index.ts'
import { cleanText } from '../../kernel/text.ts'

/** Somebody in a Slack workspace whom no company has added. Name and address are what the workspace says. */
export interface UnknownUser {
  teamId: string
  userId: string
  name: string | null
  email: string | null
}

/**
 * The company whose admins may know a stranger: the only one with active people at the same mail domain, else the only
 * one with active people in the same workspace. Null where neither tells: nobody hears of a stranger who may be
 * another company's.
 */
export async function companyOfStranger(
  tx: SystemTx,
  { teamId, email }: UnknownUser,
): Promise<string | null> {
  const domain = email?.split('@').at(-1)?.trim().toLowerCase()
  const byDomain = domain ? await onlyCompanyWhere(tx, `split_part(email, '@', 2) = ?`, domain) : null
  return byDomain ?? onlyCompanyWhere(tx, 'slack_team_id = ?', teamId)
}

async function onlyCompanyWhere(tx: SystemTx, condition: string, value: string): Promise<string | null> {
  const rows = await tx.em.execute<{ company_id: string }[]>(
    `select distinct company_id from person where active and ${condition} limit 2`,
    [value],
  )
  return rows.length === 1 ? (rows[0]?.company_id ?? null) : null
}

/**
 * Notes that a stranger wrote to us and may have to be added to this company.
 * @returns whether it was not known yet; of two at the same moment, one is told so
 */
export async function recordAccessRequest(tx: Tx, user: UnknownUser): Promise<boolean> {
  const recorded = await tx.em.execute<unknown[]>(
    `insert into access_request (id, company_id, slack_team_id, slack_user_id, name, email, created_at)
     values (?, ?, ?, ?, ?, ?, ?) on conflict (company_id, slack_team_id, slack_user_id) do nothing returning id`,
    [tx.newId(), tx.companyId, user.teamId, user.userId, clean(user.name), clean(user.email), tx.now],
  )
  return recorded.length === 1
}

const clean = (text: string | null) => (text === null ? null : cleanText(text, 200).trim() || null)
