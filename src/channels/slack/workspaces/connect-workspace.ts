import { acrossCompanies, inCompany } from '../../../database/index.ts'
import { getPerson } from '../../../features/people/index.ts'
import { userError } from '../../../kernel/errors.ts'
import { logger } from '../../../kernel/logger.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { openSlackClient } from '../transport/paced-client.ts'
import { findInstallation, type NewInstallation, saveInstallation } from './installations.ts'

/** The admin who began to add the app to a workspace, by a link that was mailed to them. */
export interface Installer {
  company: string
  person: string
}

/**
 * Connects a workspace to the company of the admin who began it. Who allowed it in Slack says nothing: whoever runs a
 * workspace writes its members' addresses.
 * @throws userError `not_an_admin` where they are none any more, `workspace_taken`
 */
export async function connectWorkspace(
  slack: SlackChannel,
  installer: Installer,
  installation: NewInstallation,
): Promise<void> {
  const { teamId } = installation
  const admin = { id: installer.person, companyId: installer.company }
  if (!(await isAdmin(slack, installer))) {
    await leave(slack, installation)
    const text = 'Only an active admin of your company can add Outlay to a workspace. Nothing was changed.'
    throw userError('not_an_admin', text)
  }
  if (!(await saveInstallation(slack.database, slack.dataKey, { admin, installation }))) {
    const text =
      'In this workspace Outlay already works for another company. Nothing was changed. If that is not wanted any more, remove Outlay from the workspace in Slack, then start again.'
    throw userError('workspace_taken', text)
  }
  slack.workspaces.forget(teamId)
  logger.info({ teamId, companyId: admin.companyId }, 'Outlay was added to a workspace')
}

/** Whether they are an active admin now: it may have changed since the link was mailed. */
export async function isAdmin({ database }: SlackChannel, installer: Installer): Promise<boolean> {
  const actor = { personId: installer.person, channel: 'web' } as const
  return inCompany(database, { companyId: installer.company, actor }, async (tx) => {
    const { active, roles } = await getPerson(tx, installer.person)
    return active && roles.includes('admin')
  })
}

/** Goes again, where nobody needs us: a workspace that is connected has the same token. */
async function leave(
  { database, apiUrl }: SlackChannel,
  { teamId, botToken }: NewInstallation,
): Promise<void> {
  if (await acrossCompanies(database, (tx) => findInstallation(tx, teamId))) return
  await openSlackClient({ botToken, apiUrl })
    .auth.revoke({})
    .catch((error: unknown) => logger.warn({ error, teamId }, 'the app could not be removed again'))
}
