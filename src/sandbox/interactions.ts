import { z } from 'zod'
import { type AppError, userError } from '../kernel/errors.ts'
import { askApp, badAnswer, json } from './app-answer.ts'
import { giveToApp } from './files.ts'
import { checkPlainOptions } from './limits.ts'
import { common, type Surface, surfacePart } from './payloads.ts'
import {
  type Block,
  type Element,
  type Entered,
  type Option,
  optionGroupSchema,
  optionSchema,
  type User,
  type View,
} from './shapes.ts'
import { allBlocks, elementsOf } from './shown.ts'
import { actionOf } from './state.ts'
import { homeOf, inputsOf, modalStack, stateSource, viewObject } from './views.ts'
import type { Workspace } from './workspace.ts'

export interface Pick {
  actionId: string
  blockId?: string | undefined
  value?: string | string[] | null | undefined
}

/** The surface that a person sees now. @throws AppError `no_such_button` when it is not on their screen */
export function surfaceOf(
  workspace: Workspace,
  user: User,
  where: { on?: 'modal' | 'home' | undefined; channel?: string | undefined; ts?: string | undefined },
): Surface {
  if (where.on !== undefined) {
    const view = where.on === 'home' ? homeOf(workspace, user.id) : modalStack(workspace, user.id).at(-1)
    if (view === undefined) throw gone()
    return { kind: 'view', view, key: view.id }
  }
  const channel = workspace.conversationOf(user, where.channel ?? 'dm')
  const message = workspace.store.message(channel.id, where.ts ?? '')
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
export function enter(workspace: Workspace, surface: Surface, entered: Entered): void {
  const inputs = inputsOf(workspace, surface.key)
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
  workspace: Workspace,
  user: User,
  surface: Surface,
  pick: Pick,
): Promise<{ url?: string }> {
  const { block, element } = find(surface, pick)
  const raw = pick.value ?? null
  const stateful = element.type !== 'button' && element.type !== 'overflow'
  if (stateful) enter(workspace, surface, { [block.block_id ?? '']: { [pick.actionId]: raw } })
  if (block.type === 'input' && block.dispatch_action !== true) return {}
  const source = stateSource(workspace, surface.key)
  if (element.type === 'file_input') giveToApp(workspace, Array.isArray(raw) ? raw : [])
  const action = actionOf(block, element, source, raw)
  const viewId = surface.kind === 'view' ? surface.view.id : undefined
  await askApp(workspace, `action ${pick.actionId}`, {
    type: 'block_actions',
    ...common(workspace, user),
    trigger_id: workspace.trigger(user.id, viewId),
    ...surfacePart(workspace, user, surface),
    actions: [action],
  })
  return element.url === undefined ? {} : { url: element.url }
}

const offerSchema = z.object({
  options: z.array(optionSchema).optional(),
  option_groups: z.array(optionGroupSchema).optional(),
})

/**
 * What the app offers for a query typed into an external select.
 * @throws AppError `query_too_short` below the select's `min_query_length`; `app_answered_badly`
 */
export async function suggest(
  workspace: Workspace,
  user: User,
  surface: Surface,
  pick: Pick & { query: string },
): Promise<{ options: Option[]; groups: { label: string; options: Option[] }[] }> {
  const { block, element } = find(surface, pick)
  const least = element.min_query_length ?? 3
  if (pick.query.length < least)
    throw userError('query_too_short', `Type ${least} letter${least === 1 ? '' : 's'} to search.`)
  const payload = {
    type: 'block_suggestion',
    ...common(workspace, user),
    ...surfacePart(workspace, user, surface),
    action_id: element.action_id,
    block_id: block.block_id,
    value: pick.query,
  }
  const body = await askApp(workspace, `options ${pick.actionId}`, payload, { takesAnswer: true })
  const offer = offerIn(body)
  const inputs = inputsOf(workspace, surface.key)
  inputs.offered[pick.actionId] = [...(inputs.offered[pick.actionId] ?? []), ...offer.options].slice(-500)
  return offer
}

/** What an app answered to a look-up; nothing found is fine, more than Slack takes is not. */
function offerIn(body: string) {
  const answer = offerSchema.safeParse(json(body))
  const { options, option_groups: found } = answer.data ?? {}
  if ((options === undefined) === (found === undefined))
    throw badAnswer('it must have exactly one of `options` or `option_groups`')
  const groups = (found ?? []).map((group) => ({ label: group.label.text, options: group.options }))
  if (groups.length > 100) throw badAnswer('/option_groups: no more than 100 items allowed')
  const report = (pointer: string, message: string): undefined => {
    throw badAnswer(`${pointer}: ${message}`)
  }
  for (const [i, group] of groups.entries()) {
    if (group.label.length > 75) report(`/option_groups/${i}/label`, 'must be less than 76 characters')
    checkPlainOptions(group.options, `/option_groups/${i}/options`, { most: 100, report })
  }
  if (options !== undefined && options.length > 0)
    checkPlainOptions(options, '/options', { most: 100, report })
  return { options: [...(options ?? []), ...groups.flatMap((group) => group.options)], groups }
}

/** A person looks at the bot: the app hears `app_home_opened`. */
export function openHome(workspace: Workspace, user: User, tab: 'home' | 'messages'): View | undefined {
  const view = homeOf(workspace, user.id)
  workspace.event({
    type: 'app_home_opened',
    user: user.id,
    channel: workspace.directMessage(user.id).id,
    tab,
    ...(view === undefined || tab !== 'home' ? {} : { view: viewObject(workspace, view) }),
    event_ts: `${Date.now() / 1000}`,
  })
  return view
}
