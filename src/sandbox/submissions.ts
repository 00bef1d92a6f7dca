import { z } from 'zod'
import { askApp, badAnswer, json } from './app-answer.ts'
import { giveToApp } from './files.ts'
import { common } from './payloads.ts'
import { type User, type View, viewPayloadSchema } from './shapes.ts'
import { SlackError } from './slack-error.ts'
import { enteredFiles, inputErrors } from './state.ts'
import { forget, modalStack, pushOn, stateSource, updateView, viewObject } from './views.ts'
import type { Workspace } from './workspace.ts'

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
export async function submit(workspace: Workspace, user: User, view: View): Promise<Submitted> {
  const source = stateSource(workspace, view.id)
  const errors = inputErrors(view.blocks, source)
  if (Object.keys(errors).length > 0) return { kind: 'errors', errors }
  giveToApp(workspace, enteredFiles(view.blocks, source.entered))
  const payload = {
    type: 'view_submission',
    ...common(workspace, user),
    trigger_id: workspace.trigger(user.id, view.id),
    view: viewObject(workspace, view),
    response_urls: [],
  }
  const body = await askApp(workspace, `view_submission ${view.callback_id}`, payload, { takesAnswer: true })
  const answer = submitAnswerSchema.safeParse(body === '' ? {} : json(body))
  if (!answer.success) throw badAnswer('the answer to the submission is malformed')
  return afterSubmit(workspace, user, view, answer.data)
}

function afterSubmit(
  workspace: Workspace,
  user: User,
  view: View,
  answer: z.infer<typeof submitAnswerSchema>,
): Submitted {
  const current = workspace.views.get(view.id) ?? view
  switch (answer.response_action) {
    case 'errors': {
      const unknown = Object.keys(answer.errors).find((id) => !current.blocks.some((b) => b.block_id === id))
      if (unknown !== undefined) throw badAnswer(`there is no block ${unknown}`)
      return { kind: 'errors', errors: answer.errors }
    }
    case 'update':
      return { kind: 'view', view: answering(() => updateView(workspace, { id: view.id }, answer.view)) }
    case 'push':
      return { kind: 'view', view: answering(() => pushOn(workspace, user.id, answer.view)) }
    case 'clear':
      for (const open of modalStack(workspace, user.id)) forget(workspace, open)
      return { kind: 'closed' }
    default: {
      for (const open of modalStack(workspace, user.id).toReversed()) {
        forget(workspace, open)
        if (open.id === view.id) break
      }
      const below = modalStack(workspace, user.id).at(-1)
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

/**
 * A person closes the modal on top, or all of them (by the ×, or where the view says `clear_on_close`); the app
 * hears it where it asked to.
 */
export async function closeViews(workspace: Workspace, user: User, wanted: boolean): Promise<void> {
  const stack = modalStack(workspace, user.id).toReversed()
  const all = wanted || stack[0]?.clear_on_close === true
  for (const view of all ? stack : stack.slice(0, 1)) {
    const object = viewObject(workspace, view)
    forget(workspace, view)
    if (!view.notify_on_close) continue
    const payload = {
      type: 'view_closed',
      ...common(workspace, user),
      view: object,
      is_cleared: all && stack.length > 1,
    }
    // Nobody waits for this answer: the modal is gone either way.
    await askApp(workspace, `view_closed ${view.callback_id}`, payload).catch(() => '')
  }
}
