import { messageObject } from './messages.ts'
import { domain, handle, teamOf } from './names.ts'
import { replyUrl } from './replies.ts'
import type { Channel, Message, User, View } from './shapes.ts'
import { allBlocks } from './shown.ts'
import { stateValues } from './state.ts'
import { stateSource, viewObject } from './views.ts'
import type { Workspace } from './workspace.ts'

/** Where a person acts: on a message, or on the modal or home on their screen. */
export type Surface =
  | { kind: 'message'; channel: Channel; message: Message; key: string }
  | { kind: 'view'; view: View; key: string }

/** What every interactive payload says of person, app and team. */
export function common(workspace: Workspace, user: User): Record<string, unknown> {
  return {
    user: { id: user.id, username: handle(user), name: handle(user), team_id: teamOf(workspace, user) },
    api_app_id: workspace.identity.appId,
    token: 'sandbox',
    team: { id: workspace.teamId, domain: domain(workspace) },
    enterprise: null,
    is_enterprise_install: false,
  }
}

/** What a payload says of the place where the person acted. */
export function surfacePart(workspace: Workspace, user: User, surface: Surface): Record<string, unknown> {
  if (surface.kind === 'view') {
    return {
      container: { type: 'view', view_id: surface.view.id },
      view: viewObject(workspace, surface.view),
    }
  }
  const { channel, message } = surface
  const ephemeral = message.visible_to !== undefined
  return {
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: ephemeral,
      ...(message.thread_ts === undefined ? {} : { thread_ts: message.thread_ts }),
    },
    channel: { id: channel.id, name: channel.kind === 'im' ? 'directmessage' : channel.name },
    // Slack sends no content of an ephemeral message.
    ...(ephemeral ? {} : { message: messageObject(workspace, channel, message) }),
    state: { values: stateValues(allBlocks(message), stateSource(workspace, surface.key)) },
    response_url: replyUrl(workspace, { channel: channel.id, user: user.id, ts: message.ts, ephemeral }),
  }
}
