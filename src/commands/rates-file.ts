import type { Env } from '../../config/env.ts'
import { inCompany } from '../database/index.ts'
import { loadRates, parseRates } from '../features/expenses/index.ts'
import { openForCommand } from '../program.ts'
import { chooseCompany } from './choose-company.ts'
import { readText } from './organisation-file.ts'

export async function importRatesFile(env: Env, file: string, companyName?: string): Promise<void> {
  const text = await readText(file)
  const { database, close } = await openForCommand(env)
  try {
    const company = await chooseCompany(database, companyName)
    const rates = parseRates(text, company.currency)
    const actor = { personId: null, channel: 'cli' as const }
    await inCompany(database, { companyId: company.id, actor }, (tx) => loadRates(tx, rates))
    process.stdout.write(`${rates.length} rates loaded for ${company.name}.\n`)
  } finally {
    await close()
  }
}
