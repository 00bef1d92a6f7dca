import { userError } from '../kernel/errors.ts'
import { nextTs } from './ids.ts'
import { addMessage, botIsIn, setReaction } from './messages.ts'
import type { Channel, User } from './shapes.ts'
import { userObject } from './web-api/users.ts'
import type { Workspace } from './workspace.ts'

/** The direct message with a colleague, by e-mail or id, or with the app (`dm`). */
export function openConversation(workspace: Workspace, user: User, other: string): Channel {
  const colleague = workspace.findPerson(other)
  if (colleague === undefined) return workspace.conversationOf(user, other)
  return workspace.directMessage(user.id, colleague.id)
}

/** A person chooses their language (`de-DE`); the app hears `user_change`. @throws AppError `no_such_locale` */
export function setLocale(workspace: Workspace, user: User, locale: string): void {
  if (!/^[a-z]{2}-[A-Z0-9]{2,3}$/.test(locale))
    throw userError('no_such_locale', `Write a language like en-US or de-DE, not ${locale}.`)
  const changed = workspace.users.put(user.id, { ...user, locale, choseLocale: true })
  workspace.changed({ kind: 'workspace' })
  workspace.event({
    type: 'user_change',
    user: userObject(workspace, changed, true),
    cache_ts: Math.floor(Date.now() / 1000),
    event_ts: nextTs(),
  })
}

/** A person reacts to a message, or takes the same reaction back; the app hears of it. */
export function react(
  workspace: Workspace,
  user: User,
  channel: Channel,
  which: { ts: string; name: string },
): void {
  const message = workspace.store.message(channel.id, which.ts)
  if (message === undefined) throw userError('no_such_message', 'This message is gone.')
  const had =
    message.reactions?.some((one) => one.name === which.name && one.users.includes(user.id)) ?? false
  setReaction(workspace, channel, message, { user: user.id, name: which.name, on: !had })
  if (!botIsIn(workspace, channel)) return
  workspace.event({
    type: had ? 'reaction_removed' : 'reaction_added',
    user: user.id,
    reaction: which.name,
    item: { type: 'message', channel: channel.id, ts: message.ts },
    item_user: message.user,
    event_ts: nextTs(),
  })
}

/** A person brings the app into a channel (`/invite @Outlay`); the app hears that it joined. */
export function inviteApp(workspace: Workspace, user: User, channel: Channel): void {
  const { botUserId } = workspace.identity
  if (channel.kind !== 'channel' || botIsIn(workspace, channel)) return
  const joined = workspace.channels.put(channel.id, { ...channel, members: [...channel.members, botUserId] })
  const event = { type: 'member_joined_channel', user: botUserId, channel: channel.id, channel_type: 'C' }
  workspace.event({ ...event, team: workspace.teamId, inviter: user.id, event_ts: nextTs() })
  addMessage(workspace, joined, {
    type: 'message',
    subtype: 'channel_join',
    user: botUserId,
    inviter: user.id,
    ts: nextTs(),
    text: `<@${botUserId}> has joined the channel`,
  })
}
