import { randomUUID } from 'node:crypto'
import { userError } from '../kernel/errors.ts'
import { shareFile } from './files.ts'
import { nextTs } from './ids.ts'
import { addMessage, botIsIn, changeMessage } from './messages.ts'
import { teamOf } from './names.ts'
import type { Channel, Message, User } from './shapes.ts'
import type { Workspace } from './workspace.ts'

/** A person writes: text and files, in a conversation or a thread. */
export function postAsPerson(
  workspace: Workspace,
  user: User,
  channel: Channel,
  draft: { text: string; fileIds: string[]; threadTs?: string | undefined },
): Message {
  if (draft.text.trim() === '' && draft.fileIds.length === 0)
    throw userError('empty', 'Write something or attach a file.')
  if (draft.threadTs !== undefined && workspace.store.message(channel.id, draft.threadTs) === undefined) {
    throw userError('thread_not_found', 'This thread is gone.')
  }
  const files = draft.fileIds.map((id) => {
    const file = workspace.files.get(id)
    if (file?.state !== 'uploaded' || file.user !== user.id)
      throw userError('no_such_file', 'This file is not there.')
    return file
  })
  const ts = nextTs()
  for (const file of files) shareFile(workspace, file, channel.id)
  channel.lastRead[user.id] = ts
  workspace.channels.put(channel.id, channel)
  const message = addMessage(workspace, channel, {
    type: 'message',
    ...author(workspace, user),
    ...(files.length > 0 ? { subtype: 'file_share', file_ids: draft.fileIds } : {}),
    user: user.id,
    text: asSlackText(workspace, draft.text),
    ts,
    client_msg_id: randomUUID(),
    ...(draft.threadTs === undefined ? {} : { thread_ts: draft.threadTs }),
  })
  offerInvitation(workspace, user, channel, message)
  return message
}

/** Another app's bot is marked as such, and somebody of another company by their own team. */
function author(workspace: Workspace, user: User): Partial<Message> {
  if (user.isBot) return { bot_id: `B${user.id.slice(1)}`, app_id: `A${user.id.slice(1)}` }
  return user.isStranger ? { user_team: teamOf(workspace, user), source_team: teamOf(workspace, user) } : {}
}

/** Whoever mentions the app where it is no member hears from Slackbot how to bring it in. */
function offerInvitation(workspace: Workspace, user: User, channel: Channel, message: Message): void {
  const bot = workspace.users.get(workspace.identity.botUserId)
  if (bot === undefined || botIsIn(workspace, channel) || !message.text.includes(`<@${bot.id}>`)) return
  addMessage(workspace, channel, {
    type: 'message',
    user: 'USLACKBOT',
    ts: nextTs(),
    visible_to: user.id,
    text: `You mentioned <@${bot.id}>, but they’re not in this channel. Write \`/invite @${bot.name}\` to bring them in.`,
  })
}

/** What Slack's composer does to typed text: escapes it, links URLs, turns `@Name` and `#channel` into references. */
export function asSlackText(workspace: Workspace, typed: string): string {
  let text = typed.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  text = text.replace(/https?:\/\/[^\s<>|]+/g, (url) => `<${url}>`)
  for (const user of workspace.users.all()) text = text.replaceAll(`@${user.name}`, `<@${user.id}>`)
  for (const channel of workspace.channels.all()) {
    if (channel.name !== '') text = text.replaceAll(`#${channel.name}`, `<#${channel.id}|${channel.name}>`)
  }
  return text
}

/** A person's own message, to edit or delete. @throws AppError `not_yours` */
export function ownMessage(workspace: Workspace, user: User, channel: Channel, ts: string): Message {
  const message = workspace.store.message(channel.id, ts)
  if (message === undefined || message.user !== user.id)
    throw userError('not_yours', 'Only your own messages can be changed.')
  return message
}

/** A person rewrites their message; its files stay. @throws AppError `empty` when nothing would be left */
export function editMessage(
  workspace: Workspace,
  user: User,
  channel: Channel,
  edit: { message: Message; text: string },
): void {
  const { message, text } = edit
  if (text.trim() === '' && (message.file_ids ?? []).length === 0)
    throw userError('empty', 'Write something, or delete the message.')
  changeMessage(workspace, channel, message, {
    ...message,
    text: asSlackText(workspace, text),
    edited: { user: user.id, ts: nextTs() },
  })
}
