import { z } from 'zod'
import { revoke } from '../installing.ts'
import { domain, handle, teamOf } from '../names.ts'
import type { User } from '../shapes.ts'
import { SlackError } from '../slack-error.ts'
import type { Workspace } from '../workspace.ts'
import { flag, type Method, method, page, pageSize } from './method.ts'
import { hasScope } from './rules.ts'

/** A user as Slack writes one. */
export function userObject(workspace: Workspace, user: User, withLocale = false): Record<string, unknown> {
  const [first = '', ...rest] = user.name.split(' ')
  return {
    id: user.id,
    team_id: teamOf(workspace, user),
    name: handle(user),
    deleted: user.deleted,
    real_name: user.name,
    tz: user.tz,
    tz_label: user.tz,
    tz_offset: offsetSeconds(user.tz),
    profile: {
      title: user.title,
      real_name: user.name,
      real_name_normalized: user.name,
      display_name: '',
      first_name: first,
      last_name: rest.join(' '),
      ...(user.id === workspace.identity.botUserId
        ? { bot_id: workspace.identity.botId, api_app_id: workspace.identity.appId }
        : {}),
      // Slack tells no app the address of somebody else's people, and none at all without the scope.
      ...(user.isBot || user.isStranger || !hasScope(workspace, 'users:read.email')
        ? {}
        : { email: user.email }),
      team: workspace.teamId,
    },
    is_admin: user.isAdmin,
    is_owner: false,
    is_primary_owner: false,
    // A single-channel guest is a guest, too.
    is_restricted: user.isRestricted || user.isUltraRestricted,
    is_ultra_restricted: user.isUltraRestricted,
    ...(user.isStranger ? { is_stranger: true } : {}),
    is_bot: user.isBot,
    is_app_user: false,
    updated: 0,
    ...(withLocale ? { locale: user.locale } : {}),
  }
}

function offsetSeconds(zone: string): number {
  const name = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
    .formatToParts(new Date())
    .find((part) => part.type === 'timeZoneName')?.value
  const match = /GMT([+-])(\d\d):(\d\d)/.exec(name ?? '')
  if (match === null) return 0
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 3600 + Number(match[3]) * 60)
}

export const userMethods: Record<string, Method> = {
  'auth.test': method(z.object({}), (_, workspace) => ({
    url: `${workspace.url}/`,
    team: workspace.settings?.team.name,
    user: workspace.settings?.bot.name.toLowerCase(),
    team_id: workspace.teamId,
    user_id: workspace.identity.botUserId,
    bot_id: workspace.identity.botId,
    is_enterprise_install: false,
  })),

  'auth.revoke': method(z.object({ test: flag }), ({ test }, workspace) => {
    if (!test) revoke(workspace, 'token_revoked')
    return { revoked: !test }
  }),

  'team.info': method(z.object({}), (_, workspace) => ({
    team: {
      id: workspace.teamId,
      name: workspace.settings?.team.name,
      domain: domain(workspace),
      email_domain: '',
    },
  })),

  'bots.info': method(z.object({ bot: z.string().optional() }), ({ bot }, workspace) => {
    const { botId, appId, botUserId } = workspace.identity
    if (bot !== undefined && bot !== botId) throw new SlackError('bot_not_found')
    return {
      bot: {
        id: botId,
        app_id: appId,
        user_id: botUserId,
        name: workspace.settings?.bot.name,
        deleted: false,
      },
    }
  }),

  'users.info': method(
    z.object({ user: z.string(), include_locale: flag }),
    ({ user, include_locale }, workspace) => {
      const found = workspace.users.get(user)
      if (found === undefined) throw new SlackError('user_not_found')
      return { user: userObject(workspace, found, include_locale) }
    },
  ),

  'users.lookupByEmail': method(z.object({ email: z.string() }), ({ email }, workspace) => {
    const wanted = email.toLowerCase()
    const found = workspace.users
      .all()
      .find((u) => !u.isBot && !u.deleted && !u.isStranger && u.email.toLowerCase() === wanted)
    if (found === undefined) throw new SlackError('users_not_found')
    return { user: userObject(workspace, found) }
  }),

  'users.list': method(
    z.object({ cursor: z.string().optional(), limit: pageSize(200), include_locale: flag }),
    ({ cursor, limit, include_locale }, workspace) => {
      const { items, next } = page(workspace.users.all(), cursor, limit)
      return {
        members: items.map((user) => userObject(workspace, user, include_locale)),
        cache_ts: Math.floor(Date.now() / 1000),
        response_metadata: { next_cursor: next },
      }
    },
  ),
}
