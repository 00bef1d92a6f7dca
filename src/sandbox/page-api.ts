import { z } from 'zod'
import { userError } from '../kernel/errors.ts'
import { fileObject, isPicture, readBytes, reserveFile, storeBytes, thumbnail } from './files.ts'
import { type Request, readBody, readJson, readQuery, send, sendJson } from './http.ts'
import { nextTs } from './ids.ts'
import { act, enter, openHome, runCommand, suggest, surfaceOf, useShortcut } from './interactions.ts'
import { asSlackText, changeMessage, ownMessage, postAsPerson, removeMessage } from './messages.ts'
import { mailRoutes } from './page-mail.ts'
import { byKey, conversationsOf, shown, shownView, workspaceObject } from './page-view.ts'
import type { Sandbox } from './sandbox.ts'
import { enteredSchema } from './shapes.ts'
import { closeViews, submit } from './submissions.ts'
import { homeOf, modalStack } from './views.ts'

type Handler = (sandbox: Sandbox, request: Request) => Promise<object | undefined> | object | undefined

const as = z.string().min(1)
const raw = z.union([z.string(), z.array(z.string()), z.null()])
const target = z.object({
  as,
  channel: z.string().optional(),
  ts: z.string().optional(),
  on: z.enum(['modal', 'home']).optional(),
  actionId: z.string(),
  blockId: z.string().optional(),
  value: raw.optional(),
  entered: enteredSchema.default({}),
})

/** What the page and `SandboxClient` may do, as a person (`as`: e-mail or id). Paths below `/sandbox/api/`. */
const routes: Record<string, Handler> = {
  'GET workspace': (sandbox) => workspaceObject(sandbox),

  'GET conversations': (sandbox, request) => {
    const user = sandbox.person(readQuery(request, z.object({ as })).as)
    return { conversations: conversationsOf(sandbox, user) }
  },

  'GET messages': (sandbox, request) => {
    const schema = z.object({ as, channel: z.string(), thread: z.string().optional() })
    const query = readQuery(request, schema)
    const user = sandbox.person(query.as)
    const channel = sandbox.conversationOf(user, query.channel)
    const found = sandbox.store.messages({
      channel: channel.id,
      thread: query.thread,
      viewer: user.id,
      limit: query.thread === undefined ? 200 : 1000,
    })
    return {
      channel: channel.id,
      messages: found.reverse().map((message) => shown(sandbox, channel, user, message)),
    }
  },

  'POST messages': async (sandbox, request) => {
    const schema = z.object({
      as,
      channel: z.string(),
      text: z.string().default(''),
      fileIds: z.array(z.string()).default([]),
      threadTs: z.string().optional(),
    })
    const draft = await readJson(request, schema)
    const user = sandbox.person(draft.as)
    const channel = sandbox.conversationOf(user, draft.channel)
    return { ts: postAsPerson(sandbox, user, channel, draft).ts, channel: channel.id }
  },

  'POST messages/edit': async (sandbox, request) => {
    const edit = await readJson(
      request,
      z.object({ as, channel: z.string(), ts: z.string(), text: z.string().min(1) }),
    )
    const user = sandbox.person(edit.as)
    const channel = sandbox.conversationOf(user, edit.channel)
    const message = ownMessage(sandbox, user, channel, edit.ts)
    changeMessage(sandbox, channel, message, {
      ...message,
      text: asSlackText(sandbox, edit.text),
      edited: { user: user.id, ts: nextTs() },
    })
    return {}
  },

  'POST messages/delete': async (sandbox, request) => {
    const which = await readJson(request, z.object({ as, channel: z.string(), ts: z.string() }))
    const user = sandbox.person(which.as)
    const channel = sandbox.conversationOf(user, which.channel)
    removeMessage(sandbox, channel, ownMessage(sandbox, user, channel, which.ts))
    return {}
  },

  'POST read': async (sandbox, request) => {
    const { as: who, channel: where } = await readJson(request, z.object({ as, channel: z.string() }))
    const user = sandbox.person(who)
    const channel = sandbox.conversationOf(user, where)
    channel.lastRead[user.id] = nextTs()
    sandbox.channels.put(channel.id, channel)
    return {}
  },

  'POST files': async (sandbox, request) => {
    const query = readQuery(request, z.object({ as, name: z.string().min(1).max(255) }).loose())
    const user = sandbox.person(query.as)
    const bytes = await readBody(request)
    if (bytes.byteLength === 0) throw userError('empty', 'This file is empty.')
    const { id } = reserveFile(sandbox, { name: query.name, user: user.id })
    const file = await storeBytes(sandbox, id, bytes)
    return file && fileObject(sandbox, file)
  },

  'POST actions': async (sandbox, request) => {
    const body = await readJson(request, target)
    const user = sandbox.person(body.as)
    const surface = surfaceOf(sandbox, user, body)
    enter(sandbox, surface, body.entered)
    return act(sandbox, user, surface, body)
  },

  'POST suggestions': async (sandbox, request) => {
    const body = await readJson(request, target.extend({ query: z.string() }))
    const user = sandbox.person(body.as)
    return suggest(sandbox, user, surfaceOf(sandbox, user, body), body)
  },

  'GET views': (sandbox, request) => {
    const user = sandbox.person(readQuery(request, z.object({ as })).as)
    const stack = modalStack(sandbox, user.id)
    const top = stack.at(-1)
    return { view: top ? shownView(sandbox, top) : null, depth: stack.length }
  },

  'POST views/submit': async (sandbox, request) => {
    const body = await readJson(
      request,
      z.object({ as, values: z.record(z.string(), raw).default({}), entered: enteredSchema.default({}) }),
    )
    const user = sandbox.person(body.as)
    const surface = surfaceOf(sandbox, user, { on: 'modal' })
    if (surface.kind !== 'view') throw userError('no_modal', 'No modal is open.')
    enter(sandbox, surface, body.entered)
    enter(sandbox, surface, byKey(surface.view, body.values))
    const outcome = await submit(sandbox, user, surface.view)
    return outcome.kind === 'view' ? { kind: 'view', view: shownView(sandbox, outcome.view) } : outcome
  },

  'POST views/close': async (sandbox, request) => {
    const body = await readJson(request, z.object({ as, all: z.boolean().default(false) }))
    await closeViews(sandbox, sandbox.person(body.as), body.all)
    return {}
  },

  'POST commands': async (sandbox, request) => {
    const body = await readJson(request, z.object({ as, channel: z.string(), text: z.string() }))
    const user = sandbox.person(body.as)
    await runCommand(sandbox, user, sandbox.conversationOf(user, body.channel), body.text)
    return {}
  },

  'POST shortcuts': async (sandbox, request) => {
    const schema = z.object({
      as,
      callbackId: z.string(),
      channel: z.string().optional(),
      ts: z.string().optional(),
    })
    const body = await readJson(request, schema)
    const user = sandbox.person(body.as)
    const surface = body.ts === undefined ? undefined : surfaceOf(sandbox, user, body)
    await useShortcut(sandbox, user, body.callbackId, surface?.kind === 'message' ? surface : undefined)
    return {}
  },

  'GET home': (sandbox, request) => {
    const user = sandbox.person(readQuery(request, z.object({ as })).as)
    const view = homeOf(sandbox, user.id)
    return { view: view ? shownView(sandbox, view) : null }
  },

  'POST home': async (sandbox, request) => {
    const body = await readJson(request, z.object({ as, tab: z.enum(['home', 'messages']) }))
    const view = openHome(sandbox, sandbox.person(body.as), body.tab)
    return { view: view ? shownView(sandbox, view) : null }
  },

  'GET log': (sandbox) => ({ lines: sandbox.log.lines(), waiting: sandbox.store.eventCount() }),
  ...mailRoutes,
}

/** Answers a request below `/sandbox/api/`. */
export async function pageApi(sandbox: Sandbox, request: Request): Promise<void> {
  const path = request.path.slice('/sandbox/api/'.length)
  const key = `${request.method} ${path}`
  const exact = Object.hasOwn(routes, key) ? routes[key] : undefined
  const handler = exact ?? (/^GET mails\/[\w-]+(\/[\w]+)*$/.test(key) ? routes['GET mails/:id'] : undefined)
  if (handler === undefined) throw userError('not_found', 'There is no such address.')
  const answer = await handler(sandbox, request)
  if (answer !== undefined) sendJson(request.response, answer)
}

/** A file for the page, by id: no token, as the page is the person. */
export async function sendFile(sandbox: Sandbox, request: Request, id: string): Promise<void> {
  const file = sandbox.files.get(id)
  const bytes = await readBytes(sandbox, id)
  if (file === undefined || bytes === undefined) throw userError('not_found', 'This file is gone.')
  const thumb =
    request.query.get('thumb') !== null || file.mimetype === 'image/heic'
      ? await thumbnail(sandbox, id, 720)
      : undefined
  const inline = isPicture(file) || file.mimetype === 'application/pdf'
  const type = thumb ? 'image/png' : inline ? file.mimetype : 'application/octet-stream'
  send(request.response, thumb ?? bytes, {
    type,
    headers: {
      'content-disposition': `${inline ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      // A PDF needs the browser's own viewer, which a sandboxed document may not run.
      ...(file.mimetype === 'application/pdf'
        ? {}
        : { 'content-security-policy': "default-src 'none'; sandbox" }),
    },
  })
}
