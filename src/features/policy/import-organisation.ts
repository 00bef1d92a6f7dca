import { type Actor, acrossCompanies, type Database, inCompany } from '../../database/index.ts'
import { recordAudit } from '../audit/index.ts'
import { companyIdByName, importPeople } from '../people/index.ts'
import type { Organisation } from './organisation.ts'
import { savePolicies } from './policy-versions.ts'

export interface ImportResult {
  companyId: string
  /** What was added or changed, a line each; empty when the file says what is so already. */
  changes: string[]
}

/**
 * Brings a company in line with its organisation file, in one transaction. Doing it twice changes nothing; with
 * `dryRun` everything is undone at the end, and only the changes are told.
 */
export async function importOrganisation(
  database: Database,
  organisation: Organisation,
  actor: Actor,
  options: { dryRun?: boolean } = {},
): Promise<ImportResult> {
  const existing = await acrossCompanies(database, (tx) => companyIdByName(tx, organisation.company.name))
  const companyId = existing ?? database.newId()
  let result: ImportResult = { companyId, changes: [] }
  const work = inCompany(database, { companyId, actor }, async (tx) => {
    const changes = await importPeople(tx, organisation)
    await tx.em.flush()
    const { policies } = organisation
    if (policies && (await savePolicies(tx, policies))) changes.push('policies: a new version')
    if (changes.length > 0) {
      await recordAudit(tx, {
        action: 'organisation.imported',
        subject: { kind: 'company', id: companyId },
        changes: { count: changes.length },
        personal: { changes },
      })
    }
    result = { companyId, changes }
    if (options.dryRun) throw new DryRun()
  })
  await work.catch((error: unknown) => {
    if (!(error instanceof DryRun)) throw error
  })
  return result
}

/** Rolls the transaction back; nothing went wrong. */
class DryRun extends Error {}
