import { type ChildProcess, spawn } from 'node:child_process'
import { open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, DatabaseError } from 'pg'
import { AppError, permanentError, transientError, userError } from '../kernel/errors.ts'
import { spawnOptions } from './embedded-postgres-binaries.ts'
import { type Cluster, freePort, type Runner, workingDirectory } from './embedded-postgres-cluster.ts'

const serverSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '', // a socket's path may not be long, `home` may
  max_connections: '100',
  jit: 'off', // our queries are short: compiling them costs more than it saves
  log_checkpoints: 'off',
  log_min_messages: 'log', // a failed statement is its sender's to report, and quotes personal data
}

type Startable = Cluster & Runner & { settings: Record<string, string> }

export interface Server {
  pid: number
  port: number
  /** The superuser's connection that found the server alive. */
  client: Client
}

/** A running server, with the lock of its `home` held by its connection. */
export async function takeServer(
  cluster: Startable,
  choosePort: () => Promise<number>,
): Promise<Server & { adopted: boolean }> {
  for (let attempt = 1; ; attempt += 1) {
    const server = await connectOrStart(cluster, choosePort)
    try {
      await takeLock(server.client, cluster.home)
      return server
    } catch (error) {
      await server.client.end()
      // Not refused, but cut off: the program that had the server stopped it just now.
      if (error instanceof AppError || attempt === 3) throw error
    }
  }
}

async function connectOrStart(cluster: Startable, choosePort: () => Promise<number>) {
  const giveUp = Date.now() + 60_000
  let child: ChildProcess | undefined
  for (let failures = 0; failures < 20; ) {
    const answer = await askServer(cluster)
    if (typeof answer !== 'string') return { ...answer, adopted: answer.pid !== child?.pid }
    if (Date.now() > giveUp)
      throw transientError('database_not_ready', await report('is not ready yet', cluster))
    if (answer === 'nobody' && !isRunning(child)) {
      if (child !== undefined) {
        failures += 1
        await sleep(100) // another program may just be starting this very server
      }
      // Nobody answers for long: the process id in postmaster.pid is that of a program with nothing to do with us.
      // PostgreSQL finds a server that is alive after all by its shared memory, and refuses to start beside it.
      if (failures === 10) await rm(join(cluster.data, 'postmaster.pid'), { force: true })
      child = await launch(cluster, await choosePort())
    }
    await sleep(20)
  }
  throw permanentError('database_does_not_start', await report('does not start', cluster))
}

async function launch(cluster: Startable, port: number): Promise<ChildProcess> {
  const settings = { ...serverSettings, ...cluster.settings, port, 'outlay.directory': cluster.identity }
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const log = await open(cluster.log, 'a', 0o600)
  try {
    const child = spawn(join(cluster.binaries, 'bin', 'postgres'), ['-D', workingDirectory, ...args], {
      ...spawnOptions(cluster.runAs, cluster.data),
      stdio: ['ignore', log.fd, log.fd],
      detached: true, // Ctrl+C is for us; we stop the server when we are done with it
    })
    child.on('error', () => {}) // shows as a process without id
    child.unref()
    return child
  } finally {
    await log.close()
  }
}

function isRunning(child: ChildProcess | undefined): boolean {
  return child?.pid !== undefined && child.exitCode === null && child.signalCode === null
}

/** Asks whether the server of this very cluster runs. `busy`: it does, and is starting up or shutting down. */
export async function askServer(cluster: Cluster): Promise<Server | 'busy' | 'nobody'> {
  const running = await readServerLock(cluster)
  if (running === undefined) return 'nobody'
  const client = new Client({
    host: '127.0.0.1',
    port: running.port,
    user: 'postgres',
    password: cluster.credentials.adminPassword,
    database: 'postgres',
    ssl: false,
    application_name: `outlay ${process.pid}`, // takeLock tells it to the one it refuses
    connectionTimeoutMillis: 5000,
  })
  client.on('error', () => {}) // `end` follows
  try {
    await client.connect()
    const query = "SELECT current_setting('outlay.directory', true) AS directory"
    const { rows } = await client.query<{ directory: string | null }>(query)
    if (rows[0]?.directory === cluster.identity) return { ...running, client }
    await client.end()
  } catch (error) {
    await client.end()
    const code = error instanceof DatabaseError ? error.code : undefined
    if (code === '57P03') return 'busy' // cannot_connect_now
    if (code === '28P01') throw permanentError('database_password_wrong', await report('refuses us', cluster))
  }
  return 'nobody'
}

/** What PostgreSQL writes in its lock file (https://www.postgresql.org/docs/18/storage-file-layout.html). */
async function readServerLock(cluster: Cluster): Promise<{ pid: number; port: number } | undefined> {
  const text = await readFile(join(cluster.data, 'postmaster.pid'), 'utf8').catch(() => '')
  const [pid, , , port] = text.split('\n').map(Number)
  return pid && port && signal(pid, 0) ? { pid, port } : undefined
}

/** Sends a signal; 0 only asks whether there is such a process and it is ours. False when not. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}

async function takeLock(client: Client, home: string): Promise<void> {
  try {
    await client.query("SET lock_timeout = '1s'") // a program that was killed just now still has it for a moment
    await client.query('SELECT pg_advisory_lock(1)')
  } catch (error) {
    if (!(error instanceof DatabaseError && error.code === '55P03')) throw error // lock_not_available
    const { rows } = await client.query<{ application_name: string }>(
      `SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)
       WHERE locktype = 'advisory' AND objid = 1 AND granted AND datname = current_database()`,
    )
    const pid = /\d+/.exec(rows[0]?.application_name ?? '')?.[0] ?? 'unknown'
    throw userError(
      'home_in_use',
      `Outlay is already running on ${home} (process ${pid}). Stop it first, or set OUTLAY_HOME to another directory.`,
      { cause: error },
    )
  }
}

/** Fast shutdown; harder when that takes too long. A server killed hard recovers from its log on the next start. */
export async function stopServer(cluster: Cluster, { pid, port }: Server): Promise<void> {
  const isGone = async () => (await readServerLock(cluster))?.pid !== pid && (await freePort(port)) === port
  const escalation = [
    ['SIGINT', 4],
    ['SIGQUIT', 2],
    ['SIGKILL', 1],
  ] as const
  for (const [name, seconds] of escalation) {
    if (!signal(pid, name)) return
    const giveUp = Date.now() + seconds * 1000
    while (Date.now() < giveUp) {
      if (await isGone()) return
      await sleep(20)
    }
  }
}

/** A message with what PostgreSQL said last. */
async function report(what: string, cluster: Cluster): Promise<string> {
  const log = await readFile(cluster.log, 'utf8').catch(() => '')
  return `The embedded PostgreSQL ${what}. The end of ${cluster.log}:\n${log.trim().split('\n').slice(-4).join('\n')}`
}
