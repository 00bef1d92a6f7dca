import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.ts'
import { migrate, openDatabase } from '../../src/database/index.ts'
import { allEntities } from '../../src/features/all-entities.ts'
import { systemClock } from '../../src/kernel/clock.ts'

declare module 'vitest' {
  interface ProvidedContext {
    databaseUrl: string
    adminUrl: string
  }
}

/** One real PostgreSQL for the whole run; its migrated database is the template that every test file clones. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = await mkdtemp(join(tmpdir(), 'outlay-test-'))
  const postgres = await startEmbeddedPostgres({
    home,
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' },
  })
  const database = await openDatabase({ url: postgres.url, entities: allEntities, clock: systemClock })
  await migrate(database)
  await database.close()
  project.provide('databaseUrl', postgres.url)
  project.provide('adminUrl', postgres.adminUrl)
  return async () => {
    await postgres.stop()
    await rm(home, { recursive: true, force: true })
  }
}
