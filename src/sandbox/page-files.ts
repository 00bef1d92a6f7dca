import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { userError } from '../kernel/errors.ts'
import { type Request, send } from './http.ts'
import type { Sandbox } from './sandbox.ts'

/** The page's own files, each by name: nothing else is ever read from the disk for the page. */
const pageFiles: Record<string, string> = {
  '/sandbox': 'chat.html',
  '/sandbox/': 'chat.html',
  '/sandbox/mail': 'mail.html',
  '/sandbox/log': 'log.html',
  '/sandbox/oauth/v2/authorize': 'authorize.html',
  '/oauth/v2/authorize': 'authorize.html',
}
const assets = [
  'common.js',
  'mrkdwn.js',
  'emoji.js',
  'widgets.js',
  'inputs.js',
  'file-input.js',
  'blocks.js',
  'messages.js',
  'message-tools.js',
  'composer.js',
  'suggestions.js',
  'modal.js',
  'sidebar.js',
  'profile.js',
  'thread.js',
  'home.js',
  'conversation-top.js',
  'emoji-picker.js',
  'authorize.js',
  'chat.js',
  'mail.js',
  'mail-compose.js',
  'log.js',
  'style.css',
  'blocks.css',
  'mail.css',
  'log.css',
  'authorize.css',
  'icon.svg',
]

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "frame-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** @throws AppError `not_found` */
export async function sendPage(request: Request): Promise<void> {
  const asset = assets.find((name) => request.path === `/sandbox/page/${name}`)
  const name = pageFiles[request.path] ?? asset
  if (name === undefined) throw userError('not_found', 'There is no such page.')
  const body = await readFile(join(import.meta.dirname, 'page', name))
  send(request.response, body, {
    type: types[extname(name)] ?? 'text/plain',
    headers: { 'content-security-policy': policy },
  })
}

const heartbeatMs = 20_000

/** Tells an open page what to read again (server-sent events). An open page counts as somebody calling. */
export function streamChanges(sandbox: Sandbox, request: Request, touched: () => void): void {
  const { response } = request
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  response.write('retry: 1000\n\n')
  const stop = sandbox.onChange((change) => response.write(`data: ${JSON.stringify(change)}\n\n`))
  const beat = setInterval(() => {
    touched()
    response.write(': here\n\n')
  }, heartbeatMs)
  response.on('close', () => {
    clearInterval(beat)
    stop()
  })
}
