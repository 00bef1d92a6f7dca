import type { Env } from '../../config/env.ts'
import { acrossCompanies, inCompany } from '../database/index.ts'
import { loadRates, parseRates } from '../features/expenses/index.ts'
import { listCompanies } from '../features/people/index.ts'
import { userError } from '../kernel/errors.ts'
import { openForCommand } from '../program.ts'
import { readText } from './organisation-file.ts'

export async function importRatesFile(env: Env, file: string, companyName?: string): Promise<void> {
  const text = await readText(file)
  const { database, close } = await openForCommand(env)
  try {
    const companies = await acrossCompanies(database, listCompanies)
    const chosen = companies.filter(({ name }) => companyName === undefined || name === companyName)
    const [company] = chosen
    if (!company || chosen.length > 1) {
      const names = companies.map(({ name }) => `“${name}”`).join(', ')
      throw userError('company_unclear', `Say which company: --company with one of ${names || 'none yet'}.`)
    }
    const rates = parseRates(text, company.currency)
    const actor = { personId: null, channel: 'cli' as const }
    await inCompany(database, { companyId: company.id, actor }, (tx) => loadRates(tx, rates))
    process.stdout.write(`${rates.length} rates loaded for ${company.name}.\n`)
  } finally {
    await close()
  }
}
