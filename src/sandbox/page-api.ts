import { z } from 'zod'
import { userError } from '../kernel/errors.ts'
import { fileObject, isPicture, readBytes, reserveFile, storeBytes, thumbnail } from './files.ts'
import { type Request, readBody, readQuery, send, sendJson } from './http.ts'
import { actionRoutes } from './page-actions.ts'
import { mailRoutes } from './page-mail.ts'
import { messageRoutes } from './page-messages.ts'
import { oauthRoutes } from './page-oauth.ts'
import { conversationsOf, workspaceObject } from './page-view.ts'
import { type Handler, uploadQuery, who } from './page-who.ts'
import type { Sandbox } from './sandbox.ts'

/** Slack takes larger files; this machine need not. */
const mostFileBytes = 50 * 1024 * 1024

/** What the page and `SandboxClient` may do, as a person (`as`: e-mail or id). Paths below `/sandbox/api/`. */
const routes: Record<string, Handler> = {
  'GET workspace': (sandbox, request) => {
    const { as, team } = readQuery(
      request,
      z.object({ as: z.string().optional(), team: z.string().optional() }),
    )
    const known = sandbox.workspaces.find(
      (one) => one.teamId === team || (team === undefined && as !== undefined && one.findPerson(as)),
    )
    return workspaceObject(sandbox, known ?? sandbox.first)
  },

  'GET conversations': (sandbox, request) => {
    const { workspace, user } = sandbox.actingAs(readQuery(request, who))
    return { conversations: conversationsOf(workspace, user) }
  },

  'POST files': async (sandbox, request) => {
    const query = readQuery(request, uploadQuery)
    const { workspace, user } = sandbox.actingAs(query)
    const bytes = await readBody(request)
    if (bytes.byteLength === 0) throw userError('empty', 'This file is empty.')
    if (bytes.byteLength > mostFileBytes) throw userError('too_large', `${query.name} is larger than 50 MB.`)
    const { id } = reserveFile(workspace, { name: query.name, user: user.id })
    const file = await storeBytes(workspace, id, bytes)
    return file && fileObject(workspace, file)
  },

  'GET log': (sandbox) => ({
    lines: sandbox.log.lines(),
    waiting: sandbox.store.eventCount(),
    mode: sandbox.settings?.mode ?? 'http',
    sockets: sandbox.sockets.connections,
  }),

  'GET log/line': (sandbox, request) => {
    const { id } = readQuery(request, z.object({ id: z.coerce.number() }))
    const line = sandbox.log.line(id)
    if (line === undefined) throw userError('not_found', 'This call is no longer kept.')
    return line
  },
  ...messageRoutes,
  ...actionRoutes,
  ...oauthRoutes,
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
  const workspace = sandbox.workspaces.find((one) => one.files.get(id) !== undefined) ?? sandbox.first
  const file = workspace.files.get(id)
  const bytes = await readBytes(workspace, id)
  if (file === undefined || bytes === undefined) throw userError('not_found', 'This file is gone.')
  const thumb =
    request.query.get('thumb') !== null || file.mimetype === 'image/heic'
      ? await thumbnail(workspace, id, 720)
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
