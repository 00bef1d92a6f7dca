import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.ts'
import { freePort } from './free-port.ts'

/**
 * Puts into `home` the database that a first start makes, with the example companies. It is made once in a run, at
 * `prepared`, and copied from there, which takes a fraction of the time.
 */
export async function copyPreparedHome(prepared: string, home: string): Promise<void> {
  while (!existsSync(prepared)) await prepareOrWait(prepared)
  await promisify(execFile)('cp', ['-a', join(prepared, 'postgres'), home])
  const file = join(home, 'postgres/credentials.json')
  const credentials = JSON.parse(await readFile(file, 'utf8'))
  await writeFile(file, JSON.stringify({ ...credentials, port: await freePort() }))
}

/** Test files run side by side: the first that needs it makes it, the others wait. */
async function prepareOrWait(prepared: string): Promise<void> {
  const making = `${prepared}.making`
  try {
    await mkdir(making)
  } catch {
    return sleep(50)
  }
  try {
    // Somebody may have finished it since we looked.
    if (existsSync(prepared)) return
    await prepare(making)
    await rename(making, prepared)
  } finally {
    await rm(making, { recursive: true, force: true })
  }
}

async function prepare(home: string): Promise<void> {
  const postgres = await startEmbeddedPostgres({ home, settings: { fsync: 'off' } })
  try {
    // What programs write is safe from kill -9 all the same: no test takes the power from the machine.
    const admin = new pg.Client({ connectionString: postgres.adminUrl })
    await admin.connect()
    await admin.query('alter system set fsync = off')
    await admin.query('alter system set full_page_writes = off')
    await admin.end()
    await fill(postgres.url)
  } finally {
    await postgres.stop()
  }
}

async function fill(url: string): Promise<void> {
  // Only one file of a run needs these.
  const { migrate, openDatabase } = await import('../../src/database/index.ts')
  const { importExample } = await import('../../src/example-company.ts')
  const { allEntities } = await import('../../src/features/all-entities.ts')
  const { systemClock } = await import('../../src/kernel/clock.ts')
  const database = await openDatabase({ url, entities: allEntities, clock: systemClock })
  try {
    await migrate(database)
    await importExample(database)
  } finally {
    await database.close()
  }
}
