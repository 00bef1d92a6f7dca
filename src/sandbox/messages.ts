import { randomUUID } from 'node:crypto'
import { userError } from '../kernel/errors.ts'
import { fileObject, shareFile } from './files.ts'
import { nextTs, slackId } from './ids.ts'
import type { Sandbox } from './sandbox.ts'
import type { Block, Channel, Message, User } from './shapes.ts'

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
  sandbox: Sandbox,
  channel: Channel,
  message: Message,
  options: { metadata?: boolean } = {},
): Record<string, unknown> {
  const { file_ids, visible_to: _, metadata, ...rest } = message
  const files = (file_ids ?? []).map((id) => sandbox.files.get(id)).filter((file) => file !== undefined)
  const isReply = message.thread_ts !== undefined && message.thread_ts !== message.ts
  const thread = isReply ? undefined : sandbox.store.threadSummary(channel.id, message.ts)
  return {
    ...rest,
    team: sandbox.teamId,
    ...(message.bot_id === undefined ? {} : { bot_profile: botProfile(sandbox) }),
    ...(files.length === 0 ? {} : { files: files.map((file) => fileObject(sandbox, file)), upload: false }),
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

function botProfile(sandbox: Sandbox): Record<string, unknown> {
  return {
    id: sandbox.identity.botId,
    app_id: sandbox.identity.appId,
    user_id: sandbox.identity.botUserId,
    name: sandbox.settings?.bot.name ?? 'Outlay',
    deleted: false,
    updated: 0,
    team_id: sandbox.teamId,
  }
}

function channelType(channel: Channel): string {
  return channel.kind === 'im' ? 'im' : 'channel'
}

function botIsIn(sandbox: Sandbox, channel: Channel): boolean {
  return channel.members.includes(sandbox.identity.botUserId)
}

/** Stores a new message, shows it, and tells the app (not of ephemeral ones, as Slack). */
export function addMessage(sandbox: Sandbox, channel: Channel, message: Message): Message {
  sandbox.store.putMessage(channel.id, message)
  sandbox.changed({ kind: 'messages', channel: channel.id })
  if (message.visible_to === undefined && botIsIn(sandbox, channel)) {
    sandbox.event({
      ...eventOrder(message),
      ...messageObject(sandbox, channel, message, { metadata: false }),
      channel: channel.id,
      event_ts: message.ts,
      channel_type: channelType(channel),
    })
    if (
      message.bot_id === undefined &&
      message.text.includes(`<@${sandbox.identity.botUserId}>`) &&
      channel.kind !== 'im'
    ) {
      const { subtype: _, ...mention } = messageObject(sandbox, channel, message, { metadata: false })
      sandbox.event({ ...mention, type: 'app_mention', channel: channel.id, event_ts: message.ts })
    }
  }
  return message
}

/** Type and subtype first: the log reads an event's name from there. */
function eventOrder(message: Message): Record<string, unknown> {
  return message.subtype === undefined ? { type: 'message' } : { type: 'message', subtype: message.subtype }
}

/** A person writes: text and files, in a conversation or a thread. */
export function postAsPerson(
  sandbox: Sandbox,
  user: User,
  channel: Channel,
  draft: { text: string; fileIds: string[]; threadTs?: string | undefined },
): Message {
  if (draft.text.trim() === '' && draft.fileIds.length === 0)
    throw userError('empty', 'Write something or attach a file.')
  if (draft.threadTs !== undefined && sandbox.store.message(channel.id, draft.threadTs) === undefined) {
    throw userError('thread_not_found', 'This thread is gone.')
  }
  const files = draft.fileIds.map((id) => {
    const file = sandbox.files.get(id)
    if (file?.state !== 'uploaded' || file.user !== user.id)
      throw userError('no_such_file', 'This file is not there.')
    return file
  })
  const ts = nextTs()
  for (const file of files) shareFile(sandbox, file, channel.id)
  channel.lastRead[user.id] = ts
  sandbox.channels.put(channel.id, channel)
  return addMessage(sandbox, channel, {
    type: 'message',
    ...(files.length > 0 ? { subtype: 'file_share', file_ids: draft.fileIds } : {}),
    user: user.id,
    text: asSlackText(sandbox, draft.text),
    ts,
    client_msg_id: randomUUID(),
    ...(draft.threadTs === undefined ? {} : { thread_ts: draft.threadTs }),
  })
}

/** What Slack's composer does to typed text: escapes it, links URLs, turns `@Name` and `#channel` into references. */
export function asSlackText(sandbox: Sandbox, typed: string): string {
  let text = typed.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  text = text.replace(/https?:\/\/[^\s<>|]+/g, (url) => `<${url}>`)
  for (const user of sandbox.users.all()) text = text.replaceAll(`@${user.name}`, `<@${user.id}>`)
  for (const channel of sandbox.channels.all()) {
    if (channel.name !== '') text = text.replaceAll(`#${channel.name}`, `<#${channel.id}|${channel.name}>`)
  }
  return text
}

/** Replaces a message and tells the app by `message_changed`. */
export function changeMessage(sandbox: Sandbox, channel: Channel, before: Message, after: Message): void {
  sandbox.store.putMessage(channel.id, after)
  sandbox.changed({ kind: 'messages', channel: channel.id })
  if (after.visible_to !== undefined || !botIsIn(sandbox, channel)) return
  const ts = nextTs()
  sandbox.event({
    type: 'message',
    subtype: 'message_changed',
    message: messageObject(sandbox, channel, after, { metadata: false }),
    previous_message: messageObject(sandbox, channel, before, { metadata: false }),
    channel: channel.id,
    hidden: true,
    ts,
    event_ts: ts,
    channel_type: channelType(channel),
  })
}

/** Removes a message and tells the app by `message_deleted`. */
export function removeMessage(sandbox: Sandbox, channel: Channel, message: Message): void {
  sandbox.store.deleteMessage(channel.id, message.ts)
  sandbox.changed({ kind: 'messages', channel: channel.id })
  if (message.visible_to !== undefined || !botIsIn(sandbox, channel)) return
  const ts = nextTs()
  sandbox.event({
    type: 'message',
    subtype: 'message_deleted',
    previous_message: messageObject(sandbox, channel, message, { metadata: false }),
    deleted_ts: message.ts,
    channel: channel.id,
    hidden: true,
    ts,
    event_ts: ts,
    channel_type: channelType(channel),
  })
}

/** A person's own message, to edit or delete. @throws AppError `not_yours` */
export function ownMessage(sandbox: Sandbox, user: User, channel: Channel, ts: string): Message {
  const message = sandbox.store.message(channel.id, ts)
  if (message === undefined || message.user !== user.id)
    throw userError('not_yours', 'Only your own messages can be changed.')
  return message
}

/** A message in the bot's name. */
export function botMessage(sandbox: Sandbox, content: Partial<Message> & { text: string }): Message {
  return {
    ...content,
    type: 'message',
    ts: nextTs(),
    user: sandbox.identity.botUserId,
    bot_id: sandbox.identity.botId,
    app_id: sandbox.identity.appId,
    ...(content.blocks === undefined ? {} : { blocks: withIds(content.blocks) }),
    ...(content.attachments === undefined
      ? {}
      : {
          attachments: content.attachments.map((a) => (a.blocks ? { ...a, blocks: withIds(a.blocks) } : a)),
        }),
  }
}
