import type { ChildProcess } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import { z } from 'zod'
import { findEmbeddedPostgres } from '../../src/database/embedded-postgres.ts'
import { SandboxClient } from '../../src/sandbox/client.ts'
import { freePort } from './free-port.ts'
import { copyPreparedHome } from './prepared-home.ts'
import { type Ended, runningProcesses, spawnProgram, watch } from './program-process.ts'
import { scratch } from './scratch.ts'

const endpointSchema = z.object({ pid: z.number(), url: z.string(), adminKey: z.string() })
const secretsSchema = z.object({
  slackBotToken: z.string(),
  slackSigningSecret: z.string(),
  slackAppToken: z.string(),
})

/**
 * Outlay as people run it: `src/main.ts` in a process of its own, on a throw-away OUTLAY_HOME, with everything
 * embedded. It can be killed at any moment and started again on what is left.
 */
export class RunningProgram {
  readonly home: string
  /** Settings beside the usual ones. */
  readonly #env: Record<string, string>
  /** Where mails can be handed in. */
  readonly intakePort: number
  /** Where it answers; another port after each start. */
  url = ''
  /** Everything that it wrote, over all its starts. */
  output = ''
  #child: ChildProcess | null = null
  #exited: Promise<Ended> = Promise.resolve({ code: null, signal: null, output: '' })
  #sandbox: z.infer<typeof endpointSchema> | null = null

  private constructor(home: string, intakePort: number, env: Record<string, string>) {
    this.home = home
    this.intakePort = intakePort
    this.#env = { INTAKE_SMTP_PORT: String(intakePort), ...env }
  }

  /** Starts it on a home of its own, whose database was made beforehand, and waits until it is ready. */
  static async start(env: Record<string, string> = {}): Promise<RunningProgram> {
    const program = new RunningProgram(await newHome(await scratch()), await freePort(), env)
    return program.#orNothing(async () => {
      await copyPreparedHome(inject('preparedHome'), program.home)
      await program.startAgain()
    })
  }

  /** Starts it as a newcomer does: without any home, on the disk, which takes longer. */
  static async startAnew(): Promise<RunningProgram> {
    const program = new RunningProgram(await newHome(tmpdir()), await freePort(), {})
    return program.#orNothing(() => program.startAgain())
  }

  async #orNothing(start: () => Promise<void>): Promise<this> {
    try {
      await start()
      return this
    } catch (error) {
      await this.end()
      throw error
    }
  }

  /** Starts it on its home, where it may have run before, and waits until it is ready. */
  async startAgain(): Promise<void> {
    const child = spawnProgram(this.home, this.#env)
    this.#child = child
    const { ready, exited } = watch(child, (text) => {
      this.output += text
    })
    this.#exited = exited
    this.url = await ready
    this.#sandbox = endpointSchema.parse(
      JSON.parse(await readFile(join(this.home, 'sandbox/endpoint.json'), 'utf8')),
    )
    // In Socket Mode it calls Slack when it is ready: a command that somebody types before that is lost.
    await this.people.waitFor(async () => !/^outlay_slack_socket_open 0$/m.test(await this.#metrics()), {
      what: 'the socket to Slack',
      timeoutMs: 60_000,
    })
  }

  /** The people of the sandbox workspace. */
  get people(): SandboxClient {
    if (!this.#sandbox) throw new Error('the program was not started')
    return new SandboxClient(this.#sandbox.url, this.#sandbox.adminKey)
  }

  get sandboxUrl(): string {
    return this.#sandbox?.url ?? ''
  }

  /** kill -9, as the out-of-memory killer does it: only this process; its sandbox and database live on. */
  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL')
    await this.#exited
  }

  /** SIGTERM and, after ten seconds, SIGKILL, as service managers do it. */
  async stop(): Promise<Ended> {
    const child = this.#child
    child?.kill('SIGTERM')
    const impatience = setTimeout(() => child?.kill('SIGKILL'), 10_000)
    return this.#exited.finally(() => clearTimeout(impatience))
  }

  /** Starts a second program on the same home and waits for its end. */
  async startSecond(): Promise<Ended> {
    const { exited } = watch(spawnProgram(this.home, this.#env), () => {})
    return exited
  }

  /** The program, its sandbox, its database server and all that they started. */
  async processes(): Promise<number[]> {
    const own = [this.#child?.pid, this.#sandbox?.pid, await this.#databasePid()]
    const found = new Set(own.filter((pid) => pid !== undefined))
    const running = await runningProcesses()
    for (let before = 0; before < found.size; ) {
      before = found.size
      for (const { pid, parent } of running) if (found.has(parent)) found.add(pid)
    }
    return running.map(({ pid }) => pid).filter((pid) => found.has(pid))
  }

  /** Stops whatever still runs and removes the home. */
  async end(): Promise<void> {
    if (this.#child?.exitCode === null && this.#child.signalCode === null) await this.stop()
    for (const pid of await this.processes()) process.kill(pid, 'SIGKILL')
    await rm(this.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }

  /** Waits until nothing is under way: no event on its way to the program, no outgoing work that is due or running. */
  async settle(timeoutMs = 30_000): Promise<void> {
    await this.people.waitFor(
      async () => {
        const { pendingEvents } = await this.people.state()
        const { pending, enqueued } = await this.outbox()
        return pendingEvents === 0 && pending === 0 && enqueued === 0
      },
      { what: `the program to come to rest; it wrote:\n${this.output.slice(-4000)}`, timeoutMs },
    )
  }

  /** How much outgoing work there is by status, from /metrics. `dead` was given up. */
  async outbox(): Promise<{ pending: number; enqueued: number; dead: number }> {
    const text = await this.#metrics()
    const count = (status: string) => {
      const found = new RegExp(`^outlay_outbox_rows\\{status="${status}"\\} (\\d+)$`, 'm').exec(text)
      if (!found) throw new Error('the metrics do not say how much work waits')
      return Number(found[1])
    }
    return { pending: count('pending'), enqueued: count('enqueued'), dead: count('dead') }
  }

  async #metrics(): Promise<string> {
    return (await fetch(`${this.url}/metrics`)).text()
  }

  /** Asks the database beside the program, past its walls. */
  async sql<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    const server = await findEmbeddedPostgres(this.home)
    if (!server) throw new Error('there is no database')
    const client = new pg.Client({ connectionString: server.adminUrl.replace(/\/postgres$/, '/outlay') })
    await client.connect()
    try {
      return (await client.query<Row>(text, values)).rows
    } finally {
      await client.end()
    }
  }

  async secrets(): Promise<z.infer<typeof secretsSchema>> {
    return secretsSchema.parse(JSON.parse(await readFile(join(this.home, 'secrets.json'), 'utf8')))
  }

  /**
   * Sends a request to the program as Slack does, signed with its secret.
   * @param options `secret` or `at` (Unix seconds) of somebody who is not Slack, or who replays an old request
   */
  async asSlack(
    body: string,
    options: { type?: string; secret?: string; at?: number } = {},
  ): Promise<Response> {
    const secret = options.secret ?? (await this.secrets()).slackSigningSecret
    const at = String(options.at ?? Math.floor(Date.now() / 1000))
    const signature = createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex')
    return fetch(`${this.url}/slack/events`, {
      method: 'POST',
      headers: {
        'content-type': options.type ?? 'application/json',
        'x-slack-request-timestamp': at,
        'x-slack-signature': `v0=${signature}`,
      },
      body,
    })
  }

  /** An interaction (pressed button, submitted form) as Slack sends it. */
  async interact(payload: object, options: { secret?: string; at?: number } = {}): Promise<Response> {
    const form = new URLSearchParams({ payload: JSON.stringify(payload) })
    return this.asSlack(form.toString(), { type: 'application/x-www-form-urlencoded', ...options })
  }

  async #databasePid(): Promise<number | undefined> {
    const file = join(this.home, 'postgres/data/postmaster.pid')
    const pid = Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10)
    return Number.isNaN(pid) ? undefined : pid
  }
}

const newHome = (directory: string) => mkdtemp(join(directory, 'outlay-e2e-'))
