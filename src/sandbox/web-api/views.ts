import { z } from 'zod'
import { viewProblems } from '../limits.ts'
import { type ViewPayload, viewPayloadSchema } from '../shapes.ts'
import { refused, SlackError } from '../slack-error.ts'
import { openView, publishHome, pushView, updateView, viewObject } from '../views.ts'
import { type Method, method, structured } from './method.ts'

const view = structured(z.unknown())

function payloadOf(value: unknown): ViewPayload {
  const parsed = viewPayloadSchema.safeParse(value)
  if (!parsed.success) throw refused('invalid_arguments', viewProblems(value))
  return parsed.data
}

const triggered = z.object({
  trigger_id: z.string().optional(),
  interactivity_pointer: z.string().optional(),
  view,
})

function triggerOf(args: z.infer<typeof triggered>): string {
  const trigger = args.trigger_id ?? args.interactivity_pointer
  if (trigger === undefined) throw new SlackError('invalid_arguments')
  return trigger
}

export const viewMethods: Record<string, Method> = {
  'views.open': method(triggered, (args, workspace) => ({
    view: viewObject(workspace, openView(workspace, triggerOf(args), payloadOf(args.view))),
  })),

  'views.push': method(triggered, (args, workspace) => ({
    view: viewObject(workspace, pushView(workspace, triggerOf(args), payloadOf(args.view))),
  })),

  'views.update': method(
    z.object({
      view,
      view_id: z.string().optional(),
      external_id: z.string().optional(),
      hash: z.string().optional(),
    }),
    (args, workspace) => {
      if (args.view_id === undefined && args.external_id === undefined)
        throw new SlackError('invalid_arguments')
      const which = { id: args.view_id, externalId: args.external_id, hash: args.hash }
      return { view: viewObject(workspace, updateView(workspace, which, payloadOf(args.view))) }
    },
  ),

  'views.publish': method(
    z.object({ view, user_id: z.string(), hash: z.string().optional() }),
    (args, workspace) => {
      const user = workspace.users.get(args.user_id)
      if (user === undefined || user.isBot) throw new SlackError('invalid_arguments')
      return { view: viewObject(workspace, publishHome(workspace, user, payloadOf(args.view), args.hash)) }
    },
  ),
}
