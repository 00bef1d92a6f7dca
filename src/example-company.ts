import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Actor, acrossCompanies, type Database, inCompany } from './database/index.ts'
import { loadRates, parseRates } from './features/expenses/index.ts'
import { importOrganisation, parseOrganisation } from './features/organisation/index.ts'
import { listCompanies } from './features/people/index.ts'
import { subjects } from './subjects.ts'

const config = join(import.meta.dirname, '../config')
const actor: Actor = { personId: null, channel: 'system' }

/** Fills an empty database with the example companies and example rates. Leaves any other database alone. */
export async function importExample(database: Database): Promise<void> {
  if ((await acrossCompanies(database, listCompanies)).length > 0) return
  const rates = await readFile(join(config, 'rates.example.csv'), 'utf8')
  for (const file of ['globex.example.yaml', 'company.example.yaml']) {
    const organisation = parseOrganisation(await readFile(join(config, file), 'utf8'), `config/${file}`)
    const { companyId } = await importOrganisation(database, organisation, { actor, subjects })
    if (organisation.company.currency === 'USD') {
      await inCompany(database, { companyId, actor }, (tx) => loadRates(tx, parseRates(rates, 'USD')))
    }
  }
}
