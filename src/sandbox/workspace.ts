import { slackId } from './ids.ts'
import type { Sandbox } from './sandbox.ts'
import type { Channel, User, WorkspaceSettings } from './shapes.ts'

/**
 * Brings people and channels to what the program says. Idempotent; people are known by e-mail and keep their ids;
 * nobody is removed, because their messages stay.
 */
export function setWorkspace(sandbox: Sandbox, settings: WorkspaceSettings): void {
  const before = JSON.stringify([sandbox.settings, sandbox.users.all()])
  sandbox.saveSettings(settings)
  const { botUserId } = sandbox.identity
  const byEmail = new Map(sandbox.users.all().map((user) => [user.email.toLowerCase(), user]))
  sandbox.users.put(botUserId, bot(sandbox, settings.bot.name))
  for (const entry of settings.people) {
    const known = byEmail.get(entry.email.toLowerCase())
    const user: User = { ...entry, id: known?.id ?? slackId('U'), isBot: false }
    if (JSON.stringify(known) === JSON.stringify(user)) continue
    sandbox.users.put(user.id, user)
    if (known === undefined) sandbox.directMessage(user.id)
  }
  const everybody = sandbox.users
    .all()
    .filter((user) => !user.deleted)
    .map((user) => user.id)
  for (const wanted of settings.channels) joinAll(sandbox, wanted, everybody)
  const after = JSON.stringify([sandbox.settings, sandbox.users.all()])
  if (before !== after) sandbox.changed({ kind: 'workspace' })
  sandbox.link.wake()
}

function bot(sandbox: Sandbox, name: string): User {
  return {
    id: sandbox.identity.botUserId,
    email: '',
    name,
    title: '',
    tz: 'America/Los_Angeles',
    locale: 'en-US',
    deleted: false,
    isRestricted: false,
    isAdmin: false,
    isBot: true,
  }
}

function joinAll(sandbox: Sandbox, wanted: { name: string; topic: string }, members: string[]): Channel {
  const known = sandbox.channels.all().find((channel) => channel.name === wanted.name)
  const id = known?.id ?? slackId('C')
  const created = known?.created ?? Math.floor(Date.now() / 1000)
  return sandbox.channels.put(id, {
    id,
    kind: 'channel',
    created,
    lastRead: known?.lastRead ?? {},
    ...wanted,
    members,
  })
}

/** The short name of a person: what stands before the `@` of their address. */
export function handle(user: User): string {
  return user.email.split('@')[0] ?? user.name
}

/** The workspace's name in URLs. */
export function domain(sandbox: Sandbox): string {
  const { team } = sandbox.settings ?? {}
  return team?.domain ?? (team?.name ?? 'sandbox').toLowerCase().replace(/[^a-z0-9]+/g, '-')
}
