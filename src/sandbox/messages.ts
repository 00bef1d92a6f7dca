import { fileObject } from './files.ts'
import { nextTs, slackId } from './ids.ts'
import type { Block, Channel, Message } from './shapes.ts'
import type { Workspace } from './workspace.ts'

/** Slack gives every block an id, and every element an action id, where the app gave none. */
export function withIds(blocks: Block[]): Block[] {
  const id = () => slackId('').slice(0, 5)
  const named = <T extends { type: string; action_id?: string | undefined }>(element: T): T =>
    element.action_id === undefined && !['mrkdwn', 'plain_text', 'image'].includes(element.type)
      ? { ...element, action_id: id() }
      : element
  return blocks.map((block) => ({
    ...block,
    block_id: block.block_id ?? id(),
    ...(block.accessory === undefined ? {} : { accessory: named(block.accessory) }),
    ...(block.element === undefined ? {} : { element: named(block.element) }),
    ...(block.type === 'actions' && block.elements ? { elements: block.elements.map(named) } : {}),
  }))
}

/** A message as Slack writes it: files hydrated, thread figures added, what is only ours removed. */
export function messageObject(
  workspace: Workspace,
  channel: Channel,
  message: Message,
  options: { metadata?: boolean } = {},
): Record<string, unknown> {
  const { file_ids, visible_to: _, metadata, ...rest } = message
  const files = (file_ids ?? []).map((id) => workspace.files.get(id)).filter((file) => file !== undefined)
  const isReply = message.thread_ts !== undefined && message.thread_ts !== message.ts
  const thread = isReply ? undefined : workspace.store.threadSummary(channel.id, message.ts)
  return {
    ...rest,
    team: workspace.teamId,
    ...(message.bot_id === undefined ? {} : { bot_profile: botProfile(workspace) }),
    ...(files.length === 0 ? {} : { files: files.map((file) => fileObject(workspace, file)), upload: false }),
    ...(metadata !== undefined && options.metadata !== false ? { metadata } : {}),
    ...(thread === undefined || thread.count === 0
      ? {}
      : {
          thread_ts: message.ts,
          reply_count: thread.count,
          reply_users_count: thread.users.length,
          reply_users: thread.users,
          latest_reply: thread.latest,
        }),
  }
}

function botProfile(workspace: Workspace): Record<string, unknown> {
  return {
    id: workspace.identity.botId,
    app_id: workspace.identity.appId,
    user_id: workspace.identity.botUserId,
    name: workspace.settings?.bot.name ?? 'Outlay',
    deleted: false,
    updated: 0,
    team_id: workspace.teamId,
  }
}

function channelType(channel: Channel): string {
  return channel.kind === 'im' ? 'im' : 'channel'
}

/** Whether the app is a member, and hears what is said there. */
export function botIsIn(workspace: Workspace, channel: Channel): boolean {
  return channel.members.includes(workspace.identity.botUserId)
}

/** Stores a new message, shows it, and tells the app (not of ephemeral ones, as Slack). */
export function addMessage(workspace: Workspace, channel: Channel, message: Message): Message {
  workspace.store.putMessage(channel.id, message)
  workspace.changed({ kind: 'messages', channel: channel.id })
  if (message.visible_to === undefined && botIsIn(workspace, channel)) {
    workspace.event({
      ...messageObject(workspace, channel, message, { metadata: false }),
      type: 'message',
      channel: channel.id,
      event_ts: message.ts,
      channel_type: channelType(channel),
    })
    if (
      message.bot_id === undefined &&
      message.text.includes(`<@${workspace.identity.botUserId}>`) &&
      channel.kind !== 'im'
    ) {
      const { subtype: _, ...mention } = messageObject(workspace, channel, message, { metadata: false })
      workspace.event({ ...mention, type: 'app_mention', channel: channel.id, event_ts: message.ts })
    }
  }
  return message
}

/** Replaces a message and tells the app by `message_changed`. */
export function changeMessage(workspace: Workspace, channel: Channel, before: Message, after: Message): void {
  workspace.store.putMessage(channel.id, after)
  workspace.changed({ kind: 'messages', channel: channel.id })
  if (after.visible_to !== undefined || !botIsIn(workspace, channel)) return
  const ts = nextTs()
  workspace.event({
    type: 'message',
    subtype: 'message_changed',
    message: messageObject(workspace, channel, after, { metadata: false }),
    previous_message: messageObject(workspace, channel, before, { metadata: false }),
    channel: channel.id,
    hidden: true,
    ts,
    event_ts: ts,
    channel_type: channelType(channel),
  })
}

/**
 * Removes a message and tells the app by `message_deleted`. The first of a thread leaves a tombstone, as its replies
 * stay: that is a `message_changed` (https://docs.slack.dev/reference/events/message/message_deleted).
 */
export function removeMessage(workspace: Workspace, channel: Channel, message: Message): void {
  if (workspace.store.threadSummary(channel.id, message.ts).count > 0) {
    const { ts, client_msg_id: _, ...rest } = message
    const gone = { type: 'message' as const, subtype: 'tombstone', user: 'USLACKBOT', hidden: true, ts }
    const text = 'This message was deleted.'
    const thread = rest.thread_ts === undefined ? {} : { thread_ts: rest.thread_ts }
    changeMessage(workspace, channel, message, { ...gone, ...thread, text })
    return
  }
  workspace.store.deleteMessage(channel.id, message.ts)
  workspace.changed({ kind: 'messages', channel: channel.id })
  if (message.visible_to !== undefined || !botIsIn(workspace, channel)) return
  const ts = nextTs()
  workspace.event({
    type: 'message',
    subtype: 'message_deleted',
    previous_message: messageObject(workspace, channel, message, { metadata: false }),
    deleted_ts: message.ts,
    channel: channel.id,
    hidden: true,
    ts,
    event_ts: ts,
    channel_type: channelType(channel),
  })
}

/** Puts somebody's reaction on a message, or takes it off. */
export function setReaction(
  workspace: Workspace,
  channel: Channel,
  message: Message,
  reaction: { user: string; name: string; on: boolean },
): void {
  const { user, name, on } = reaction
  const before = message.reactions ?? []
  const same = before.find((one) => one.name === name) ?? { name, users: [], count: 0 }
  const users = on ? [...same.users, user] : same.users.filter((id) => id !== user)
  const fresh = { name, users, count: users.length }
  const reactions = before.includes(same)
    ? before.map((one) => (one === same ? fresh : one)).filter((one) => one.count > 0)
    : [...before, fresh]
  workspace.store.putMessage(channel.id, { ...message, reactions })
  workspace.changed({ kind: 'messages', channel: channel.id })
}

/** A message in the bot's name. */
export function botMessage(workspace: Workspace, content: Partial<Message> & { text: string }): Message {
  return {
    ...content,
    type: 'message',
    ts: nextTs(),
    user: workspace.identity.botUserId,
    bot_id: workspace.identity.botId,
    app_id: workspace.identity.appId,
    ...(content.blocks === undefined ? {} : { blocks: withIds(content.blocks) }),
    ...(content.attachments === undefined
      ? {}
      : {
          attachments: content.attachments.map((a) => (a.blocks ? { ...a, blocks: withIds(a.blocks) } : a)),
        }),
  }
}
