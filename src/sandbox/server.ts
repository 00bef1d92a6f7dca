import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { AppError, permanentError, transientError } from '../kernel/errors.ts'
import { logger } from '../kernel/logger.ts'
import { adminApi } from './admin-api.ts'
import { appSees, fileObject, readBytes, storeBytes, thumbnail } from './files.ts'
import { isLocal, multipart, type Request, readBody, readForm, send, sendJson } from './http.ts'
import { pageApi, sendFile } from './page-api.ts'
import { sendPage, streamChanges } from './page-files.ts'
import { useResponseUrl } from './replies.ts'
import type { Sandbox } from './sandbox.ts'
import { SlackError } from './slack-error.ts'
import type { Caller } from './web-api/app.ts'
import { callMethod } from './web-api/index.ts'
import { hasScope } from './web-api/rules.ts'

/** The sandbox's HTTP side. `touched` is told of every call, so that an abandoned sandbox can end itself. */
export function httpServer(sandbox: Sandbox, touched: () => void): Server {
  const server = createServer((raw, response) => {
    void handle(sandbox, raw, response, touched)
  })
  server.on('upgrade', (raw, connection, head) => {
    touched()
    sandbox.sockets.upgrade(raw, connection, head)
  })
  return server
}

async function handle(sandbox: Sandbox, raw: IncomingMessage, response: ServerResponse, touched: () => void) {
  try {
    if (!isLocal(raw)) return send(response, 'This address is only for this machine.', { status: 403 })
    touched()
    const url = new URL(raw.url ?? '/', 'http://localhost')
    const method = raw.method ?? 'GET'
    await route(sandbox, { raw, response, method, path: url.pathname, query: url.searchParams }, touched)
  } catch (error) {
    const problem = asAppError(error)
    if (problem.code === 'sandbox_failed') logger.error({ err: error }, 'the sandbox failed')
    if (response.headersSent) return void response.destroy()
    sendJson(response, { error: problem.code, message: problem.message }, { status: statusOf(problem) })
  }
}

function statusOf(problem: AppError): number {
  if (problem.code === 'not_found') return 404
  return problem.kind === 'user' ? 400 : 502
}

async function route(sandbox: Sandbox, request: Request, touched: () => void): Promise<void> {
  const { path, response } = request
  if (path.startsWith('/admin/')) return adminApi(sandbox, request)
  if (path.startsWith('/api/')) return slackApi(sandbox, request)
  if (path.startsWith('/upload/v1/')) return upload(sandbox, request)
  if (path.startsWith('/files-pri/') || path.startsWith('/files-tmb/')) return download(sandbox, request)
  if (path.startsWith('/response/')) return responseUrl(sandbox, request)
  if (path.startsWith('/sandbox/api/')) return pageApi(sandbox, request)
  if (path === '/sandbox/events') return streamChanges(sandbox, request, touched)
  const file = /^\/sandbox\/files\/(F\w+)/.exec(path)?.[1]
  if (file !== undefined) return sendFile(sandbox, request, file)
  if (path === '/') return send(response, '', { status: 302, headers: { location: '/sandbox' } })
  return sendPage(request)
}

/** The token of a call: the header, else an argument. */
function tokenOf(request: Request, args: Record<string, unknown> = {}): string | undefined {
  const header = /^Bearer\s+(.+)$/i.exec(request.raw.headers.authorization ?? '')?.[1]
  return header ?? (typeof args.token === 'string' ? args.token : undefined)
}

/** The app's own id and secret, as OAuth sends them. */
function basicOf(request: Request): Caller['basic'] {
  const encoded = /^Basic\s+(.+)$/i.exec(request.raw.headers.authorization ?? '')?.[1]
  if (encoded === undefined) return undefined
  const [id = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':')
  return { id: decodeURIComponent(id), secret: decodeURIComponent(rest.join(':')) }
}

async function slackApi(sandbox: Sandbox, request: Request): Promise<void> {
  const form = request.method === 'GET' ? {} : await readForm(request)
  const args = { ...Object.fromEntries(request.query), ...form }
  const caller = { token: tokenOf(request, args), basic: basicOf(request) }
  const answer = await callMethod(sandbox, request.path.slice('/api/'.length), caller, args)
  if (answer.kind === 'drop') return void request.response.destroy()
  if (answer.kind === 'hang') return
  sendJson(request.response, answer.body, { status: answer.status, headers: answer.headers })
}

async function upload(sandbox: Sandbox, request: Request): Promise<void> {
  const key = request.path.slice('/upload/v1/'.length)
  const open = sandbox.uploads.get(key)
  if (open === undefined || request.method !== 'POST')
    return send(request.response, 'not found', { status: 404 })
  const body = await readBody(request)
  const type = request.raw.headers['content-type'] ?? ''
  await storeBytes(
    open.workspace,
    open.id,
    type.includes('multipart/form-data') ? await firstFile(body, type) : body,
  )
  sandbox.uploads.delete(key)
  send(request.response, `OK - ${body.byteLength}`)
}

async function firstFile(body: Buffer, type: string): Promise<Uint8Array> {
  for (const [, part] of await multipart(body, type)) {
    if (typeof part !== 'string') return new Uint8Array(await part.arrayBuffer())
  }
  return body
}

const loginPage =
  '<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in to Slack</body></html>'

/** A private file. Without a valid token Slack answers 200 with its login page, and so do we. */
async function download(sandbox: Sandbox, request: Request): Promise<void> {
  const login = () => send(request.response, loginPage, { type: 'text/html; charset=utf-8' })
  const workspace = sandbox.byToken(tokenOf(request) ?? '')
  if (!workspace?.hasApp || !hasScope(workspace, 'files:read')) return login()
  const [, , id = ''] = /^\/files-(pri|tmb)\/\w+-(F\w+)\//.exec(request.path) ?? []
  const file = workspace.files.get(id)
  if (file === undefined || !appSees(workspace, file)) return login()
  const edge = /^\/files-tmb\/.*\/(\d+)\.png$/.exec(request.path)?.[1]
  const bytes =
    edge === undefined ? await readBytes(workspace, id) : await thumbnail(workspace, id, Number(edge))
  if (bytes === undefined) return send(request.response, 'not found', { status: 404 })
  const type = edge === undefined ? String(fileObject(workspace, file).mimetype) : 'image/png'
  send(request.response, bytes, { type, headers: { 'content-disposition': 'attachment' } })
}

async function responseUrl(sandbox: Sandbox, request: Request): Promise<void> {
  try {
    const id = request.path.slice('/response/'.length)
    const workspace = sandbox.workspaces.find((one) => one.replyAddresses.get(id) !== undefined)
    useResponseUrl(workspace ?? sandbox.first, id, await readForm(request))
    send(request.response, 'ok')
  } catch (error) {
    if (!(error instanceof SlackError)) throw error
    const status = error.code === 'expired_url' || error.code === 'used_url' ? 404 : 400
    sendJson(request.response, { ok: false, error: error.code }, { status })
  }
}

/** What went wrong, in words for the page. */
function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (error instanceof SlackError) return transientError(error.code, error.code)
  return permanentError('sandbox_failed', 'The sandbox failed.', { cause: error })
}
