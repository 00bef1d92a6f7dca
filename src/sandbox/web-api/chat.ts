import { z } from 'zod'
import { nextTs } from '../ids.ts'
import { blockProblems } from '../limits.ts'
import { addMessage, botMessage, changeMessage, messageObject, removeMessage } from '../messages.ts'
import type { Sandbox } from '../sandbox.ts'
import { attachmentSchema, blockSchema, type Channel, type Message, metadataSchema } from '../shapes.ts'
import { refused, SlackError } from '../slack-error.ts'
import { fileKind } from '../views.ts'
import { channelFor, flag, type Method, method, structured } from './method.ts'

const mostText = 40_000
const mostUpdatedText = 4_000

const contentArguments = {
  channel: z.string(),
  text: z.string().optional(),
  blocks: structured(z.unknown()).optional(),
  attachments: structured(z.array(attachmentSchema)).optional(),
  metadata: structured(z.unknown()).optional(),
}

interface Content {
  text?: string | undefined
  blocks?: unknown
  attachments?: z.infer<typeof attachmentSchema>[] | undefined
  metadata?: unknown
}

/** What a post or an update puts into a message. @throws SlackError as Slack names the limit */
function contentOf(sandbox: Sandbox, args: Content, mostLength: number) {
  const { text, blocks, attachments } = args
  if (!text && !hasItems(blocks) && !hasItems(attachments)) throw new SlackError('no_text')
  if ((text ?? '').length > mostLength) throw new SlackError('msg_too_long')
  const rules = { surface: 'message' as const, file: fileKind(sandbox) }
  const problems = [
    ...blockProblems(blocks ?? [], rules),
    ...(attachments ?? []).flatMap((a, i) =>
      blockProblems(a.blocks ?? [], rules, `/attachments/${i}/blocks`),
    ),
  ]
  if (problems.length > 0) throw refused('invalid_blocks', problems)
  return {
    text: text ?? '',
    ...(hasItems(blocks) ? { blocks: z.array(blockSchema).parse(blocks) } : {}),
    ...(hasItems(attachments) ? { attachments } : {}),
    ...(args.metadata === undefined ? {} : { metadata: metadataOf(args.metadata) }),
  }
}

function hasItems(value: unknown): boolean {
  return value !== undefined && (!Array.isArray(value) || value.length > 0)
}

function metadataOf(value: unknown): z.infer<typeof metadataSchema> {
  const parsed = metadataSchema.safeParse(value)
  if (!parsed.success) throw new SlackError('invalid_metadata_format')
  return parsed.data
}

function writable(sandbox: Sandbox, id: string): Channel {
  const channel = channelFor(sandbox, id)
  if (!channel.members.includes(sandbox.identity.botUserId)) throw new SlackError('not_in_channel')
  return channel
}

function ownMessage(sandbox: Sandbox, channel: Channel, ts: string, otherwise: string): Message {
  const message = sandbox.store.message(channel.id, ts)
  if (message === undefined || message.visible_to !== undefined) throw new SlackError('message_not_found')
  if (message.user !== sandbox.identity.botUserId) throw new SlackError(otherwise)
  return message
}

export const chatMethods: Record<string, Method> = {
  'chat.postMessage': method(
    z.object({ ...contentArguments, thread_ts: z.coerce.string().optional(), reply_broadcast: flag }),
    (args, sandbox) => {
      const channel = writable(sandbox, args.channel)
      if (sandbox.faults.exceedsRate(channel.id)) throw new SlackError('ratelimited', { retryAfter: 1 })
      const content = contentOf(sandbox, args, mostText)
      const parent =
        args.thread_ts === undefined ? undefined : sandbox.store.message(channel.id, args.thread_ts)
      if (args.thread_ts !== undefined && parent === undefined) throw new SlackError('thread_not_found')
      const thread = parent === undefined ? {} : { thread_ts: parent.thread_ts ?? parent.ts }
      const message = addMessage(sandbox, channel, botMessage(sandbox, { ...content, ...thread }))
      return { channel: channel.id, ts: message.ts, message: messageObject(sandbox, channel, message) }
    },
  ),

  'chat.update': method(z.object({ ...contentArguments, ts: z.coerce.string() }), (args, sandbox) => {
    const channel = writable(sandbox, args.channel)
    const before = ownMessage(sandbox, channel, args.ts, 'cant_update_message')
    const content = contentOf(sandbox, args, mostUpdatedText)
    // Slack's rule: text without blocks takes the old blocks away; attachments and metadata stay unless given.
    const { blocks: oldBlocks, ...rest } = before
    const kept = args.blocks === undefined && !args.text ? { blocks: oldBlocks } : {}
    if (args.attachments?.length === 0) delete rest.attachments
    const fresh = botMessage(sandbox, content)
    const edited = { user: sandbox.identity.botUserId, ts: nextTs() }
    const after: Message = { ...rest, ...kept, ...fresh, ts: before.ts, edited }
    changeMessage(sandbox, channel, before, after)
    return {
      channel: channel.id,
      ts: after.ts,
      text: after.text,
      message: messageObject(sandbox, channel, after),
    }
  }),

  'chat.delete': method(z.object({ channel: z.string(), ts: z.coerce.string() }), (args, sandbox) => {
    const channel = writable(sandbox, args.channel)
    removeMessage(sandbox, channel, ownMessage(sandbox, channel, args.ts, 'cant_delete_message'))
    return { channel: channel.id, ts: args.ts }
  }),

  'chat.postEphemeral': method(
    z.object({ ...contentArguments, user: z.string(), thread_ts: z.coerce.string().optional() }),
    (args, sandbox) => {
      const channel = writable(sandbox, args.channel)
      if (!channel.members.includes(args.user)) throw new SlackError('user_not_in_channel')
      const thread = args.thread_ts === undefined ? {} : { thread_ts: args.thread_ts }
      const content = contentOf(sandbox, args, mostText)
      const message = botMessage(sandbox, { ...content, ...thread, visible_to: args.user })
      addMessage(sandbox, channel, message)
      return { message_ts: message.ts }
    },
  ),

  'chat.getPermalink': method(z.object({ channel: z.string(), message_ts: z.string() }), (args, sandbox) => {
    const channel = channelFor(sandbox, args.channel)
    const message = sandbox.store.message(channel.id, args.message_ts)
    if (message === undefined) throw new SlackError('message_not_found')
    const thread = message.thread_ts === undefined ? '' : `&thread=${message.thread_ts}`
    return {
      channel: channel.id,
      permalink: `${sandbox.settings?.pageUrl ?? `${sandbox.url}/sandbox`}?channel=${channel.id}&ts=${message.ts}${thread}`,
    }
  }),

  'reactions.add': method(
    z.object({ channel: z.string(), timestamp: z.string(), name: z.string() }),
    ({ channel: id, timestamp, name }, sandbox) => {
      const channel = channelFor(sandbox, id)
      const message = sandbox.store.message(channel.id, timestamp)
      if (message === undefined) throw new SlackError('message_not_found')
      const reactions = message.reactions ?? []
      const same = reactions.find((reaction) => reaction.name === name) ?? { name, users: [], count: 0 }
      if (same.users.includes(sandbox.identity.botUserId)) throw new SlackError('already_reacted')
      const users = [...same.users, sandbox.identity.botUserId]
      const others = reactions.filter((reaction) => reaction !== same)
      sandbox.store.putMessage(channel.id, {
        ...message,
        reactions: [...others, { name, users, count: users.length }],
      })
      sandbox.changed({ kind: 'messages', channel: channel.id })
      return {}
    },
  ),
}
