import type { Workspace } from '../workspace.ts'
import type { Arguments } from './method.ts'

/**
 * What Slack demands of a call besides its arguments: the bot scope, and how often a minute
 * (https://docs.slack.dev/reference/methods, https://docs.slack.dev/apis/web-api/rate-limits).
 */
interface Rule {
  /** Absent: no scope is needed. */
  scope?: string | ((args: Arguments, workspace: Workspace) => string)
  tier: 1 | 2 | 3 | 4
}

const perMinute = { 1: 1, 2: 20, 3: 50, 4: 100 }

/** The scope of a call about one conversation: `channels:history` or `im:history`, for example. */
function of(right: string): Rule['scope'] {
  return ({ channel }, workspace) => {
    const isDirect =
      typeof channel === 'string' &&
      (workspace.channels.get(channel)?.kind === 'im' || channel.startsWith('U'))
    return `${isDirect ? 'im' : 'channels'}:${right}`
  }
}

const rules: Record<string, Rule> = {
  'auth.test': { tier: 4 },
  'auth.revoke': { tier: 3 },
  'team.info': { scope: 'team:read', tier: 3 },
  'bots.info': { scope: 'users:read', tier: 3 },
  'users.info': { scope: 'users:read', tier: 4 },
  'users.list': { scope: 'users:read', tier: 2 },
  'users.lookupByEmail': { scope: 'users:read.email', tier: 3 },
  'conversations.open': { scope: 'im:write', tier: 3 },
  'conversations.list': {
    scope: ({ types }) => (types === 'im' ? 'im:read' : 'channels:read'),
    tier: 2,
  },
  'conversations.info': { scope: of('read'), tier: 3 },
  'conversations.members': { scope: of('read'), tier: 4 },
  'conversations.history': { scope: of('history'), tier: 3 },
  'conversations.replies': { scope: of('history'), tier: 3 },
  'chat.postMessage': { scope: 'chat:write', tier: 4 },
  'chat.update': { scope: 'chat:write', tier: 3 },
  'chat.delete': { scope: 'chat:write', tier: 3 },
  'chat.postEphemeral': { scope: 'chat:write', tier: 4 },
  'chat.getPermalink': { tier: 4 },
  'reactions.add': { scope: 'reactions:write', tier: 3 },
  'reactions.remove': { scope: 'reactions:write', tier: 2 },
  'views.open': { tier: 4 },
  'views.push': { tier: 4 },
  'views.update': { tier: 4 },
  'views.publish': { tier: 4 },
  'files.info': { scope: 'files:read', tier: 4 },
  'files.getUploadURLExternal': { scope: 'files:write', tier: 4 },
  'files.completeUploadExternal': { scope: 'files:write', tier: 4 },
  'files.delete': { scope: 'files:write', tier: 3 },
}

/** The scope that this call lacks, or undefined. */
export function missingScope(name: string, args: Arguments, workspace: Workspace): string | undefined {
  const scope = rules[name]?.scope
  const needed = typeof scope === 'function' ? scope(args, workspace) : scope
  return needed !== undefined && !hasScope(workspace, needed) ? needed : undefined
}

/** Whether the app was granted a scope; everything, where nobody named any. */
export function hasScope(workspace: Workspace, scope: string): boolean {
  const granted = workspace.installation?.scopes ?? null
  return granted === null || granted.includes(scope)
}

/** Calls a minute that Slack allows for this method and workspace. */
export function callsPerMinute(name: string): number {
  return perMinute[rules[name]?.tier ?? 3]
}
