import { readFile } from 'node:fs/promises'
import type { Env } from '../../config/env.ts'
import { importOrganisation, type Organisation, parseOrganisation } from '../features/policy/index.ts'
import { userError } from '../kernel/errors.ts'
import { openForCommand } from '../program.ts'

export async function validateOrganisationFile(file: string): Promise<void> {
  const { people, policies = [] } = await readOrganisation(file)
  process.stdout.write(`${file} is fine: ${people.length} people, ${policies.length} policies.\n`)
}

/** Prints each change, then makes them all in one transaction, or none with `dryRun`. */
export async function importOrganisationFile(env: Env, file: string, dryRun: boolean): Promise<void> {
  const organisation = await readOrganisation(file)
  const { database, close } = await openForCommand(env)
  try {
    const actor = { personId: null, channel: 'cli' as const }
    const { changes } = await importOrganisation(database, organisation, actor, { dryRun })
    for (const change of changes) process.stdout.write(`${change}\n`)
    if (changes.length === 0) process.stdout.write('Nothing changes.\n')
    else
      process.stdout.write(
        dryRun
          ? 'Nothing was changed yet.\n'
          : changes.length === 1
            ? 'One change made.\n'
            : `${changes.length} changes made.\n`,
      )
  } finally {
    await close()
  }
}

async function readOrganisation(file: string): Promise<Organisation> {
  return parseOrganisation(await readText(file), file)
}

/** @throws userError `file_unreadable` */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw userError('file_unreadable', `${file} cannot be read.`, { cause: error })
  }
}
