import { acrossCompanies, type Database } from '../database/index.ts'
import { type Company, listCompanies } from '../features/people/index.ts'
import { userError } from '../kernel/errors.ts'

/**
 * The company that `--company` names; without it, the only one there is.
 * @throws userError `company_unclear`
 */
export async function chooseCompany(database: Database, name: string | undefined): Promise<Company> {
  const companies = await acrossCompanies(database, listCompanies)
  const chosen = companies.filter((company) => name === undefined || company.name === name)
  const [company] = chosen
  if (!company || chosen.length > 1) {
    const names = companies.map((one) => `“${one.name}”`).join(', ')
    throw userError('company_unclear', `Say which company: --company with one of ${names || 'none yet'}.`)
  }
  return company
}
