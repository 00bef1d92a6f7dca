import { z } from 'zod'
import { badAnswer, json } from './app-answer.ts'
import { giveToApp } from './files.ts'
import { common } from './payloads.ts'
import type { Sandbox } from './sandbox.ts'
import { type User, type View, viewPayloadSchema } from './shapes.ts'
import { SlackError } from './slack-error.ts'
import { enteredFiles, inputErrors } from './state.ts'
import { forget, modalStack, pushOn, stateSource, updateView, viewObject } from './views.ts'

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
