import { z } from 'zod'
import { messageObject } from '../messages.ts'
import type { Channel, Message } from '../shapes.ts'
import { SlackError } from '../slack-error.ts'
import type { Workspace } from '../workspace.ts'
import { channelFor, flag, type Method, method, page, pageSize } from './method.ts'

function conversationObject(workspace: Workspace, channel: Channel): Record<string, unknown> {
  const bot = workspace.identity.botUserId
  const common = {
    id: channel.id,
    created: channel.created,
    is_archived: false,
    is_org_shared: false,
    context_team_id: workspace.teamId,
  }
  if (channel.kind === 'im') {
    return { ...common, is_im: true, is_user_deleted: false, user: channel.members.find((id) => id !== bot) }
  }
  return {
    ...common,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: true,
    is_group: false,
    is_im: false,
    is_mpim: false,
    is_private: false,
    is_general: channel.name === 'general',
    is_member: channel.members.includes(bot),
    topic: { value: channel.topic, creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
    num_members: channel.members.length,
  }
}

function memberChannel(workspace: Workspace, id: string): Channel {
  const channel = channelFor(workspace, id)
  if (!channel.members.includes(workspace.identity.botUserId)) throw new SlackError('not_in_channel')
  return channel
}

const historyArguments = z.object({
  channel: z.string(),
  ts: z.string().optional(),
  oldest: z.string().optional(),
  latest: z.string().optional(),
  inclusive: flag,
  include_all_metadata: flag,
  cursor: z.string().optional(),
  limit: pageSize(100),
})
type HistoryArguments = z.infer<typeof historyArguments>

/** Bounds of a history call: exclusive unless `inclusive`, further narrowed by a cursor that is a time stamp. */
function bounds(args: HistoryArguments): { after: string | undefined; before: string | undefined } {
  const after =
    args.oldest === undefined || args.oldest === '0' ? undefined : shift(args.oldest, args.inclusive ? -1 : 0)
  const latest =
    args.latest === undefined || args.latest === '' ? undefined : shift(args.latest, args.inclusive ? 1 : 0)
  return { after, before: latest }
}

/** A time stamp moved by so many microseconds. */
function shift(ts: string, micros: number): string {
  const [seconds = '0', fraction = ''] = ts.split('.')
  const moved = BigInt(seconds) * 1_000_000n + BigInt(fraction.padEnd(6, '0').slice(0, 6)) + BigInt(micros)
  const digits = moved.toString().padStart(7, '0')
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`
}

function answer(
  workspace: Workspace,
  channel: Channel,
  messages: Message[],
  options: { more: boolean; metadata: boolean; next: string },
): object {
  return {
    messages: messages.map((message) =>
      messageObject(workspace, channel, message, { metadata: options.metadata }),
    ),
    has_more: options.more,
    pin_count: 0,
    response_metadata: { next_cursor: options.next },
  }
}

export const conversationMethods: Record<string, Method> = {
  'conversations.open': method(
    z.object({ users: z.string().optional(), channel: z.string().optional(), return_im: flag }),
    ({ users, channel, return_im }, workspace) => {
      const user = workspace.users.get(users ?? '')
      if (users?.includes(',')) throw new SlackError('method_not_supported_for_channel_type')
      if (channel === undefined && (user === undefined || user.isBot)) throw new SlackError('user_not_found')
      if (user?.deleted === true) throw new SlackError('user_disabled')
      const open =
        channel === undefined ? workspace.directMessage(user?.id ?? '') : memberChannel(workspace, channel)
      return {
        no_op: true,
        already_open: true,
        channel: return_im ? conversationObject(workspace, open) : { id: open.id },
      }
    },
  ),

  'conversations.list': method(
    z.object({
      types: z.string().default('public_channel'),
      cursor: z.string().optional(),
      limit: pageSize(100),
    }),
    ({ types, cursor, limit }, workspace) => {
      const bot = workspace.identity.botUserId
      const wanted = workspace.channels
        .all()
        .filter((c) =>
          c.kind === 'im'
            ? types.includes('im') && c.members.includes(bot)
            : types.includes('public_channel'),
        )
      const { items, next } = page(wanted, cursor, limit)
      return {
        channels: items.map((c) => conversationObject(workspace, c)),
        response_metadata: { next_cursor: next },
      }
    },
  ),

  'conversations.info': method(z.object({ channel: z.string() }), ({ channel }, workspace) => ({
    channel: conversationObject(workspace, channelFor(workspace, channel)),
  })),

  'conversations.members': method(
    z.object({ channel: z.string(), cursor: z.string().optional(), limit: pageSize(100) }),
    ({ channel, cursor, limit }, workspace) => {
      const { items, next } = page(channelFor(workspace, channel).members, cursor, limit)
      return { members: items, response_metadata: { next_cursor: next } }
    },
  ),

  'conversations.history': method(historyArguments, (args, workspace) => {
    const channel = memberChannel(workspace, args.channel)
    const { after, before } = bounds(args)
    const from = args.cursor ? Buffer.from(args.cursor, 'base64url').toString() : before
    const found = workspace.store.messages({
      channel: channel.id,
      after,
      before: from,
      limit: args.limit + 1,
    })
    const messages = found.slice(0, args.limit)
    const more = found.length > args.limit
    const next = more ? Buffer.from(messages.at(-1)?.ts ?? '').toString('base64url') : ''
    return answer(workspace, channel, messages, { more, metadata: args.include_all_metadata, next })
  }),

  'conversations.replies': method(historyArguments, (args, workspace) => {
    const channel = memberChannel(workspace, args.channel)
    const first = workspace.store.message(channel.id, args.ts ?? '')
    if (first === undefined || first.visible_to !== undefined) throw new SlackError('thread_not_found')
    const { after, before } = bounds(args)
    const thread = first.thread_ts ?? first.ts
    const all = workspace.store
      .messages({ channel: channel.id, thread, after, before, limit: 10_000 })
      .reverse()
    const { items, next } = page(all, args.cursor, args.limit)
    return answer(workspace, channel, items, { more: next !== '', metadata: args.include_all_metadata, next })
  }),
}
