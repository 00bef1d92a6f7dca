import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.ts'
import { migrate, openDatabase } from '../../src/database/index.ts'
import { allEntities } from '../../src/features/all-entities.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { scratch } from './scratch.ts'

declare module 'vitest' {
  interface ProvidedContext {
    databaseUrl: string
    adminUrl: string
    /** Where the home stands that running programs start from, as soon as the first one needed it. */
    preparedHome: string
  }
}

/** One real PostgreSQL for the whole run; its migrated database is the template that every test file clones. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Whatever is started from here on finds its modules compiled: half of the time that a program takes to start.
  process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '../../node_modules/.cache/compiled')
  const home = await mkdtemp(join(await scratch(), 'outlay-test-'))
  const postgres = await startEmbeddedPostgres({
    home,
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' },
  })
  const database = await openDatabase({ url: postgres.url, entities: allEntities, clock: systemClock })
  await migrate(database)
  await database.close()
  project.provide('databaseUrl', postgres.url)
  project.provide('adminUrl', postgres.adminUrl)
  project.provide('preparedHome', join(home, 'prepared'))
  return async () => {
    await postgres.stop()
    await rm(home, { recursive: true, force: true })
  }
}
