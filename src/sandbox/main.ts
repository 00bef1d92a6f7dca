import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo, Server } from 'node:net'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { AppError } from '../kernel/errors.ts'
import { logger } from '../kernel/logger.ts'
import { secret } from './ids.ts'
import { mailServer } from './mailbox.ts'
import { Sandbox } from './sandbox.ts'
import { httpServer } from './server.ts'
import { Collection } from './store.ts'

const loopback = '127.0.0.1'

const { values } = parseArgs({
  options: {
    home: { type: 'string' },
    port: { type: 'string', default: '0' },
    'smtp-port': { type: 'string', default: '0' },
    'idle-minutes': { type: 'string', default: '5' },
    'log-level': { type: 'string', default: 'warn' },
  },
})

// The program that started us may be killed: its end of our pipes is then closed, and we must go on redelivering.
process.stdout.on('error', () => undefined)
process.stderr.on('error', () => undefined)
logger.level = values['log-level']

async function main(): Promise<void> {
  if (values.home === undefined)
    throw new AppError('usage', 'user', 'Say where to keep the state: --home DIR')
  const dir = resolve(values.home)
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const endpointFile = join(dir, 'endpoint.json')
  const sandbox = openSandbox(dir, endpointFile)
  // What a killed run left would name a dead process.
  rmSync(endpointFile, { force: true })

  let lastCall = Date.now()
  const http = httpServer(sandbox, () => {
    lastCall = Date.now()
  })
  const mail = mailServer(sandbox)

  const portsSchema = z.object({ http: z.number(), smtp: z.number() })
  const kept = new Collection(sandbox.store, 'ports', portsSchema)
  const last = kept.get('self')
  const port = await listen(http, Number(values.port), last?.http)
  const smtpPort = await listen(mail.server, Number(values['smtp-port']), last?.smtp)
  kept.put('self', { http: port, smtp: smtpPort })
  sandbox.url = `http://${loopback}:${port}`
  const endpoint = { pid: process.pid, url: sandbox.url, smtpPort, adminKey: sandbox.adminKey }
  writeFileSync(`${endpointFile}.part`, JSON.stringify(endpoint), { mode: 0o600 })
  renameSync(`${endpointFile}.part`, endpointFile)
  sandbox.link.wake()
  process.stdout.write(`sandbox ready ${sandbox.url}\n`)

  const stop = () => {
    sandbox.link.close()
    sandbox.sockets.close()
    rmSync(endpointFile, { force: true })
    sandbox.store.close()
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  process.on('SIGHUP', () => undefined)
  const idleMs = Number(values['idle-minutes']) * 60_000
  setInterval(
    () => {
      if (Date.now() - lastCall > idleMs) stop()
    },
    Math.min(idleMs, 5_000),
  )
}

/** @throws AppError with the address of the sandbox that holds the directory, if there is one. */
function openSandbox(dir: string, endpointFile: string): Sandbox {
  try {
    return new Sandbox(dir, secret())
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'sandbox_running') throw error
    throw new AppError(
      'sandbox_running',
      'user',
      `A sandbox is already running on ${dir}${whose(endpointFile)}.`,
      {
        cause: error,
      },
    )
  }
}

function whose(endpointFile: string): string {
  try {
    const schema = z.object({ pid: z.number(), url: z.string() })
    const { pid, url } = schema.parse(JSON.parse(readFileSync(endpointFile, 'utf8')))
    return ` (${url}, process ${pid})`
  } catch {
    return ''
  }
}

/** Listens on the wanted port, else on the one of the last run, else on a free one. */
async function listen(server: Server, wanted: number, last: number | undefined): Promise<number> {
  if (wanted > 0) return tryListen(server, wanted)
  if (last === undefined) return tryListen(server, 0)
  return tryListen(server, last).catch(() => tryListen(server, 0))
}

function tryListen(server: Server, port: number): Promise<number> {
  return new Promise((done, failed) => {
    server.once('error', failed)
    server.listen({ port, host: loopback }, () => {
      server.off('error', failed)
      done(addressOf(server).port)
    })
  })
}

function addressOf(server: Server): AddressInfo {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('not a TCP server')
  return address
}

main().catch((error: unknown) => {
  const message = error instanceof AppError && error.kind === 'user' ? error.message : String(error)
  process.stderr.write(`${message}\n`)
  process.exit(1)
})
