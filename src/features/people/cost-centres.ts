import type { Tx } from '../../database/index.ts'
import { CostCentre } from './people.entity.ts'

/** The cost centres that can be chosen, in the company's order. */
export async function listCostCentres(tx: Tx): Promise<{ code: string; name: string }[]> {
  const where = { companyId: tx.companyId, active: true }
  const centres = await tx.em.find(CostCentre, where, { orderBy: { position: 'asc', code: 'asc' } })
  return centres.map(({ code, name }) => ({ code, name }))
}

/** What cost centres are called by code, also those that cannot be chosen any more. */
export async function namesOfCostCentres(tx: Tx): Promise<Map<string, string>> {
  const centres = await tx.em.find(CostCentre, { companyId: tx.companyId })
  return new Map(centres.map(({ code, name }) => [code, name]))
}
