import { createHash } from 'node:crypto'
import { z } from 'zod'
import { acrossCompanies, type Database } from '../../../database/index.ts'
import { isThreadKnown } from '../../../features/notifications/index.ts'
import { type ChangeDelivery, fileSchema, type MessageDelivery } from '../payloads.ts'
import { storeDelivery } from '../transport/deliveries.ts'
import type { EventListener } from '../transport/listeners.ts'

/** What a person wrote: https://docs.slack.dev/reference/objects/message-object */
const writtenSchema = z.object({
  subtype: z.string().optional(),
  user: z.string().optional(),
  bot_id: z.string().optional(),
  ts: z.string(),
  thread_ts: z.string().optional(),
  text: z.string().nullish(),
  files: z.array(fileSchema).optional(),
})
type Written = z.infer<typeof writtenSchema>

/**
 * A `message` or `app_mention` event: https://docs.slack.dev/reference/events/message. A message that names us arrives as
 * both, with the same time stamp.
 */
const messageEventSchema = writtenSchema.extend({
  type: z.enum(['message', 'app_mention']),
  channel: z.string(),
  channel_type: z.string().optional(),
})

/** https://docs.slack.dev/reference/events/message/message_changed and …/message_deleted */
const changeEventSchema = z.object({
  channel: z.string(),
  channel_type: z.string().optional(),
  subtype: z.enum(['message_changed', 'message_deleted']),
  message: writtenSchema.optional(),
  previous_message: writtenSchema.optional(),
})

/** What a person does with a message is stored; it is worked on when Slack has its answer. */
export const storeMessage: EventListener = async (slack, { teamId, event }) => {
  const message = toMessageDelivery(teamId, event)
  const change = message ? null : toChangeDelivery(teamId, event)
  const delivery = message ?? change
  if (!delivery) return
  // What colleagues say to each other is not even stored.
  if (message && isTalk(message) && !(await isBelowOurs(slack.database, message))) return
  // Each message counts once, also where it arrives as two events; so do its deletion and what it is edited to.
  const what = !change ? 'message' : change.text === null ? 'deleted' : `edited ${hashOf(change.text)}`
  const { channel, ts } = delivery
  await storeDelivery(slack.database, `${what}:${teamId}:${channel}:${ts}`, delivery)
}

/** Neither to us nor a receipt. */
const isTalk = ({ isDirect, isMention, files }: MessageDelivery) =>
  !isDirect && !isMention && files.length === 0

/** Whether we show something in the thread: expenses were shown in channels once, and those still are. */
async function isBelowOurs(database: Database, { channel, threadTs }: MessageDelivery): Promise<boolean> {
  if (threadTs === undefined) return false
  return acrossCompanies(database, (tx) => isThreadKnown(tx, { channel, threadTs }))
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

/** A message of a person that we may react to, or null: bots, joins and talk in the open are none of ours. */
function toMessageDelivery(teamId: string, event: unknown): MessageDelivery | null {
  const parsed = messageEventSchema.safeParse(event)
  if (!parsed.success) return null
  const { type, subtype, user, bot_id, channel, channel_type, ts, thread_ts, text } = parsed.data
  const isWritten = subtype === undefined || subtype === 'file_share' || subtype === 'thread_broadcast'
  if (bot_id || !user || !isWritten) return null
  const isDirect = channel_type === 'im'
  const isMention = type === 'app_mention'
  const files = filesOf(parsed.data)
  // Talk that is below nothing.
  if (!isDirect && !isMention && files.length === 0 && thread_ts === undefined) return null
  return {
    kind: 'message',
    teamId,
    userId: user,
    channel,
    isDirect,
    ts,
    ...(thread_ts ? { threadTs: thread_ts } : {}),
    text: readable(text ?? '').slice(0, 4000),
    files,
    isMention,
  }
}

/** A message of a person that was changed in its words, or deleted; null for what only Slack or a bot changed. */
function toChangeDelivery(teamId: string, event: unknown): ChangeDelivery | null {
  const parsed = changeEventSchema.safeParse(event)
  if (!parsed.success) return null
  const { subtype, channel, channel_type, message, previous_message: before } = parsed.data
  if (!before?.user || before.bot_id) return null
  // A message with replies leaves a tombstone when it is deleted.
  const isDeleted = subtype === 'message_deleted' || message?.subtype === 'tombstone'
  if (before.subtype === 'tombstone') return null
  const text = message?.text ?? ''
  if (!isDeleted && (message?.bot_id || text === before.text)) return null
  const thread = before.thread_ts === before.ts ? undefined : before.thread_ts
  return {
    kind: 'change',
    teamId,
    userId: before.user,
    channel,
    isDirect: channel_type === 'im',
    ts: before.ts,
    ...(thread ? { threadTs: thread } : {}),
    text: isDeleted ? null : readable(text).slice(0, 4000),
    files: filesOf(before),
  }
}

/** The files that are still there. */
export function filesOf({ files = [] }: Pick<Written, 'files'>): MessageDelivery['files'] {
  return files.filter(({ mode }) => mode !== 'tombstone')
}

/**
 * What a person wrote, out of Slack's encoding (https://docs.slack.dev/messaging/formatting-message-text). The bare id of
 * somebody who is mentioned tells people nothing.
 */
export function readable(text: string): string {
  return text
    .replace(/<@[^|>]*>/g, ' ')
    .replace(/<[^|>]*\|([^>]*)>/g, '$1')
    .replace(/<([^>]*)>/g, '$1')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
    .trim()
}
