import type { Tx } from '../../database/index.ts'
import { requireAdmin } from './require-admin.ts'

/** Somebody in Slack who asked for access and was not added since. Name and address are what the workspace says. */
export interface Stranger {
  id: string
  name: string | null
  email: string | null
  askedAt: Date
}

/**
 * Who asked for access and was not added yet, the longest waiting first. `after`: the last of the page before.
 * @throws userError `admin_required`
 */
export async function listStrangers(
  tx: Tx,
  { limit, after }: { limit: number; after?: string },
): Promise<Stranger[]> {
  await requireAdmin(tx)
  await tx.em.flush()
  const rows = await tx.em.execute<(Omit<Stranger, 'askedAt'> & { askedAt: string })[]>(
    `select r.id, r.name, r.email, r.created_at as "askedAt" from access_request r
     where r.company_id = ? and r.id > ? and not exists (select 1 from person p
       where p.company_id = r.company_id and (p.email = lower(r.email)
         or (p.slack_team_id = r.slack_team_id and p.slack_user_id = r.slack_user_id)))
     order by r.id limit ?`,
    [tx.companyId, after ?? '00000000-0000-0000-0000-000000000000', limit],
  )
  return rows.map((row) => ({ ...row, askedAt: new Date(row.askedAt) }))
}
