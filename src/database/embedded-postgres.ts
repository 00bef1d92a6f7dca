import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { logger } from '../kernel/logger.ts'
import {
  type Cluster,
  freePort,
  openCluster,
  readCluster,
  removeUnfinishedClusters,
} from './embedded-postgres-cluster.ts'
import { askServer, type Server, stopServer, takeServer } from './embedded-postgres-server.ts'

export interface EmbeddedPostgres {
  /** Connection string of the program's role: may log in, owns its database, is neither superuser nor BYPASSRLS. */
  url: string
  /** Connection string of the superuser, for making databases. */
  adminUrl: string
  /** True when a server left by a killed run was taken over. */
  adopted: boolean
  /** Stops the server and returns when it is gone: within seconds, whoever is connected. */
  stop(): Promise<void>
}

/**
 * Starts the PostgreSQL server of `home` (made on the first run), or takes over the one that a killed run left. The
 * server outlives this process when that dies hard, and is started again when it dies itself.
 *
 * One connection watches over this. It holds a lock, so that one program at a time uses `home`; PostgreSQL releases
 * it when the program is gone, however it died. When the connection breaks, the server is gone.
 *
 * Throws user errors: `home_in_use`, `home_of_another_user`, and those about a machine that cannot run PostgreSQL.
 */
export async function startEmbeddedPostgres(options: {
  /** OUTLAY_HOME. The data is kept in `<home>/postgres`. */
  home: string
  /** PostgreSQL's settings on top of ours. A server that is taken over keeps those it was started with. */
  settings?: Record<string, string>
}): Promise<EmbeddedPostgres> {
  const home = resolve(options.home)
  const cluster = await openCluster(home, { durable: options.settings?.fsync !== 'off' })
  const startable = { ...cluster, settings: options.settings ?? {} }

  const { adopted, ...first } = await takeServer(startable, () => freePort(cluster.credentials.port))
  let server: Server | undefined // undefined while it is away
  let recovery = Promise.resolve()
  let stopping: Promise<void> | undefined
  watch(first)
  await removeUnfinishedClusters(home)
  return { ...connectionStrings(cluster, first.port), adopted, stop: () => (stopping ??= stop()) }

  function watch(running: Server) {
    server = running
    running.client.once('end', () => {
      if (stopping !== undefined) return
      server = undefined
      recovery = recover()
    })
  }

  async function recover() {
    while (stopping === undefined) {
      logger.error({ log: cluster.log }, 'PostgreSQL went away; starting it again')
      try {
        return watch(await takeServer(startable, async () => first.port))
      } catch (error) {
        logger.error({ err: error }, 'PostgreSQL does not start')
        await sleep(1000)
      }
    }
  }

  async function stop() {
    await Promise.race([recovery, sleep(3000, undefined, { ref: false })])
    if (server === undefined) return
    await stopServer(cluster, server)
    await server.client.end()
  }
}

/**
 * The server of a program that runs on `home`, for a command beside it (`startEmbeddedPostgres` refuses it with
 * `home_in_use`); undefined when there is none.
 */
export async function findEmbeddedPostgres(
  home: string,
): Promise<Pick<EmbeddedPostgres, 'url' | 'adminUrl'> | undefined> {
  const cluster = await readCluster(resolve(home))
  if (cluster === undefined) return undefined
  const answer = await askServer(cluster)
  if (typeof answer === 'string') return undefined
  await answer.client.end()
  return connectionStrings(cluster, answer.port)
}

function connectionStrings(cluster: Cluster, port: number) {
  const { password, adminPassword } = cluster.credentials
  return {
    url: `postgres://outlay:${password}@127.0.0.1:${port}/outlay`,
    adminUrl: `postgres://postgres:${adminPassword}@127.0.0.1:${port}/postgres`,
  }
}
