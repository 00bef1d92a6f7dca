import { appSees, fileObject, isPicture } from './files.ts'
import { slackId } from './ids.ts'
import { isTooLarge, viewProblems } from './limits.ts'
import { withIds } from './messages.ts'
import type { User, View, ViewPayload } from './shapes.ts'
import { refused, SlackError } from './slack-error.ts'
import { type Inputs, type StateSource, stateValues } from './state.ts'
import type { Workspace } from './workspace.ts'

/** Modals nest at most this deep (https://docs.slack.dev/surfaces/modals). */
const mostViews = 3

/** What an id in `slack_file` is for the app: the look-up that the limits need. */
export function fileKind(workspace: Workspace): (id: string) => 'picture' | 'other' | undefined {
  return (id) => {
    const file = workspace.files.get(id)
    if (file === undefined || !appSees(workspace, file)) return undefined
    return isPicture(file) ? 'picture' : 'other'
  }
}

/**
 * Uses up a trigger id. @throws SlackError `invalid_trigger_id`, `expired_trigger_id` after 3 s, `exchanged_trigger_id`
 */
export function exchangeTrigger(workspace: Workspace, id: string): { user: string; viewId?: string } {
  const trigger = workspace.triggers.get(id)
  if (trigger === undefined) throw new SlackError('invalid_trigger_id')
  if (trigger.used) throw new SlackError('exchanged_trigger_id')
  if (trigger.expires < Date.now()) throw new SlackError('expired_trigger_id')
  trigger.used = true
  return trigger
}

function check(workspace: Workspace, payload: ViewPayload, except?: string): void {
  const problems = viewProblems(payload, { file: fileKind(workspace) })
  if (problems.length > 0) throw refused('invalid_arguments', problems)
  if (isTooLarge(payload)) throw new SlackError('view_too_large')
  const twin = workspace.views
    .all()
    .find((view) => view.external_id === payload.external_id && view.id !== except)
  if (payload.external_id !== '' && twin !== undefined) throw new SlackError('duplicate_external_id')
}

function newView(workspace: Workspace, payload: ViewPayload, user: string, below?: View): View {
  const id = slackId('V')
  return workspace.views.put(id, {
    ...payload,
    blocks: withIds(payload.blocks),
    id,
    hash: newHash(),
    user,
    root_view_id: below?.root_view_id ?? id,
    previous_view_id: below?.id ?? null,
  })
}

function newHash(): string {
  return `${Math.floor(Date.now() / 1000)}.${slackId('').slice(0, 8)}`
}

/** The modals on a person's screen, the lowest first. */
export function modalStack(workspace: Workspace, user: string): View[] {
  const modals = workspace.views.all().filter((view) => view.type === 'modal' && view.user === user)
  const stack: View[] = []
  let next = modals.find((view) => view.previous_view_id === null)
  while (next !== undefined) {
    stack.push(next)
    const below = next.id
    next = modals.find((view) => view.previous_view_id === below)
  }
  return stack
}

export function homeOf(workspace: Workspace, user: string): View | undefined {
  return workspace.views.all().find((view) => view.type === 'home' && view.user === user)
}

/** views.open: the view takes the place of whatever modal is open. */
export function openView(workspace: Workspace, triggerId: string, payload: ViewPayload): View {
  if (payload.type !== 'modal') throw new SlackError('invalid_arguments')
  check(workspace, payload)
  const { user } = exchangeTrigger(workspace, triggerId)
  for (const view of modalStack(workspace, user)) forget(workspace, view)
  const view = newView(workspace, payload, user)
  workspace.changed({ kind: 'views', user })
  return view
}

/** views.push: on top of the modal that the trigger came from. */
export function pushView(workspace: Workspace, triggerId: string, payload: ViewPayload): View {
  if (payload.type !== 'modal') throw new SlackError('invalid_arguments')
  check(workspace, payload)
  const { user } = exchangeTrigger(workspace, triggerId)
  return pushOn(workspace, user, payload)
}

/** Pushes a view on a person's stack. @throws SlackError `push_limit_reached`, `not_found` without a modal below */
export function pushOn(workspace: Workspace, user: string, payload: ViewPayload): View {
  check(workspace, payload)
  const stack = modalStack(workspace, user)
  if (stack.length === 0) throw new SlackError('not_found')
  if (stack.length >= mostViews) throw new SlackError('push_limit_reached')
  const view = newView(workspace, payload, user, stack.at(-1))
  workspace.changed({ kind: 'views', user })
  return view
}

/** views.update. What people entered stays where block id and action id stay. @throws SlackError `hash_conflict` */
export function updateView(
  workspace: Workspace,
  which: { id?: string | undefined; externalId?: string | undefined; hash?: string | undefined },
  payload: ViewPayload,
): View {
  const view = workspace.views
    .all()
    .find((v) => v.id === which.id || (which.externalId !== undefined && v.external_id === which.externalId))
  if (view === undefined) throw new SlackError('not_found')
  if (which.hash !== undefined && which.hash !== view.hash) throw new SlackError('hash_conflict')
  check(workspace, payload, view.id)
  const { id, user, root_view_id, previous_view_id } = view
  const updated: View = {
    ...payload,
    blocks: withIds(payload.blocks),
    id,
    user,
    root_view_id,
    previous_view_id,
    external_id: payload.external_id || view.external_id,
    hash: newHash(),
  }
  workspace.views.put(id, updated)
  workspace.changed({ kind: view.type === 'home' ? 'home' : 'views', user })
  return updated
}

/** views.publish: a person's App Home. */
export function publishHome(workspace: Workspace, user: User, payload: ViewPayload, hash?: string): View {
  if (payload.type !== 'home') throw new SlackError('invalid_arguments')
  const current = homeOf(workspace, user.id)
  if (current !== undefined) return updateView(workspace, { id: current.id, hash }, payload)
  check(workspace, payload)
  const view = newView(workspace, payload, user.id)
  workspace.changed({ kind: 'home', user: user.id })
  return view
}

/** Takes a view off the screen. */
export function forget(workspace: Workspace, view: View): void {
  workspace.views.delete(view.id)
  workspace.inputs.delete(view.id)
  workspace.changed({ kind: 'views', user: view.user })
}

/** What was entered on a surface (a view's id, or person and message), to add to. */
export function inputsOf(workspace: Workspace, key: string): Inputs {
  const found = workspace.inputs.get(key)
  if (found !== undefined) return found
  const empty: Inputs = { entered: {}, offered: {} }
  workspace.inputs.set(key, empty)
  return empty
}

/** Where `state.values` of a surface come from. */
export function stateSource(workspace: Workspace, key: string): StateSource {
  const fileById = (id: string) => {
    const file = workspace.files.get(id)
    return file === undefined ? undefined : fileObject(workspace, file)
  }
  return { ...inputsOf(workspace, key), fileObject: fileById }
}

/** A view as Slack writes it in payloads and answers. */
export function viewObject(workspace: Workspace, view: View): Record<string, unknown> {
  const { user: _, ...rest } = view
  return {
    ...rest,
    team_id: workspace.teamId,
    app_id: workspace.identity.appId,
    bot_id: workspace.identity.botId,
    app_installed_team_id: workspace.teamId,
    title: view.title ?? { type: 'plain_text', text: 'View Title' },
    close: view.close ?? null,
    submit: view.submit ?? null,
    state: { values: stateValues(view.blocks, stateSource(workspace, view.id)) },
  }
}
