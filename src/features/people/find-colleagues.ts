import type { Tx } from '../../database/index.ts'

export interface Colleague {
  id: string
  name: string
  email: string
}

/**
 * The other active people of the company whose name or address contains `words`; everybody for no words. By name, at most
 * `limit`, so that a menu of them is the same for ten people as for ten thousand.
 */
export async function findColleagues(tx: Tx, words: string, limit: number): Promise<Colleague[]> {
  const like = `%${words.trim().replace(/[\\%_]/g, '\\$&')}%`
  return tx.em.execute<Colleague[]>(
    `select id, name, email from person
     where company_id = ? and active and id is distinct from ? and (name ilike ? or email ilike ?)
     order by name, id limit ?`,
    [tx.companyId, tx.actor.personId, like, like, limit],
  )
}
