import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { userError } from '../kernel/errors.ts'

const mostBytes = 60 * 1024 * 1024

/** A request, taken apart. */
export interface Request {
  raw: IncomingMessage
  response: ServerResponse
  method: string
  path: string
  query: URLSearchParams
}

/** @throws AppError `too_large` above 60 MB */
export async function readBody(request: Request): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request.raw) {
    const bytes = Buffer.from(chunk)
    size += bytes.byteLength
    if (size > mostBytes) throw userError('too_large', 'This is more than 60 MB.')
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}

/** The JSON body, parsed by `schema`. @throws AppError `bad_request` */
export async function readJson<S extends z.ZodType>(request: Request, schema: S): Promise<z.output<S>> {
  const body = await readBody(request)
  return check(schema, parseJson(body.toString('utf8')))
}

/** The query, parsed by `schema`. @throws AppError `bad_request` */
export function readQuery<S extends z.ZodType>(request: Request, schema: S): z.output<S> {
  return check(schema, Object.fromEntries(request.query))
}

function check<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw userError('bad_request', z.prettifyError(parsed.error))
}

/** The parts of a body as a form: urlencoded, multipart or JSON, as Slack's API takes them. */
export async function readForm(request: Request): Promise<Record<string, unknown>> {
  const body = await readBody(request)
  const type = request.raw.headers['content-type'] ?? ''
  if (type.includes('application/json')) {
    const parsed = z.record(z.string(), z.unknown()).safeParse(parseJson(body.toString('utf8')))
    return parsed.data ?? {}
  }
  if (type.includes('multipart/form-data')) return Object.fromEntries(await multipart(body, type))
  return Object.fromEntries(new URLSearchParams(body.toString('utf8')))
}

/** The parts of a multipart body, parsed by Node's own fetch implementation. */
export function multipart(body: Buffer, contentType: string): Promise<FormData> {
  return new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData()
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export interface Reply {
  status?: number
  type?: string
  headers?: Record<string, string>
}

export function send(response: ServerResponse, body: string | Uint8Array, reply: Reply = {}): void {
  response.writeHead(reply.status ?? 200, {
    'content-type': reply.type ?? 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    ...reply.headers,
  })
  response.end(body)
}

export function sendJson(response: ServerResponse, body: object, reply: Omit<Reply, 'type'> = {}): void {
  send(response, JSON.stringify(body), { ...reply, type: 'application/json; charset=utf-8' })
}

const ours = ['localhost', '127.0.0.1', '[::1]']

/**
 * Whether a request is meant for us: the sandbox listens on loopback only, but a web page elsewhere may point a name
 * of its own at 127.0.0.1 (DNS rebinding) or post across origins. Any port is fine: the program proxies us.
 */
export function isLocal(request: IncomingMessage): boolean {
  const { host, origin } = request.headers
  if (host === undefined || !ours.includes(host.replace(/:\d+$/, '').toLowerCase())) return false
  if (request.headers['sec-fetch-site'] === 'cross-site' && request.headers['sec-fetch-mode'] !== 'navigate')
    return false
  if (origin === undefined) return true
  return URL.canParse(origin) && ours.includes(new URL(origin).hostname)
}
