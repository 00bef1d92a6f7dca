import { slackId } from './ids.ts'
import { install, uninstall } from './installing.ts'
import type { Sandbox } from './sandbox.ts'
import type { OtherWorkspace, WorkspaceSettings } from './settings.ts'
import type { Channel, User } from './shapes.ts'
import type { Workspace } from './workspace.ts'

/**
 * Brings the app and the first workspace to what the program says. Idempotent; people are known by e-mail and keep
 * their ids; nobody is removed, because their messages stay.
 */
export function setWorkspace(sandbox: Sandbox, settings: WorkspaceSettings): void {
  const before = sandbox.settings
  sandbox.saveSettings(settings)
  fill(sandbox.first, settings)
  const changed = JSON.stringify(before) !== JSON.stringify(settings)
  if (changed) sandbox.changed({ kind: 'workspace' })
  if (before?.mode === 'socket' && settings.mode === 'http') sandbox.sockets.renew('link_disabled')
  sandbox.link.wake()
}

/** Adds a further workspace, or brings it to what is said. */
export function setOther(sandbox: Sandbox, settings: OtherWorkspace): Workspace {
  const workspace = sandbox.otherWorkspace(settings)
  fill(workspace, settings)
  sandbox.changed({ kind: 'workspace' })
  return workspace
}

function fill(workspace: Workspace, settings: WorkspaceSettings | OtherWorkspace): void {
  const byEmail = new Map(workspace.users.all().map((user) => [user.email.toLowerCase(), user]))
  for (const entry of settings.people) {
    const known = byEmail.get(entry.email.toLowerCase())
    // The language is the person's own affair once they have chosen one on the page.
    const user: User = { ...entry, id: known?.id ?? slackId('U'), ...ownLanguage(known) }
    if (JSON.stringify(known) !== JSON.stringify(user)) workspace.users.put(user.id, user)
  }
  for (const wanted of settings.channels) joinAll(workspace, wanted)
  const { botToken } = settings
  const { installation } = workspace
  if (botToken !== undefined) {
    const scopes = ('scopes' in settings ? settings.scopes : undefined) ?? null
    const ended = installation?.botToken === botToken ? installation.ended : null
    install(workspace, { botToken, scopes, installer: null, ended })
  } else if (installation !== undefined && installation.installer === null) uninstall(workspace)
}

function ownLanguage(known: User | undefined): { locale: string; choseLocale: true } | undefined {
  return known?.choseLocale && { locale: known.locale, choseLocale: true }
}

function joinAll(workspace: Workspace, wanted: { name: string; topic: string; withApp: boolean }): Channel {
  const known = workspace.channels.all().find((channel) => channel.name === wanted.name)
  const id = known?.id ?? slackId('C')
  const people = workspace.users
    .all()
    .filter((user) => !user.deleted && user.id !== workspace.identity.botUserId)
    .map((user) => user.id)
  const { botUserId } = workspace.identity
  const isIn = known?.members.includes(botUserId)
  return workspace.channels.put(id, {
    id,
    kind: 'channel',
    name: wanted.name,
    topic: wanted.topic,
    created: known?.created ?? Math.floor(Date.now() / 1000),
    lastRead: known?.lastRead ?? {},
    withApp: wanted.withApp,
    members: isIn ? [...people, botUserId] : people,
  })
}
