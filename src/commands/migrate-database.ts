import type { Env } from '../../config/env.ts'
import { openForCommand } from '../program.ts'

export async function migrateDatabase(env: Env): Promise<void> {
  const { close } = await openForCommand(env)
  await close()
  process.stdout.write('The database is up to date.\n')
}
