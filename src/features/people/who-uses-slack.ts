import type { SystemTx } from '../../database/index.ts'
import type { Person } from './people.entity.ts'
import { personByEmail } from './people.ts'

/** The companies with active people in Slack; where nobody was met there yet, all of them. */
export async function companiesInSlack(tx: SystemTx): Promise<string[]> {
  const rows = await tx.em.execute<{ id: string; is_here: boolean }[]>(
    `select company_id as id, bool_or(slack_team_id is not null) as is_here
     from person where active group by company_id order by company_id`,
  )
  const here = rows.filter(({ is_here }) => is_here)
  return (here.length === 0 ? rows : here).map(({ id }) => id)
}

/** The active admin with this address, who may connect a workspace to their company; null for everybody else. */
export async function adminByEmail(tx: SystemTx, email: string): Promise<Person | null> {
  const person = await personByEmail(tx, email)
  return person?.active && person.roles.includes('admin') ? person : null
}
