import { z } from 'zod'
import { nextTs } from '../ids.ts'
import { areBlocksTooLong, blockProblems } from '../limits.ts'
import {
  addMessage,
  botMessage,
  changeMessage,
  messageObject,
  removeMessage,
  setReaction,
} from '../messages.ts'
import { attachmentSchema, blockSchema, type Channel, type Message, metadataSchema } from '../shapes.ts'
import { refused, SlackError } from '../slack-error.ts'
import { fileKind } from '../views.ts'
import type { Workspace } from '../workspace.ts'
import { channelFor, flag, type Method, method, structured } from './method.ts'

const mostText = 40_000
const mostUpdatedText = 4_000
/** Slack names no number for `metadata_too_large`; this is a careful one. */
const mostMetadataBytes = 16_000

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
function contentOf(workspace: Workspace, args: Content, mostLength: number) {
  const { text, blocks, attachments } = args
  if (!text && !hasItems(blocks) && !hasItems(attachments)) throw new SlackError('no_text')
  if ((text ?? '').length > mostLength) throw new SlackError('msg_too_long')
  const rules = { surface: 'message' as const, file: fileKind(workspace) }
  const problems = [
    ...blockProblems(blocks ?? [], rules),
    ...(attachments ?? []).flatMap((a, i) =>
      blockProblems(a.blocks ?? [], rules, `/attachments/${i}/blocks`),
    ),
  ]
  if (problems.length > 0) throw refused('invalid_blocks', problems)
  if (Array.isArray(blocks) && areBlocksTooLong(blocks)) throw new SlackError('msg_blocks_too_long')
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
  if (!parsed.success || !/^\w+$/.test(parsed.data.event_type))
    throw new SlackError('invalid_metadata_format')
  if (Buffer.byteLength(JSON.stringify(parsed.data)) > mostMetadataBytes)
    throw new SlackError('metadata_too_large')
  return parsed.data
}

function writable(workspace: Workspace, id: string): Channel {
  const channel = channelFor(workspace, id)
  if (!channel.members.includes(workspace.identity.botUserId)) throw new SlackError('not_in_channel')
  return channel
}

function ownMessage(workspace: Workspace, channel: Channel, ts: string, otherwise: string): Message {
  const message = workspace.store.message(channel.id, ts)
  if (message === undefined || message.visible_to !== undefined) throw new SlackError('message_not_found')
  if (message.user !== workspace.identity.botUserId) throw new SlackError(otherwise)
  return message
}

const reactionArguments = z.object({ channel: z.string(), timestamp: z.string(), name: z.string() })

export const chatMethods: Record<string, Method> = {
  'chat.postMessage': method(
    z.object({ ...contentArguments, thread_ts: z.coerce.string().optional(), reply_broadcast: flag }),
    (args, workspace) => {
      const channel = writable(workspace, args.channel)
      if (workspace.sandbox.faults.exceedsRate(channel.id))
        throw new SlackError('ratelimited', { retryAfter: 1 })
      const content = contentOf(workspace, args, mostText)
      const parent =
        args.thread_ts === undefined ? undefined : workspace.store.message(channel.id, args.thread_ts)
      if (args.thread_ts !== undefined && parent === undefined) throw new SlackError('thread_not_found')
      const thread = parent === undefined ? {} : { thread_ts: parent.thread_ts ?? parent.ts }
      const message = addMessage(workspace, channel, botMessage(workspace, { ...content, ...thread }))
      return { channel: channel.id, ts: message.ts, message: messageObject(workspace, channel, message) }
    },
  ),

  'chat.update': method(z.object({ ...contentArguments, ts: z.coerce.string() }), (args, workspace) => {
    const channel = writable(workspace, args.channel)
    const before = ownMessage(workspace, channel, args.ts, 'cant_update_message')
    const content = contentOf(workspace, args, mostUpdatedText)
    // Slack's rule: text without blocks takes the old blocks away; attachments and metadata stay unless given.
    const { blocks: oldBlocks, ...rest } = before
    const kept = args.blocks === undefined && !args.text ? { blocks: oldBlocks } : {}
    if (args.attachments?.length === 0) delete rest.attachments
    const fresh = botMessage(workspace, content)
    const edited = { user: workspace.identity.botUserId, ts: nextTs() }
    const after: Message = { ...rest, ...kept, ...fresh, ts: before.ts, edited }
    changeMessage(workspace, channel, before, after)
    return {
      channel: channel.id,
      ts: after.ts,
      text: after.text,
      message: messageObject(workspace, channel, after),
    }
  }),

  'chat.delete': method(z.object({ channel: z.string(), ts: z.coerce.string() }), (args, workspace) => {
    const channel = writable(workspace, args.channel)
    removeMessage(workspace, channel, ownMessage(workspace, channel, args.ts, 'cant_delete_message'))
    return { channel: channel.id, ts: args.ts }
  }),

  'chat.postEphemeral': method(
    z.object({ ...contentArguments, user: z.string(), thread_ts: z.coerce.string().optional() }),
    (args, workspace) => {
      const channel = writable(workspace, args.channel)
      if (!channel.members.includes(args.user)) throw new SlackError('user_not_in_channel')
      const thread = args.thread_ts === undefined ? {} : { thread_ts: args.thread_ts }
      const content = contentOf(workspace, args, mostText)
      const message = botMessage(workspace, { ...content, ...thread, visible_to: args.user })
      addMessage(workspace, channel, message)
      return { message_ts: message.ts }
    },
  ),

  'chat.getPermalink': method(
    z.object({ channel: z.string(), message_ts: z.string() }),
    (args, workspace) => {
      const channel = channelFor(workspace, args.channel)
      const message = workspace.store.message(channel.id, args.message_ts)
      if (message === undefined) throw new SlackError('message_not_found')
      const thread = message.thread_ts === undefined ? '' : `&thread=${message.thread_ts}`
      return {
        channel: channel.id,
        permalink: `${workspace.settings?.pageUrl ?? `${workspace.url}/sandbox`}?team=${workspace.teamId}&channel=${channel.id}&ts=${message.ts}${thread}`,
      }
    },
  ),

  'reactions.add': method(reactionArguments, ({ channel, timestamp, name }, workspace) =>
    reactAsBot(workspace, { channel, timestamp, name, on: true }),
  ),

  'reactions.remove': method(reactionArguments, ({ channel, timestamp, name }, workspace) =>
    reactAsBot(workspace, { channel, timestamp, name, on: false }),
  ),
}

function reactAsBot(
  workspace: Workspace,
  reaction: z.infer<typeof reactionArguments> & { on: boolean },
): object {
  const { name, on } = reaction
  const channel = channelFor(workspace, reaction.channel)
  const message = workspace.store.message(channel.id, reaction.timestamp)
  if (message === undefined) throw new SlackError('message_not_found')
  const user = workspace.identity.botUserId
  const has = message.reactions?.some((one) => one.name === name && one.users.includes(user)) ?? false
  if (has === on) throw new SlackError(on ? 'already_reacted' : 'no_reaction')
  setReaction(workspace, channel, message, { user, name, on })
  return {}
}
