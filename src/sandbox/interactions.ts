import { z } from 'zod'
import { type AppError, userError } from '../kernel/errors.ts'
import { badAnswer, json } from './app-answer.ts'
import { giveToApp } from './files.ts'
import { checkOptions } from './limits.ts'
import { messageObject } from './messages.ts'
import { common, type Surface, surfacePart } from './payloads.ts'
import { reply, replySchema, replyUrl } from './replies.ts'
import type { Sandbox } from './sandbox.ts'
import {
  type Block,
  type Channel,
  type Element,
  type Entered,
  type Message,
  type Option,
  optionGroupSchema,
  optionSchema,
  type User,
  type View,
} from './shapes.ts'
import { allBlocks, elementsOf } from './shown.ts'
import { actionOf } from './state.ts'
import { homeOf, inputsOf, modalStack, stateSource, viewObject } from './views.ts'
import { domain, handle } from './workspace.ts'

export interface Pick {
  actionId: string
  blockId?: string | undefined
  value?: string | string[] | null | undefined
}

/** The surface that a person sees now. @throws AppError `no_such_button` when it is not on their screen */
export function surfaceOf(
  sandbox: Sandbox,
  user: User,
  where: { on?: 'modal' | 'home' | undefined; channel?: string | undefined; ts?: string | undefined },
): Surface {
  if (where.on !== undefined) {
    const view = where.on === 'home' ? homeOf(sandbox, user.id) : modalStack(sandbox, user.id).at(-1)
    if (view === undefined) throw gone()
    return { kind: 'view', view, key: view.id }
  }
  const channel = sandbox.conversationOf(user, where.channel ?? 'dm')
  const message = sandbox.store.message(channel.id, where.ts ?? '')
  if (message === undefined) throw gone()
  if (message.visible_to !== undefined && message.visible_to !== user.id) throw gone()
  return { kind: 'message', channel, message, key: `${user.id}/${channel.id}/${message.ts}` }
}

function gone(): AppError {
  return userError('no_such_button', 'There is no such button now.')
}

function blocksOf(surface: Surface): Block[] {
  return surface.kind === 'view' ? surface.view.blocks : allBlocks(surface.message)
}

function find(surface: Surface, pick: Pick): { block: Block; element: Element } {
  for (const block of blocksOf(surface)) {
    if (pick.blockId !== undefined && block.block_id !== pick.blockId) continue
    for (const element of elementsOf(block)) {
      if (element.action_id !== pick.actionId) continue
      if (element.type === 'button' && typeof pick.value === 'string' && (element.value ?? '') !== pick.value)
        continue
      return { block, element }
    }
  }
  throw gone()
}

/** Remembers what the page says is entered on this surface; only for inputs that are there. */
export function enter(sandbox: Sandbox, surface: Surface, entered: Entered): void {
  const inputs = inputsOf(sandbox, surface.key)
  for (const block of blocksOf(surface)) {
    for (const element of elementsOf(block)) {
      const blockId = block.block_id ?? ''
      const value = entered[blockId]?.[element.action_id ?? '']
      if (value === undefined) continue
      inputs.entered[blockId] = { ...inputs.entered[blockId], [element.action_id ?? '']: value }
    }
  }
}

/** A person presses a button or chooses something. Returns the URL of a link button. */
export async function act(
  sandbox: Sandbox,
  user: User,
  surface: Surface,
  pick: Pick,
): Promise<{ url?: string }> {
  const { block, element } = find(surface, pick)
  const raw = pick.value ?? null
  const stateful = element.type !== 'button' && element.type !== 'overflow'
  if (stateful) enter(sandbox, surface, { [block.block_id ?? '']: { [pick.actionId]: raw } })
  if (block.type === 'input' && block.dispatch_action !== true) return {}
  const source = stateSource(sandbox, surface.key)
  if (element.type === 'file_input') giveToApp(sandbox, Array.isArray(raw) ? raw : [])
  const action = actionOf(block, element, source, raw)
  const viewId = surface.kind === 'view' ? surface.view.id : undefined
  await sandbox.link.ask(`action ${pick.actionId}`, {
    payload: JSON.stringify({
      type: 'block_actions',
      ...common(sandbox, user),
      trigger_id: sandbox.trigger(user.id, viewId),
      ...surfacePart(sandbox, user, surface),
      actions: [action],
    }),
  })
  return element.url === undefined ? {} : { url: element.url }
}

/** What the app offers for a query typed into an external select. */
export async function suggest(
  sandbox: Sandbox,
  user: User,
  surface: Surface,
  pick: Pick & { query: string },
): Promise<{ options: Option[]; groups: { label: string; options: Option[] }[] }> {
  const { block, element } = find(surface, pick)
  const body = await sandbox.link.ask(`options ${pick.actionId}`, {
    payload: JSON.stringify({
      type: 'block_suggestion',
      ...common(sandbox, user),
      ...surfacePart(sandbox, user, surface),
      action_id: element.action_id,
      block_id: block.block_id,
      value: pick.query,
    }),
  })
  const answer = z
    .object({
      options: z.array(optionSchema).default([]),
      option_groups: z.array(optionGroupSchema).default([]),
    })
    .safeParse(json(body))
  if (!answer.success) throw badAnswer('the options are malformed')
  const groups = answer.data.option_groups.map((group) => ({
    label: group.label.text,
    options: group.options,
  }))
  const options = [...answer.data.options, ...groups.flatMap((group) => group.options)]
  checkOptions(options.length === 0 ? [{ text: { type: 'plain_text', text: '-' } }] : options, '/options', {
    most: 100,
    report: (pointer, message) => {
      throw badAnswer(`${pointer}: ${message}`)
    },
  })
  const inputs = inputsOf(sandbox, surface.key)
  inputs.offered[pick.actionId] = [...(inputs.offered[pick.actionId] ?? []), ...options].slice(-500)
  return { options, groups }
}

/** A person types a slash command. @throws AppError `no_such_command` */
export async function runCommand(
  sandbox: Sandbox,
  user: User,
  channel: Channel,
  typed: string,
): Promise<void> {
  const [command = '', ...rest] = typed.trim().split(/ +/)
  if (!sandbox.settings?.commands.some((known) => known.command === command)) {
    throw userError('no_such_command', `${command} is not a valid command. Commands start with a slash.`)
  }
  const body = await sandbox.link.ask(`command ${command}`, {
    token: 'sandbox',
    team_id: sandbox.teamId,
    team_domain: domain(sandbox),
    channel_id: channel.id,
    channel_name: channel.kind === 'im' ? 'directmessage' : channel.name,
    user_id: user.id,
    user_name: handle(user),
    command,
    text: rest.join(' '),
    api_app_id: sandbox.identity.appId,
    is_enterprise_install: 'false',
    response_url: replyUrl(sandbox, { channel: channel.id, user: user.id, ephemeral: false }),
    trigger_id: sandbox.trigger(user.id),
  })
  if (body.trim() === '') return
  const answer = replySchema.safeParse(json(body) ?? { text: body })
  if (!answer.success) throw badAnswer('the answer to the command is malformed')
  reply(sandbox, channel, user.id, answer.data)
}

/** A person chooses a shortcut, on a message or from the menu. */
export async function useShortcut(
  sandbox: Sandbox,
  user: User,
  callbackId: string,
  on?: { channel: Channel; message: Message },
): Promise<void> {
  const type = on === undefined ? 'global' : 'message'
  if (!sandbox.settings?.shortcuts.some((s) => s.callbackId === callbackId && s.type === type)) {
    throw userError('no_such_shortcut', 'There is no such shortcut.')
  }
  const place = on && {
    channel: { id: on.channel.id, name: on.channel.kind === 'im' ? 'directmessage' : on.channel.name },
    message: messageObject(sandbox, on.channel, on.message),
    message_ts: on.message.ts,
    response_url: replyUrl(sandbox, { channel: on.channel.id, user: user.id, ephemeral: false }),
  }
  await sandbox.link.ask(`shortcut ${callbackId}`, {
    payload: JSON.stringify({
      type: on === undefined ? 'shortcut' : 'message_action',
      ...common(sandbox, user),
      callback_id: callbackId,
      action_ts: `${Date.now() / 1000}`,
      trigger_id: sandbox.trigger(user.id),
      ...place,
    }),
  })
}

/** A person looks at the bot: the app hears `app_home_opened`. */
export function openHome(sandbox: Sandbox, user: User, tab: 'home' | 'messages'): View | undefined {
  const view = homeOf(sandbox, user.id)
  sandbox.event({
    type: 'app_home_opened',
    user: user.id,
    channel: sandbox.directMessage(user.id).id,
    tab,
    ...(view === undefined || tab !== 'home' ? {} : { view: viewObject(sandbox, view) }),
    event_ts: `${Date.now() / 1000}`,
  })
  return view
}
