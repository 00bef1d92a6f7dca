import { userError } from '../kernel/errors.ts'
import { askApp, badAnswer, json } from './app-answer.ts'
import { messageObject } from './messages.ts'
import { domain, handle } from './names.ts'
import { common } from './payloads.ts'
import { inviteApp } from './people.ts'
import { reply, replySchema, replyUrl } from './replies.ts'
import type { Channel, Message, User } from './shapes.ts'
import type { Workspace } from './workspace.ts'

/** A person types a slash command. @throws AppError `no_such_command` */
export async function runCommand(
  workspace: Workspace,
  user: User,
  channel: Channel,
  typed: string,
): Promise<void> {
  const [command = '', ...rest] = typed.trim().split(/ +/)
  const bot = workspace.settings?.bot.name ?? ''
  if (command === '/invite' && rest.join(' ') === `@${bot}`) return inviteApp(workspace, user, channel)
  if (!workspace.settings?.commands.some((known) => known.command === command)) {
    throw userError('no_such_command', `${command} is not a valid command. Commands start with a slash.`)
  }
  const fields = {
    token: 'sandbox',
    team_id: workspace.teamId,
    team_domain: domain(workspace),
    channel_id: channel.id,
    channel_name: channel.kind === 'im' ? 'directmessage' : channel.name,
    user_id: user.id,
    user_name: handle(user),
    command,
    text: rest.join(' '),
    api_app_id: workspace.identity.appId,
    is_enterprise_install: 'false',
    response_url: replyUrl(workspace, { channel: channel.id, user: user.id, ephemeral: false }),
    trigger_id: workspace.trigger(user.id),
  }
  const body = await askApp(workspace, `command ${command}`, fields, {
    type: 'slash_commands',
    takesAnswer: true,
  })
  if (body.trim() === '') return
  const answer = replySchema.safeParse(json(body) ?? { text: body })
  if (!answer.success) throw badAnswer('the answer to the command is malformed')
  reply(workspace, channel, user.id, answer.data)
}

/** A person chooses a shortcut, on a message or from the menu. */
export async function useShortcut(
  workspace: Workspace,
  user: User,
  callbackId: string,
  on?: { channel: Channel; message: Message },
): Promise<void> {
  const type = on === undefined ? 'global' : 'message'
  if (!workspace.settings?.shortcuts.some((s) => s.callbackId === callbackId && s.type === type)) {
    throw userError('no_such_shortcut', 'There is no such shortcut.')
  }
  const place = on && {
    channel: { id: on.channel.id, name: on.channel.kind === 'im' ? 'directmessage' : on.channel.name },
    message: messageObject(workspace, on.channel, on.message),
    message_ts: on.message.ts,
    response_url: replyUrl(workspace, { channel: on.channel.id, user: user.id, ephemeral: false }),
  }
  await askApp(workspace, `shortcut ${callbackId}`, {
    type: on === undefined ? 'shortcut' : 'message_action',
    ...common(workspace, user),
    callback_id: callbackId,
    action_ts: `${Date.now() / 1000}`,
    trigger_id: workspace.trigger(user.id),
    ...place,
  })
}
