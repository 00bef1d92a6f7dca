import type { Env } from '../../config/env.ts'
import { inCompany } from '../database/index.ts'
import { type Organisation, organisationInForce, testPolicies } from '../features/organisation/index.ts'
import { openForCommand } from '../program.ts'
import { chooseCompany } from './choose-company.ts'
import { readOrganisation } from './organisation-file.ts'

/** Runs the examples of a file, or of the policies in force. The process fails when one comes out otherwise. */
export async function testPolicyExamples(
  env: () => Env,
  file: string | undefined,
  company: string | undefined,
): Promise<void> {
  const organisation = file === undefined ? await inForce(env(), company) : await readOrganisation(file)
  const tested = testPolicies(organisation)
  for (const { name, problems } of tested) {
    process.stdout.write(`${problems.length === 0 ? 'ok    ' : 'not ok'}  ${name}\n`)
    for (const problem of problems) process.stdout.write(`        ${problem}\n`)
  }
  const failed = tested.filter(({ problems }) => problems.length > 0).length
  process.stdout.write(
    tested.length === 0
      ? 'There is no example to test. Examples stand in the section “tests”.\n'
      : `${tested.length - failed} of ${tested.length} come out as expected.\n`,
  )
  if (failed > 0) process.exitCode = 1
}

async function inForce(env: Env, name: string | undefined): Promise<Organisation> {
  const { database, close } = await openForCommand(env)
  try {
    const company = await chooseCompany(database, name)
    const actor = { personId: null, channel: 'cli' as const }
    return await inCompany(database, { companyId: company.id, actor }, organisationInForce)
  } finally {
    await close()
  }
}
