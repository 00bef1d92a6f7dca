import type { Tx } from '../../database/index.ts'
import { getCompany, preferencesOf } from '../people/index.ts'

/**
 * Whether more waits for somebody than they want a message each about: more than they chose, else than the company did.
 * What waits for them in the place of others counts.
 */
export async function wantsDigest(tx: Tx, personId: string): Promise<boolean> {
  const most = (await preferencesOf(tx, personId)).digestOver ?? (await getCompany(tx)).digestOver
  if (most === 0) return false
  await tx.em.flush()
  const [row] = await tx.em.execute<{ waiting: number }[]>(
    `select count(*)::int as waiting from (
       select from approval_ask where company_id = ? and person_id = ? and ended_at is null limit ?) ask`,
    [tx.companyId, personId, most + 1],
  )
  return (row?.waiting ?? 0) > most
}
