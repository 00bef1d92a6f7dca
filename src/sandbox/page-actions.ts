import { z } from 'zod'
import { userError } from '../kernel/errors.ts'
import { runCommand, useShortcut } from './commands.ts'
import { readJson, readQuery } from './http.ts'
import { act, enter, openHome, suggest, surfaceOf } from './interactions.ts'
import { byKey, shownView } from './page-view.ts'
import { type Handler, raw, where, who } from './page-who.ts'
import { enteredSchema } from './shapes.ts'
import { closeViews, submit } from './submissions.ts'
import { homeOf, modalStack } from './views.ts'

const target = who.extend({
  channel: z.string().optional(),
  ts: z.string().optional(),
  on: z.enum(['modal', 'home']).optional(),
  actionId: z.string(),
  blockId: z.string().optional(),
  value: raw.optional(),
  entered: enteredSchema.default({}),
})

/** Buttons, menus, modals, commands, shortcuts and App Home. */
export const actionRoutes: Record<string, Handler> = {
  'POST actions': async (sandbox, request) => {
    const body = await readJson(request, target)
    const { workspace, user } = sandbox.actingAs(body)
    const surface = surfaceOf(workspace, user, body)
    enter(workspace, surface, body.entered)
    return act(workspace, user, surface, body)
  },

  'POST suggestions': async (sandbox, request) => {
    const body = await readJson(request, target.extend({ query: z.string() }))
    const { workspace, user } = sandbox.actingAs(body)
    return suggest(workspace, user, surfaceOf(workspace, user, body), body)
  },

  'GET views': (sandbox, request) => {
    const { workspace, user } = sandbox.actingAs(readQuery(request, who))
    const stack = modalStack(workspace, user.id)
    const top = stack.at(-1)
    return { view: top ? shownView(workspace, top) : null, depth: stack.length }
  },

  'POST views/submit': async (sandbox, request) => {
    const values = z.record(z.string(), raw).default({})
    const body = await readJson(request, who.extend({ values, entered: enteredSchema.default({}) }))
    const { workspace, user } = sandbox.actingAs(body)
    const surface = surfaceOf(workspace, user, { on: 'modal' })
    if (surface.kind !== 'view') throw userError('no_modal', 'No modal is open.')
    enter(workspace, surface, body.entered)
    enter(workspace, surface, byKey(surface.view, body.values))
    const outcome = await submit(workspace, user, surface.view)
    return outcome.kind === 'view' ? { kind: 'view', view: shownView(workspace, outcome.view) } : outcome
  },

  'POST views/close': async (sandbox, request) => {
    const body = await readJson(request, who.extend({ all: z.boolean().default(false) }))
    const { workspace, user } = sandbox.actingAs(body)
    await closeViews(workspace, user, body.all)
    return {}
  },

  'POST commands': async (sandbox, request) => {
    const body = await readJson(request, where.extend({ text: z.string() }))
    const { workspace, user } = sandbox.actingAs(body)
    await runCommand(workspace, user, workspace.conversationOf(user, body.channel), body.text)
    return {}
  },

  'POST shortcuts': async (sandbox, request) => {
    const schema = who.extend({
      callbackId: z.string(),
      channel: z.string().optional(),
      ts: z.string().optional(),
    })
    const body = await readJson(request, schema)
    const { workspace, user } = sandbox.actingAs(body)
    const surface = body.ts === undefined ? undefined : surfaceOf(workspace, user, body)
    await useShortcut(workspace, user, body.callbackId, surface?.kind === 'message' ? surface : undefined)
    return {}
  },

  'GET home': (sandbox, request) => {
    const { workspace, user } = sandbox.actingAs(readQuery(request, who))
    const view = homeOf(workspace, user.id)
    return { view: view ? shownView(workspace, view) : null }
  },

  'POST home': async (sandbox, request) => {
    const body = await readJson(request, who.extend({ tab: z.enum(['home', 'messages']) }))
    const { workspace, user } = sandbox.actingAs(body)
    const view = openHome(workspace, user, body.tab)
    return { view: view ? shownView(workspace, view) : null }
  },
}
