import { readFile, writeFile } from 'node:fs/promises'
import type { Env } from '../../config/env.ts'
import { inCompany } from '../database/index.ts'
import { readSecrets } from '../embedded.ts'
import {
  exportOrganisation,
  importOrganisation,
  type Organisation,
  type ReviewedOrganisation,
  reviewOrganisation,
  testPolicies,
} from '../features/organisation/index.ts'
import { userError } from '../kernel/errors.ts'
import { decodeUtf8 } from '../kernel/utf8.ts'
import { openForCommand } from '../program.ts'
import { subjects } from '../subjects.ts'
import { chooseCompany } from './choose-company.ts'

const actor = { personId: null, channel: 'cli' as const }
const say = (line: string) => process.stdout.write(`${line}\n`)

export async function validateOrganisationFile(file: string): Promise<void> {
  const { organisation, warnings: odd } = await reviewFile(file)
  const warnings = [...odd, ...failingExamples(organisation, file)]
  const { people, document } = organisation
  const rates = document ? document.mileage.length + document.per_diem.length : 0
  const what = [
    count(people.length, 'person', 'people'),
    ...(document
      ? [
          count(document.policies.length, 'policy', 'policies'),
          count(document.rules.length, 'rule', 'rules'),
          count(document.limits.length, 'limit', 'limits'),
          ...(rates > 0 ? [count(rates, 'rate', 'rates')] : []),
          count(document.tests.length, 'test', 'tests'),
        ]
      : ['no policies: those in force stay']),
  ]
  const verdict = warnings.length === 0 ? 'is fine' : 'can be imported, but see below'
  say(`${file} ${verdict}: ${what.join(', ')}.`)
  warn(warnings)
}

/** Prints each change, then makes them all in one transaction, or none with `dryRun`. */
export async function importOrganisationFile(env: Env, file: string, dryRun: boolean): Promise<void> {
  const { organisation, warnings, tell } = await reviewFile(file)
  const { database, close } = await openForCommand(env)
  try {
    const dataKey = env.dataKey ?? (await readSecrets(env.home)).dataKey
    const options = { actor, subjects, dataKey, dryRun, tell }
    const { changes, notes } = await importOrganisation(database, organisation, options)
    for (const line of [...changes, ...notes]) say(line)
    warn([...warnings, ...failingExamples(organisation, file)])
    if (changes.length === 0) say('Nothing changes.')
    else if (dryRun) say('Nothing was changed yet.')
    else say(changes.length === 1 ? 'One change made.' : `${changes.length} changes made.`)
  } finally {
    await close()
  }
}

/** Writes the organisation in force to `file`, or to standard output. */
export async function exportOrganisationFile(
  env: Env,
  file: string | undefined,
  { company: name, force = false }: { company?: string; force?: boolean },
): Promise<void> {
  const { database, close } = await openForCommand(env)
  try {
    const company = await chooseCompany(database, name)
    const text = await inCompany(database, { companyId: company.id, actor }, exportOrganisation)
    if (file === undefined) process.stdout.write(text)
    else await writeNew(file, text, force)
  } finally {
    await close()
  }
}

/** @throws userError `file_exists`, `file_unwritable` */
async function writeNew(file: string, text: string, force: boolean): Promise<void> {
  try {
    await writeFile(file, text, { flag: force ? 'w' : 'wx' })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw userError('file_exists', `${file} exists already. Give another name, or --force to overwrite it.`)
    throw userError('file_unwritable', `${file} cannot be written.`, { cause: error })
  }
}

export async function readOrganisation(file: string): Promise<Organisation> {
  return (await reviewFile(file)).organisation
}

async function reviewFile(file: string): Promise<ReviewedOrganisation> {
  return reviewOrganisation(await readText(file), file)
}

/** @throws userError `file_unreadable`, `file_not_utf8` */
export async function readText(file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw userError('file_unreadable', `${file} cannot be read.`, { cause: error })
  })
  return decodeUtf8(bytes, file)
}

/** Which of the file's own examples it does not fulfil, in one line; nothing when it fulfils them all. */
function failingExamples(organisation: Organisation, file: string): string[] {
  const tested = testPolicies(organisation)
  const failing = tested.filter(({ problems }) => problems.length > 0).map(({ name }) => `“${name}”`)
  if (failing.length === 0) return []
  const names = failing.length > 10 ? [...failing.slice(0, 9), `${failing.length - 9} others`] : failing
  const verb = failing.length === 1 ? 'comes' : 'come'
  return [
    `${file}: ${failing.length} of ${tested.length} examples ${verb} out otherwise than expected: ` +
      `${names.join(', ')}. See: policy test ${file}`,
  ]
}

function warn(warnings: string[]): void {
  for (const warning of warnings) say(`warning: ${warning}`)
}

const count = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`
