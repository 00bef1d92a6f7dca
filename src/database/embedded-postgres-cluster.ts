import { randomBytes } from 'node:crypto'
import { chown, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { z } from 'zod'
import { permanentError, userError } from '../kernel/errors.ts'
import { findPostgresBinaries, type RunAs, runProgram } from './embedded-postgres-binaries.ts'

/** `<home>/postgres`: the server's `data` directory, its `server.log`, and `credentials.json`. */
export interface Cluster {
  home: string
  data: string
  log: string
  credentials: z.infer<typeof credentialsSchema>
  /** Tells this data directory from a copy of it. */
  identity: string
}

/** What it takes to run PostgreSQL's programs. */
export interface Runner {
  binaries: string
  runAs: RunAs
}

const credentialsSchema = z.object({
  password: z.string(),
  adminPassword: z.string(),
  /** The port to listen on, unless somebody else has it. */
  port: z.number().int(),
})

/**
 * PostgreSQL's programs are started inside the data directory and told to use "the working directory". On Linux this
 * is said such that nobody looks at the directories above it: so a home below /root, which the user `nobody` may not
 * enter, can hold the data of a server that runs as `nobody`.
 */
export const workingDirectory = process.platform === 'linux' ? '/proc/self/cwd' : '.'

/** The cluster of `home`; undefined when there is none yet. Throws a user error when it is another user's. */
export async function readCluster(home: string): Promise<Cluster | undefined> {
  const directory = join(home, 'postgres')
  const data = join(directory, 'data')
  try {
    const found = await statIfThere(data)
    if (found === undefined) return undefined
    const credentials = JSON.parse(await readFile(join(directory, 'credentials.json'), 'utf8'))
    return {
      home,
      data,
      log: join(directory, 'server.log'),
      credentials: credentialsSchema.parse(credentials),
      identity: `${found.dev}:${found.ino}`,
    }
  } catch (error) {
    throw explainRefusal(home, error)
  }
}

/** The cluster of `home`, made when there is none yet, with what runs it. `durable: false` is for tests. */
export async function openCluster(home: string, options: { durable: boolean }): Promise<Cluster & Runner> {
  const runAs = await chooseUser(home)
  const runner = { runAs, binaries: await findPostgresBinaries(runAs) }
  const cluster = (await readCluster(home)) ?? (await createCluster(home, runner, options))
  return { ...cluster, ...runner }
}

/**
 * Removes what killed runs left half made. Only for the program that holds the cluster's lock. What cannot be removed
 * (an initdb that outlived its run is still writing there) is left to the next start.
 */
export async function removeUnfinishedClusters(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    if (!name.startsWith(unfinished)) continue
    await rm(join(home, name), { recursive: true, force: true }).catch(() => {})
  }
}

/** `preferred` when it is free on the loopback interface, else another free port. */
export async function freePort(preferred = 0): Promise<number> {
  const server = createServer()
  const port = await new Promise<number | undefined>((resolve) => {
    server.once('error', () => resolve(undefined))
    server.listen(preferred, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' ? address?.port : undefined)
    })
  })
  server.close()
  return port ?? freePort()
}

const unfinished = 'postgres.new-'

/**
 * Makes the cluster beside its place and moves it there with roles, database and passwords in it: a run killed on
 * the way leaves nothing that counts, and of two runs at the same moment the slower one takes the other's cluster.
 */
async function createCluster(home: string, runner: Runner, options: { durable: boolean }): Promise<Cluster> {
  await mkdir(home, { recursive: true, mode: 0o700 }).catch((error) => {
    throw explainRefusal(home, error)
  })
  const building = await mkdtemp(join(home, unfinished)).catch((error) => {
    throw explainRefusal(home, error)
  })
  let failure: unknown
  try {
    await fillCluster(building, runner, options)
    await rename(building, join(home, 'postgres'))
  } catch (error) {
    failure = error
    await rm(building, { recursive: true, force: true })
  }
  const cluster = await readCluster(home)
  if (cluster !== undefined) return cluster
  const reason = failure instanceof Error ? failure.message : String(failure)
  throw permanentError(
    'database_not_made',
    `The embedded PostgreSQL could not be set up in ${home}. Set DATABASE_URL to use another one. ${reason}`,
    { cause: failure },
  )
}

async function fillCluster(directory: string, { binaries, runAs }: Runner, options: { durable: boolean }) {
  const data = join(directory, 'data')
  await mkdir(data, { mode: 0o700 })
  if (runAs.uid !== undefined && runAs.gid !== undefined) await chown(data, runAs.uid, runAs.gid)

  const password = randomBytes(24).toString('hex')
  const adminPassword = randomBytes(24).toString('hex')
  const credentials = JSON.stringify({ password, adminPassword, port: await freePort() })
  await writeFile(join(directory, 'credentials.json'), credentials, { mode: 0o600, flush: true })

  const initdb = join(binaries, 'bin', 'initdb')
  const at = { runAs, cwd: data }
  await runProgram(initdb, ['-D', workingDirectory, ...initdbOptions], at)
  await writeFile(join(data, 'pg_hba.conf'), 'host all all 127.0.0.1/32 scram-sha-256\n')
  // A server for one session on stdin, so that nobody can connect before the passwords stand.
  const single = ['--single', '-D', workingDirectory, '-c', 'exit_on_error=on', '-c', 'fsync=off', 'postgres']
  const input = [
    `ALTER ROLE postgres PASSWORD '${adminPassword}'`,
    `CREATE ROLE outlay LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD '${password}'`,
    'CREATE DATABASE outlay OWNER outlay\n',
  ].join('\n')
  await runProgram(join(binaries, 'bin', 'postgres'), single, { ...at, input })
  if (options.durable) await runProgram(initdb, ['-D', workingDirectory, '--sync-only'], at)
}

const initdbOptions = [
  '--username=postgres',
  '--encoding=UTF8',
  // PostgreSQL's own C.UTF-8: order and case are the same on every machine, whatever locales that has.
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--locale=C',
  // Extensions (pg_trgm) ask the machine what a letter is. macOS may lack C.UTF-8.
  `--lc-ctype=${process.platform === 'linux' ? 'C.UTF-8' : process.platform === 'darwin' ? 'en_US.UTF-8' : 'C'}`,
  '--auth=reject', // pg_hba.conf is written afterwards
  '--no-sync', // done at the end
  '--no-instructions',
]

/** PostgreSQL refuses to run as root: then the data's owner runs it, `nobody` for data not made yet. */
async function chooseUser(home: string): Promise<RunAs> {
  if (process.getuid?.() !== 0) return {}
  const found = await statIfThere(join(home, 'postgres', 'data'))
  if (found !== undefined) return { uid: Number(found.uid), gid: Number(found.gid) }
  const [, uid, gid] = /^nobody:[^:]*:(-?\d+):(-?\d+):/m.exec(await readFile('/etc/passwd', 'utf8')) ?? []
  if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) }
  throw userError(
    'no_ordinary_user',
    'PostgreSQL refuses to run as root, and there is no user "nobody" to run it. ' +
      'Start Outlay as an ordinary user, or set DATABASE_URL to a PostgreSQL server.',
  )
}

async function statIfThere(path: string) {
  try {
    return await stat(path, { bigint: true })
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

function explainRefusal(home: string, cause: unknown): unknown {
  if (errorCode(cause) !== 'EACCES' && errorCode(cause) !== 'EPERM') return cause
  return userError(
    'home_of_another_user',
    `${home} belongs to another user, or this user may not write there. ` +
      'Start Outlay as that user, or set OUTLAY_HOME to another directory.',
    { cause },
  )
}

function errorCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
