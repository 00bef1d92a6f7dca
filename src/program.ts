import { mkdir } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Env } from '../config/env.ts'
import type { JobContext } from '../jobs/handler.ts'
import { createHandlers } from '../jobs/handlers/index.ts'
import { openQueues } from '../jobs/queue.ts'
import { startRelay } from '../jobs/relay.ts'
import { startWorkers } from '../jobs/worker.ts'
import { createHttpServer, createSandboxProxy } from './channels/http/index.ts'
import { type MailChannel, openMailTransport } from './channels/mail/index.ts'
import { findEmbeddedPostgres, startEmbeddedPostgres } from './database/embedded-postgres.ts'
import { acrossCompanies, type Database, migrate, openDatabase } from './database/index.ts'
import { reclaimWork } from './database/outbox.ts'
import { keepAlive, openWorkspace, readSecrets } from './embedded.ts'
import { importExample } from './example-company.ts'
import { allEntities } from './features/all-entities.ts'
import { releaseSurfaces } from './features/notifications/index.ts'
import {
  createFallbackReader,
  createGeminiReader,
  createLocalReader,
  type LocalReader,
} from './features/receipts/index.ts'
import { systemClock } from './kernel/clock.ts'
import { AppError } from './kernel/errors.ts'
import { logger } from './kernel/logger.ts'
import { parseLinkKeys } from './kernel/signed-link.ts'
import { startMailIntake } from './mail-intake.ts'
import { listenToSlack, openSlack, slackSettings } from './open-slack.ts'
import { type SandboxProcess, startSandbox } from './sandbox-process.ts'
import { subjects } from './subjects.ts'

export interface Program {
  /** Where people reach it, such as `http://localhost:3000`. */
  url: string
  /** Set while the sandbox stands in for Slack and the mailbox. */
  sandbox: { url: string; adminKey: string } | null
  /** Lets running work end, then closes everything. What was not finished goes on at the next start. */
  stop(): Promise<void>
}

/** How long one thing may take to close: what hangs must not keep the ones after it open. */
const closeLimitMs = 2500

/** Things to close, in the reverse order of opening. A start that fails half-way closes what it opened. */
class Closers {
  #closers: { name: string; close: () => Promise<unknown> }[] = []
  add(name: string, close: () => Promise<unknown>): void {
    this.#closers.unshift({ name, close })
  }
  async closeAll(): Promise<void> {
    for (const { name, close } of this.#closers.splice(0)) {
      const late = sleep(closeLimitMs, 'late' as const, { ref: false })
      try {
        if ((await Promise.race([close(), late])) === 'late')
          logger.warn(`${name} takes long to close; going on`)
      } catch (error) {
        logger.warn({ error }, `${name} did not close well`)
      }
    }
  }
}

/** Starts every role of `env.roles` in this process. What is not configured is embedded. */
export async function startProgram(env: Env): Promise<Program> {
  logger.level = env.logLevel
  const closers = new Closers()
  try {
    return await start(env, closers)
  } catch (error) {
    await closers.closeAll()
    throw error
  }
}

async function start(env: Env, closers: Closers): Promise<Program> {
  const needsSandbox = !env.slack || !env.smtpUrl
  // The server first: it refuses a second program on the same home, before anything of the first is touched.
  const databaseUrl = await openServer(env, closers)
  const starting = needsSandbox ? openSandbox(env.home, closers) : null
  starting?.catch(() => {}) // whoever waits for it below is told
  const database = await openDatabase({ url: databaseUrl, entities: allEntities, clock: systemClock })
  closers.add('database', () => database.close())
  await migrate(database)
  if (!env.databaseUrl) {
    await acrossCompanies(database, async (tx) => {
      await reclaimWork(tx)
      await releaseSurfaces(tx)
    })
    await importExample(database)
  }
  const sandbox = await starting
  const secrets = sandbox || !env.linkKeys || !env.dataKey ? await readSecrets(env.home) : null
  const dataKey = env.dataKey ?? secrets?.dataKey
  // Whoever knows that it is empty could work out every code.
  if (!dataKey) throw new Error('there is no data key')
  const slackEnv = slackSettings(env, sandbox, secrets)
  const slack = openSlack(slackEnv, { database, dataKey })
  const transport = openMailTransport(env.smtpUrl ?? sandbox?.smtpUrl ?? '')
  closers.add('mail', async () => transport.close())
  const mail: MailChannel = {
    database,
    transport,
    from: env.mailFrom,
    site: { publicUrl: '', keys: parseLinkKeys(env.linkKeys ?? secrets?.linkKeys ?? '') },
    authservId: env.intake.authservId,
    dataKey,
  }
  const reader = createReader(env)
  const queues = await openQueues({ redisUrl: env.redisUrl, databaseUrl })
  closers.add('queue', async () => {
    await queues.close()
    // Its last connections to PostgreSQL end a moment later; a server that stops under them makes them complain.
    await sleep(300)
  })
  closers.add('receipt reader', () => reader.close())
  const context: JobContext = { database, slack, mail, reader }
  const { keys } = mail.site
  const publicUrl = () => mail.site.publicUrl
  const listening = env.roles.has('slack') ? listenToSlack(slackEnv, slack, { keys, publicUrl }) : null
  let isReady = false
  const web = createHttpServer({
    database,
    pages: env.roles.has('web') ? { database, keys, subjects, dataKey } : null,
    isReady: () => isReady,
    slack: listening?.requests ?? null,
    slackSocket: listening?.socket ?? null,
    sandbox: sandbox && env.roles.has('web') ? createSandboxProxy(sandbox.url) : null,
  })
  closers.add('web server', () => closeServer(web))
  await listen(web, env)
  const { port } = web.server.address() as AddressInfo
  const url = `http://localhost:${port}`
  mail.site.publicUrl = env.publicUrl ?? url
  if (env.roles.has('worker')) startWorkers(queues, { database, handlers: createHandlers(context) })
  if (env.roles.has('relay')) {
    const relay = startRelay(database, queues)
    closers.add('relay', () => relay.stop())
  }
  const intake = env.roles.has('mail') ? await startMailIntake(env, database) : null
  if (intake) closers.add('mail intake', () => intake.close())
  if (sandbox) {
    const { sandboxSlackMode: slackMode } = env
    const intakePort = intake?.smtpPort ?? null
    if (secrets) await openWorkspace(database, sandbox, { secrets, slackMode, port, intakePort })
    const stopWatching = keepAlive(sandbox)
    closers.add('sandbox watch', async () => stopWatching())
  }
  if (listening?.socket) {
    const { socket } = listening
    socket.open()
    closers.add('socket to Slack', () => socket.close())
  }
  isReady = true
  return {
    url,
    sandbox: sandbox && { url: sandbox.url, adminKey: sandbox.adminKey },
    stop: () => closers.closeAll(),
  }
}

async function openSandbox(home: string, closers: Closers): Promise<SandboxProcess> {
  const starting = startSandbox(home)
  // Registered before it is up: a start that fails meanwhile must not leave it behind.
  closers.add('sandbox', async () => (await starting).stop())
  return starting
}

async function openServer(env: Env, closers: Closers): Promise<string> {
  if (env.databaseUrl) return env.databaseUrl
  await mkdir(env.home, { recursive: true, mode: 0o700 })
  const postgres = await startEmbeddedPostgres({ home: env.home })
  closers.add('PostgreSQL', () => postgres.stop())
  return postgres.url
}

/** Takes nothing new, lets what is under way end, and then hangs up: a page with a live stream would stay for ever. */
async function closeServer(server: ReturnType<typeof createHttpServer>): Promise<void> {
  const closed = server.close()
  await Promise.race([closed, sleep(1000, undefined, { ref: false })])
  server.server.closeAllConnections()
  await closed
}

/** Gemini first where a key is set; always this machine where it is not or fails. */
export function createReader(env: Env): LocalReader {
  const local = createLocalReader()
  if (!env.gemini) return local
  return createFallbackReader({ first: createGeminiReader(env.gemini), local, clock: systemClock })
}

async function listen(server: ReturnType<typeof createHttpServer>, env: Env): Promise<void> {
  try {
    await server.listen({ port: env.port, host: env.host })
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'EADDRINUSE') throw error
    throw new AppError('port_in_use', 'user', `Port ${env.port} is in use. Set PORT to another one.`, {
      cause: error,
    })
  }
}

/** The database for one command of the command line, beside a running program or without one. */
export async function openForCommand(env: Env): Promise<{ database: Database; close: () => Promise<void> }> {
  logger.level = env.logLevel === 'info' ? 'warn' : env.logLevel
  const closers = new Closers()
  const running = env.databaseUrl ? undefined : await findEmbeddedPostgres(env.home)
  const url = running?.url ?? (await openServer(env, closers))
  try {
    const database = await openDatabase({ url, entities: allEntities, clock: systemClock, connections: 4 })
    closers.add('database', () => database.close())
    await migrate(database)
    return { database, close: () => closers.closeAll() }
  } catch (error) {
    await closers.closeAll()
    throw error
  }
}
