import type { Env } from '../../config/env.ts'
import { acrossCompanies } from '../database/index.ts'
import { importOrganisation, parseOrganisation } from '../features/organisation/index.ts'
import { companyIdByName } from '../features/people/index.ts'
import { userError } from '../kernel/errors.ts'
import { openForCommand } from '../program.ts'
import { subjects } from '../subjects.ts'

/**
 * Makes an empty company with one admin, by the same way in as an organisation file.
 * @throws userError `company_exists`, and those of an organisation file
 */
export async function initCompany(
  env: Env,
  options: { company: string; adminEmail: string; currency: string; timeZone: string },
): Promise<void> {
  const email = options.adminEmail
  const text = JSON.stringify({
    company: { name: options.company, currency: options.currency.toUpperCase(), time_zone: options.timeZone },
    people: [{ name: email.split('@')[0] ?? email, email, roles: ['admin'] }],
  })
  const organisation = parseOrganisation(text, 'init')
  const { database, close } = await openForCommand(env)
  try {
    if (await acrossCompanies(database, (tx) => companyIdByName(tx, organisation.company.name))) {
      throw userError('company_exists', `${options.company} exists already; nothing was changed.`)
    }
    await importOrganisation(database, organisation, { actor: { personId: null, channel: 'cli' }, subjects })
    process.stdout.write(`${options.company} is made, with ${email} as its admin. Next: npm run -s outlay -- org import FILE
`)
  } finally {
    await close()
  }
}
