import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App, HTTPReceiver, LogLevel } from '@slack/bolt'
import { z } from 'zod'
import { SandboxClient, type WorkspaceInput } from '../../src/sandbox/client.ts'

const endpointSchema = z.object({
  pid: z.number(),
  url: z.string(),
  smtpPort: z.number(),
  adminKey: z.string(),
})

export const botToken = 'xoxb-test-token'
export const signingSecret = 'test-signing-secret'
export const grace = 'grace.taylor@techcorp.example'
export const frank = 'frank.miller@techcorp.example'

/** A real sandbox process on a directory of its own. */
export class SandboxProcess {
  readonly dir: string
  readonly #children: ChildProcess[] = []
  endpoint = { pid: 0, url: '', smtpPort: 0, adminKey: '' }

  constructor() {
    this.dir = mkdtempSync(join(tmpdir(), 'outlay-sandbox-'))
  }

  get client(): SandboxClient {
    return new SandboxClient(this.endpoint.url, this.endpoint.adminKey)
  }

  /** Starts it, or starts it again on what the last run left. Resolves with what it wrote when it is ready. */
  async start(...options: string[]): Promise<void> {
    const child = this.spawn(...options)
    await once(child.stdout ?? child, 'data')
    this.endpoint = endpointSchema.parse(JSON.parse(readFileSync(join(this.dir, 'endpoint.json'), 'utf8')))
  }

  spawn(...options: string[]): ChildProcess {
    const args = ['src/sandbox/main.ts', '--home', this.dir, ...options]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#children.push(child)
    return child
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
    const child = this.#children.at(-1)
    if (child === undefined || child.exitCode !== null) return child?.exitCode ?? null
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
    return child.exitCode
  }

  async end(): Promise<void> {
    for (const child of this.#children)
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    rmSync(this.dir, { recursive: true, force: true })
  }
}

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = addressOf(server.address())
  server.close()
  await once(server, 'close')
  return port
}

function addressOf(address: string | AddressInfo | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new TypeError('not a TCP address')
  return address
}

export interface RunningApp {
  app: App
  port: number
  stop: () => Promise<void>
}

/** A real Bolt app that talks to this sandbox and to nothing else. `set` adds its listeners. */
export async function boltApp(
  sandbox: SandboxProcess,
  set: (app: App) => void,
  port?: number,
): Promise<RunningApp> {
  const receiver = new HTTPReceiver({
    signingSecret,
    endpoints: '/slack/events',
    logLevel: LogLevel.ERROR,
    unhandledRequestTimeoutMillis: 3_500,
  })
  const app = new App({
    receiver,
    token: botToken,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: `${sandbox.endpoint.url}/api/`, retryConfig: { retries: 0 } },
  })
  set(app)
  const at = port ?? (await freePort())
  await receiver.start({ port: at, host: '127.0.0.1' })
  return { app, port: at, stop: () => receiver.stop() }
}

/** The workspace that the tests use, with its events going to this port. */
export async function setWorkspace(
  sandbox: SandboxProcess,
  port: number,
  more: Partial<WorkspaceInput> = {},
) {
  return sandbox.client.setWorkspace({
    team: { name: 'TechCorp Solutions' },
    eventsUrl: `http://127.0.0.1:${port}/slack/events`,
    botToken,
    signingSecret,
    people: [
      { email: grace, name: 'Grace Taylor', title: 'Software engineer' },
      { email: frank, name: 'Frank Miller', title: 'Manager' },
    ],
    addresses: ['expenses@techcorp.example'],
    ...more,
  })
}

/** The smallest PNG there is. */
export const tinyPng = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
