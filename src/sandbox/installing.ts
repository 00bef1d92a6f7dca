import { secret } from './ids.ts'
import type { User } from './shapes.ts'
import type { Installation, Workspace } from './workspace.ts'

/** Installs the app in a workspace: its bot joins, and everybody has a conversation with it. */
export function install(workspace: Workspace, installation: Installation): void {
  const { botUserId } = workspace.identity
  workspace.saveInstallation(installation)
  workspace.users.put(botUserId, bot(workspace))
  for (const channel of workspace.channels.all()) {
    if (channel.kind !== 'channel' || channel.withApp === false || channel.members.includes(botUserId))
      continue
    workspace.channels.put(channel.id, { ...channel, members: [...channel.members, botUserId] })
  }
  for (const user of workspace.users.all()) if (!user.isBot) workspace.directMessage(user.id)
}

/** A person allows the app to join: the token of a good installation stays, another one is made afresh. */
export function installByPerson(workspace: Workspace, user: User, scopes: string[]): Installation {
  const before = workspace.installation
  const botToken = before?.ended === null ? before.botToken : `xoxb-${secret()}`
  const installation = { botToken, scopes, installer: user.id, ended: null }
  install(workspace, installation)
  workspace.changed({ kind: 'workspace' })
  return installation
}

/** The program says no token any more: as if the app had never been here. */
export function uninstall(workspace: Workspace): void {
  const { installation } = workspace
  if (installation !== undefined) workspace.saveInstallation({ ...installation, ended: 'account_inactive' })
}

/**
 * Ends a token. The app hears it: `tokens_revoked`, and `app_uninstalled` when it was removed from the workspace
 * (https://docs.slack.dev/reference/events/tokens_revoked).
 */
export function revoke(workspace: Workspace, ended: 'token_revoked' | 'account_inactive'): void {
  const { installation, identity } = workspace
  if (installation === undefined || installation.ended !== null) return
  workspace.saveInstallation({ ...installation, ended })
  workspace.lastEvent({ type: 'tokens_revoked', tokens: { oauth: [], bot: [identity.botUserId] } })
  if (ended === 'account_inactive') workspace.lastEvent({ type: 'app_uninstalled' })
  workspace.changed({ kind: 'workspace' })
}

/** Ends what a fault began: the token is good again. */
export function restore(workspace: Workspace): void {
  const { installation } = workspace
  if (installation === undefined || !workspace.endedByFault) return
  workspace.endedByFault = false
  workspace.saveInstallation({ ...installation, ended: null })
  workspace.changed({ kind: 'workspace' })
}

function bot(workspace: Workspace): User {
  return {
    id: workspace.identity.botUserId,
    email: '',
    name: workspace.settings?.bot.name ?? 'Outlay',
    title: '',
    tz: 'America/Los_Angeles',
    locale: 'en-US',
    deleted: false,
    isRestricted: false,
    isUltraRestricted: false,
    isStranger: false,
    isAdmin: false,
    isBot: true,
  }
}
