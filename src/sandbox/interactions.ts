import { z } from 'zod'
import { AppError, permanentError, transientError, userError } from '../kernel/errors.ts'
import { giveToApp } from './files.ts'
import { secret } from './ids.ts'
import { checkOptions } from './limits.ts'
import { addMessage, botMessage, messageObject } from './messages.ts'
import type { Sandbox } from './sandbox.ts'
import {
  type Block,
  blockSchema,
  type Channel,
  type Element,
  type Entered,
  type Message,
  type Option,
  optionGroupSchema,
  optionSchema,
  type User,
  type View,
  viewPayloadSchema,
} from './shapes.ts'
import { allBlocks, elementsOf } from './shown.ts'
import { SlackError } from './slack-error.ts'
import { actionOf, enteredFiles, inputErrors, stateValues } from './state.ts'
import { forget, homeOf, inputsOf, modalStack, pushOn, stateSource, updateView, viewObject } from './views.ts'

/** Where a person acts: on a message, or on the modal or home on their screen. */
export type Surface =
  | { kind: 'message'; channel: Channel; message: Message; key: string }
  | { kind: 'view'; view: View; key: string }

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

export type Submitted =
  | { kind: 'closed' }
  | { kind: 'errors'; errors: Record<string, string> }
  | { kind: 'view'; view: View }

const submitAnswerSchema = z.union([
  z.object({ response_action: z.literal('errors'), errors: z.record(z.string(), z.string()) }),
  z.object({ response_action: z.enum(['update', 'push']), view: viewPayloadSchema }),
  z.object({ response_action: z.literal('clear') }),
  z.object({ response_action: z.undefined().optional() }),
])

/** A person submits the modal on top. Required and malformed inputs are refused here, as Slack's client does. */
export async function submit(sandbox: Sandbox, user: User, view: View): Promise<Submitted> {
  const source = stateSource(sandbox, view.id)
  const errors = inputErrors(view.blocks, source.entered)
  if (Object.keys(errors).length > 0) return { kind: 'errors', errors }
  giveToApp(sandbox, enteredFiles(view.blocks, source.entered))
  const body = await sandbox.link.ask(`view_submission ${view.callback_id}`, {
    payload: JSON.stringify({
      type: 'view_submission',
      ...common(sandbox, user),
      trigger_id: sandbox.trigger(user.id, view.id),
      view: viewObject(sandbox, view),
      response_urls: [],
    }),
  })
  const answer = submitAnswerSchema.safeParse(body === '' ? {} : json(body))
  if (!answer.success) throw badAnswer('the answer to the submission is malformed')
  return afterSubmit(sandbox, user, view, answer.data)
}

function afterSubmit(
  sandbox: Sandbox,
  user: User,
  view: View,
  answer: z.infer<typeof submitAnswerSchema>,
): Submitted {
  const current = sandbox.views.get(view.id) ?? view
  switch (answer.response_action) {
    case 'errors': {
      const unknown = Object.keys(answer.errors).find((id) => !current.blocks.some((b) => b.block_id === id))
      if (unknown !== undefined) throw badAnswer(`there is no block ${unknown}`)
      return { kind: 'errors', errors: answer.errors }
    }
    case 'update':
      return { kind: 'view', view: answering(() => updateView(sandbox, { id: view.id }, answer.view)) }
    case 'push':
      return { kind: 'view', view: answering(() => pushOn(sandbox, user.id, answer.view)) }
    case 'clear':
      for (const open of modalStack(sandbox, user.id)) forget(sandbox, open)
      return { kind: 'closed' }
    default: {
      for (const open of modalStack(sandbox, user.id).toReversed()) {
        forget(sandbox, open)
        if (open.id === view.id) break
      }
      const below = modalStack(sandbox, user.id).at(-1)
      return below === undefined ? { kind: 'closed' } : { kind: 'view', view: below }
    }
  }
}

function answering<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof SlackError) throw badAnswer(`${error.code} ${JSON.stringify(error.extra)}`)
    throw error
  }
}

/** A person closes the modal on top, or all of them; the app hears it where it asked to. */
export async function closeViews(sandbox: Sandbox, user: User, all: boolean): Promise<void> {
  const stack = modalStack(sandbox, user.id).toReversed()
  for (const view of all ? stack : stack.slice(0, 1)) {
    const object = viewObject(sandbox, view)
    forget(sandbox, view)
    if (!view.notify_on_close) continue
    const payload = {
      type: 'view_closed',
      ...common(sandbox, user),
      view: object,
      is_cleared: all && stack.length > 1,
    }
    // Nobody waits for this answer: the modal is gone either way.
    await sandbox.link
      .ask(`view_closed ${view.callback_id}`, { payload: JSON.stringify(payload) })
      .catch(() => '')
  }
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

function common(sandbox: Sandbox, user: User): Record<string, unknown> {
  return {
    user: { id: user.id, username: handle(user), name: handle(user), team_id: sandbox.teamId },
    api_app_id: sandbox.identity.appId,
    token: 'sandbox',
    team: { id: sandbox.teamId, domain: domain(sandbox) },
    enterprise: null,
    is_enterprise_install: false,
  }
}

function surfacePart(sandbox: Sandbox, user: User, surface: Surface): Record<string, unknown> {
  if (surface.kind === 'view') {
    return {
      container: { type: 'view', view_id: surface.view.id },
      view: viewObject(sandbox, surface.view),
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
    ...(ephemeral ? {} : { message: messageObject(sandbox, channel, message) }),
    state: { values: stateValues(allBlocks(message), stateSource(sandbox, surface.key)) },
    response_url: replyUrl(sandbox, { channel: channel.id, user: user.id, ts: message.ts, ephemeral }),
  }
}

/** The short name of a person: what stands before the `@` of their address. */
export function handle(user: User): string {
  return user.email.split('@')[0] ?? user.name
}

/** The workspace's name in URLs. */
export function domain(sandbox: Sandbox): string {
  const { team } = sandbox.settings ?? {}
  return team?.domain ?? (team?.name ?? 'sandbox').toLowerCase().replace(/[^a-z0-9]+/g, '-')
}

const replyMinutes = 30
const replyUses = 5

function replyUrl(
  sandbox: Sandbox,
  to: { channel: string; user: string; ts?: string; ephemeral: boolean },
): string {
  const now = Date.now()
  sandbox.replyAddresses.deleteWhere((address) => address.expires < now)
  const id = secret()
  sandbox.replyAddresses.put(id, { ...to, usesLeft: replyUses, expires: now + replyMinutes * 60_000 })
  return `${sandbox.url}/response/${id}`
}

/** What an app may post to a `response_url` or answer to a command. */
export const replySchema = z.looseObject({
  response_type: z.enum(['ephemeral', 'in_channel']).optional(),
  text: z.string().optional(),
  blocks: z.array(blockSchema).optional(),
  replace_original: z.boolean().optional(),
  delete_original: z.boolean().optional(),
  thread_ts: z.string().optional(),
})

/** Shows an app's answer: to this person only, unless it says `in_channel`. */
export function reply(
  sandbox: Sandbox,
  channel: Channel,
  user: string,
  answer: z.infer<typeof replySchema>,
): void {
  const message = botMessage(sandbox, {
    text: answer.text ?? '',
    ...(answer.blocks === undefined ? {} : { blocks: answer.blocks }),
    ...(answer.thread_ts === undefined ? {} : { thread_ts: answer.thread_ts }),
    ...(answer.response_type === 'in_channel' ? {} : { visible_to: user }),
  })
  addMessage(sandbox, channel, message)
}

function json(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function badAnswer(why: string): AppError {
  return permanentError(
    'app_answered_badly',
    `We had some trouble connecting: the app’s answer was not accepted (${why}).`,
  )
}

/** Runs something that the page asked for, with SlackErrors as errors of the app. */
export function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (error instanceof SlackError) return transientError(error.code, error.code)
  return permanentError('sandbox_failed', 'The sandbox failed.', { cause: error })
}
