import { userError } from '../kernel/errors.ts'
import { messageObject } from './messages.ts'
import type { Sandbox } from './sandbox.ts'
import type { Channel, Entered, Message, User, View } from './shapes.ts'
import { elementsOf } from './shown.ts'
import { inputsOf, viewObject } from './views.ts'
import type { Workspace } from './workspace.ts'

/** What the page knows of the workspace. */
export function workspaceObject(sandbox: Sandbox, workspace: Workspace): object {
  const { settings, identity } = workspace
  const people = workspace.users.all().filter((user) => !user.isBot)
  return {
    team: { id: workspace.teamId, name: settings?.team.name ?? 'Sandbox' },
    workspaces: sandbox.workspaces.map((one) => ({
      team: one.teamId,
      name: one.settings?.team.name ?? 'Sandbox',
      defaultPerson: firstPerson(one),
    })),
    installed: workspace.hasApp,
    installUrl: settings?.installUrl ?? null,
    bot: {
      userId: identity.botUserId,
      botId: identity.botId,
      name: settings?.bot.name ?? 'Outlay',
      description: settings?.bot.description ?? '',
    },
    people: people.map((user) => ({
      id: user.id,
      email: user.email,
      name: user.name,
      title: user.title,
      tz: user.tz,
      locale: user.locale,
      deleted: user.deleted,
      isGuest: user.isRestricted || user.isUltraRestricted,
      isStranger: user.isStranger,
    })),
    bots: workspace.users
      .all()
      .filter((user) => user.isBot && user.id !== identity.botUserId)
      .map(({ id, email, name }) => ({ id, email, name })),
    channels: workspace.channels
      .all()
      .filter((c) => c.kind === 'channel')
      .map(({ id, name }) => ({ id, name })),
    homeTab: settings?.homeTab ?? true,
    defaultPerson: firstPerson(workspace),
    commands: settings?.commands ?? [],
    shortcuts: settings?.shortcuts ?? [],
    addresses: settings?.addresses ?? [],
    intake:
      settings?.intake === undefined
        ? null
        : { address: settings.intake.address ?? settings.addresses[0] ?? '' },
  }
}

/** Whom the page shows at first. */
function firstPerson(workspace: Workspace): string {
  const [first] = workspace.users.all().filter((user) => !user.isBot && !user.deleted)
  return workspace.settings?.defaultPerson ?? first?.email ?? ''
}

/** A person's sidebar. */
export function conversationsOf(workspace: Workspace, user: User): object[] {
  const own = workspace.installation && workspace.directMessage(user.id)
  return workspace.channels
    .all()
    .filter((channel) => channel.members.includes(user.id))
    .map((channel) => ({
      id: channel.id,
      kind: channel.kind,
      name: channel.name,
      topic: channel.topic,
      isBot: channel.id === own?.id,
      with: channel.members.find((id) => id !== user.id) ?? user.id,
      members: channel.members.length,
      lastRead: channel.lastRead[user.id] ?? '0',
      unread: workspace.store.unread(channel.id, user.id, channel.lastRead[user.id] ?? '0'),
    }))
}

/** A message as the page gets it: Slack's object, and what is entered in it. */
export function shown(workspace: Workspace, channel: Channel, user: User, message: Message): object {
  const entered = workspace.inputs.get(`${user.id}/${channel.id}/${message.ts}`)?.entered ?? {}
  return {
    ...messageObject(workspace, channel, message),
    ...(message.visible_to === undefined ? {} : { visible_to: message.visible_to }),
    entered,
  }
}

/** A view as the page gets it: Slack's object, and what is entered in it. */
export function shownView(workspace: Workspace, view: View): object {
  return { ...viewObject(workspace, view), user: view.user, entered: inputsOf(workspace, view.id).entered }
}

/** Values keyed by block id or action id, as the client sends them. @throws AppError `no_such_input` */
export function byKey(view: View, values: Record<string, string | string[] | null>): Entered {
  const entered: Entered = {}
  for (const [key, value] of Object.entries(values)) {
    const block = view.blocks.find(
      (b) => b.block_id === key || elementsOf(b).some((e) => e.action_id === key),
    )
    const element = block && (elementsOf(block).find((e) => e.action_id === key) ?? elementsOf(block)[0])
    if (block?.block_id === undefined || element?.action_id === undefined) {
      throw userError('no_such_input', `The modal shows no input ${key}.`)
    }
    entered[block.block_id] = { ...entered[block.block_id], [element.action_id]: value }
  }
  return entered
}
