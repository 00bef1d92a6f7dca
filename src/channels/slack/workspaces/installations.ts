import { acrossCompanies, type Database, type SystemTx, type Tx } from '../../../database/index.ts'
import { recordAudit } from '../../../features/audit/index.ts'
import type { Person } from '../../../features/people/index.ts'
import { seal } from '../../../kernel/sealed-text.ts'

/** What Slack gave us for the workspace that the app was installed in. */
export interface NewInstallation {
  teamId: string
  teamName: string
  botToken: string
  /** Who allowed it in Slack. It is noted, and says nothing about who they are here. */
  slackUserId: string
}

/** A workspace that the app was installed in, by OAuth. */
export interface Installation {
  companyId: string
  teamId: string
  teamName: string
  sealedToken: string
  /** Set when Slack said that the token counts no more. */
  revokedAt: Date | null
}

interface InstallationRow {
  company_id: string
  team_id: string
  team_name: string
  bot_token_sealed: string
  revoked_at: string | null
}

const columns = 'company_id, team_id, team_name, bot_token_sealed, revoked_at'

/** The workspace with this id; null where the app was never installed. */
export async function findInstallation(tx: SystemTx, teamId: string): Promise<Installation | null> {
  const [row] = await tx.em.execute<InstallationRow[]>(
    `select ${columns} from slack_installation where team_id = ?`,
    [teamId],
  )
  return row ? toInstallation(row) : null
}

/** The workspaces that work for a company. */
export async function listTeamsOfCompany(tx: SystemTx, companyId: string): Promise<string[]> {
  const rows = await tx.em.execute<{ team_id: string }[]>(
    `select team_id from slack_installation where revoked_at is null and company_id = ?
     order by installed_at, team_id`,
    [companyId],
  )
  return rows.map(({ team_id }) => team_id)
}

/**
 * Keeps the token of a workspace, sealed with DATA_KEY, for the company of an admin. Installing again replaces it. A
 * workspace works for one company: another one's is not taken over before somebody removed the app there. Whom other
 * companies met in it, they have not met any more.
 * @returns whether it is theirs now; false: it works for another company
 */
export async function saveInstallation(
  database: Database,
  dataKey: string,
  { admin, installation }: { admin: Pick<Person, 'id' | 'companyId'>; installation: NewInstallation },
): Promise<boolean> {
  const { teamId, teamName, botToken, slackUserId } = installation
  const { companyId } = admin
  const sealed = await seal(botToken, dataKey)
  return acrossCompanies(database, async (tx) => {
    const saved = await tx.em.execute<unknown[]>(
      `insert into slack_installation (id, company_id, team_id, team_name, bot_token_sealed, installed_at)
       values (?, ?, ?, ?, ?, ?)
       on conflict (team_id) do update set company_id = excluded.company_id, team_name = excluded.team_name,
         bot_token_sealed = excluded.bot_token_sealed, installed_at = excluded.installed_at, revoked_at = null
       where slack_installation.company_id = excluded.company_id or slack_installation.revoked_at is not null
       returning id`,
      [tx.newId(), companyId, teamId, teamName, sealed, tx.now],
    )
    if (saved.length === 0) return false
    await forgetOthers(tx, teamId, companyId)
    const inside: Tx = { ...tx, companyId, actor: { personId: admin.id, channel: 'web' } }
    await recordAudit(inside, {
      action: 'slack.installed',
      subject: { kind: 'company', id: companyId },
      changes: { teamId },
      personal: { slackUserId },
    })
    return true
  })
}

async function forgetOthers(tx: SystemTx, teamId: string, companyId: string): Promise<void> {
  const rows = await tx.em.execute<{ id: string; company_id: string }[]>(
    `update person set slack_team_id = null, slack_user_id = null where slack_team_id = ? and company_id <> ?
     returning id, company_id`,
    [teamId, companyId],
  )
  for (const { id, company_id } of rows) {
    const inside: Tx = { ...tx, companyId: company_id, actor: { personId: null, channel: 'slack' } }
    await recordAudit(inside, { action: 'person.slack_unlinked', subject: { kind: 'person', id } })
  }
}

/**
 * Notes that the token of a workspace counts no more. A late word of Slack about what was installed again since changes
 * nothing.
 * @param at when it was revoked, to the second
 */
export async function revokeInstallation(
  database: Database,
  teamId: string,
  at: Date | null,
): Promise<Installation | null> {
  return acrossCompanies(database, async (tx) => {
    const before = new Date((at ?? tx.now).getTime() + 1000)
    const [row] = await tx.em.execute<InstallationRow[]>(
      `update slack_installation set revoked_at = ? where team_id = ? and installed_at < ? and revoked_at is null
       returning ${columns}`,
      [tx.now, teamId, before],
    )
    if (!row) return null
    const companyId = row.company_id
    const inside: Tx = { ...tx, companyId, actor: { personId: null, channel: 'slack' } }
    await recordAudit(inside, {
      action: 'slack.removed',
      subject: { kind: 'company', id: companyId },
      changes: { teamId },
    })
    return toInstallation(row)
  })
}

function toInstallation(row: InstallationRow): Installation {
  return {
    companyId: row.company_id,
    teamId: row.team_id,
    teamName: row.team_name,
    sealedToken: row.bot_token_sealed,
    revokedAt: row.revoked_at === null ? null : new Date(row.revoked_at),
  }
}
