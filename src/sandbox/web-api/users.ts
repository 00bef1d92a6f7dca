import { z } from 'zod'
import type { Sandbox } from '../sandbox.ts'
import type { User } from '../shapes.ts'
import { SlackError } from '../slack-error.ts'
import { domain, handle } from '../workspace.ts'
import { flag, type Method, method, page, pageSize } from './method.ts'

/** A user as Slack writes one. */
export function userObject(sandbox: Sandbox, user: User, withLocale = false): Record<string, unknown> {
  const [first = '', ...rest] = user.name.split(' ')
  return {
    id: user.id,
    team_id: sandbox.teamId,
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
      ...(user.isBot
        ? { bot_id: sandbox.identity.botId, api_app_id: sandbox.identity.appId }
        : { email: user.email }),
      team: sandbox.teamId,
    },
    is_admin: user.isAdmin,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: user.isRestricted,
    is_ultra_restricted: false,
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
  'auth.test': method(z.object({}), (_, sandbox) => ({
    url: `${sandbox.url}/`,
    team: sandbox.settings?.team.name,
    user: sandbox.settings?.bot.name.toLowerCase(),
    team_id: sandbox.teamId,
    user_id: sandbox.identity.botUserId,
    bot_id: sandbox.identity.botId,
    is_enterprise_install: false,
  })),

  'team.info': method(z.object({}), (_, sandbox) => ({
    team: {
      id: sandbox.teamId,
      name: sandbox.settings?.team.name,
      domain: domain(sandbox),
      email_domain: '',
    },
  })),

  'bots.info': method(z.object({ bot: z.string().optional() }), ({ bot }, sandbox) => {
    const { botId, appId, botUserId } = sandbox.identity
    if (bot !== undefined && bot !== botId) throw new SlackError('bot_not_found')
    return {
      bot: { id: botId, app_id: appId, user_id: botUserId, name: sandbox.settings?.bot.name, deleted: false },
    }
  }),

  'users.info': method(
    z.object({ user: z.string(), include_locale: flag }),
    ({ user, include_locale }, sandbox) => {
      const found = sandbox.users.get(user)
      if (found === undefined) throw new SlackError('user_not_found')
      return { user: userObject(sandbox, found, include_locale) }
    },
  ),

  'users.lookupByEmail': method(z.object({ email: z.string() }), ({ email }, sandbox) => {
    const wanted = email.toLowerCase()
    const found = sandbox.users.all().find((u) => !u.isBot && !u.deleted && u.email.toLowerCase() === wanted)
    if (found === undefined) throw new SlackError('users_not_found')
    return { user: userObject(sandbox, found) }
  }),

  'users.list': method(
    z.object({ cursor: z.string().optional(), limit: pageSize(200), include_locale: flag }),
    ({ cursor, limit, include_locale }, sandbox) => {
      const { items, next } = page(sandbox.users.all(), cursor, limit)
      return {
        members: items.map((user) => userObject(sandbox, user, include_locale)),
        cache_ts: Math.floor(Date.now() / 1000),
        response_metadata: { next_cursor: next },
      }
    },
  ),
}
