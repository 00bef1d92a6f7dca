import { userError } from '../kernel/errors.ts'
import { messageObject } from './messages.ts'
import type { Sandbox } from './sandbox.ts'
import type { Channel, Entered, Message, User, View } from './shapes.ts'
import { elementsOf } from './shown.ts'
import { inputsOf, viewObject } from './views.ts'

/** What the page knows of the workspace. */
export function workspaceObject(sandbox: Sandbox): object {
  const { settings, identity } = sandbox
  const people = sandbox.users.all().filter((user) => !user.isBot)
  return {
    team: { id: sandbox.teamId, name: settings?.team.name ?? 'Sandbox' },
    bot: {
      userId: identity.botUserId,
      botId: identity.botId,
      name: settings?.bot.name ?? 'Outlay',
      description: settings?.bot.description ?? '',
    },
    people: people.map(({ id, email, name, title, tz, deleted }) => ({
      id,
      email,
      name,
      title,
      tz,
      deleted,
    })),
    channels: sandbox.channels
      .all()
      .filter((c) => c.kind === 'channel')
      .map(({ id, name }) => ({ id, name })),
    homeTab: settings?.homeTab ?? true,
    defaultPerson: settings?.defaultPerson ?? people[0]?.email ?? '',
    commands: settings?.commands ?? [],
    shortcuts: settings?.shortcuts ?? [],
    addresses: settings?.addresses ?? [],
    intake:
      settings?.intake === undefined
        ? null
        : { address: settings.intake.address ?? settings.addresses[0] ?? '' },
  }
}

/** A person's sidebar. */
export function conversationsOf(sandbox: Sandbox, user: User): object[] {
  const own = sandbox.directMessage(user.id)
  return sandbox.channels
    .all()
    .filter((channel) => channel.members.includes(user.id))
    .map((channel) => ({
      id: channel.id,
      kind: channel.kind,
      name: channel.name,
      topic: channel.topic,
      isBot: channel.id === own.id,
      with: channel.members.find((id) => id !== user.id) ?? user.id,
      members: channel.members.length,
      unread: sandbox.store.unread(channel.id, user.id, channel.lastRead[user.id] ?? '0'),
    }))
}

/** A message as the page gets it: Slack's object, and what is entered in it. */
export function shown(sandbox: Sandbox, channel: Channel, user: User, message: Message): object {
  const entered = sandbox.inputs.get(`${user.id}/${channel.id}/${message.ts}`)?.entered ?? {}
  return {
    ...messageObject(sandbox, channel, message),
    ...(message.visible_to === undefined ? {} : { visible_to: message.visible_to }),
    entered,
  }
}

/** A view as the page gets it: Slack's object, and what is entered in it. */
export function shownView(sandbox: Sandbox, view: View): object {
  return { ...viewObject(sandbox, view), user: view.user, entered: inputsOf(sandbox, view.id).entered }
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
