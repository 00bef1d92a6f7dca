import type { Tx } from '../../database/index.ts'

/**
 * The names of everybody who is asked to decide about each of these subjects now, in the order in which they were asked.
 * Subjects that wait for nobody are left out.
 */
export async function whoIsAsked(tx: Tx, subjectIds: string[]): Promise<Map<string, string[]>> {
  if (subjectIds.length === 0) return new Map()
  await tx.em.flush()
  const rows = await tx.em.execute<{ subject_id: string; names: string[] }[]>(
    `select subject_id, array_agg(name order by asked_at, name) as names from (
       select r.subject_id, p.name, min(k.asked_at) as asked_at
       from approval_request r
       join approval a on a.company_id = r.company_id and a.request_id = r.id
       join approval_ask k on k.company_id = a.company_id and k.approval_id = a.id and k.ended_at is null
       join person p on p.company_id = k.company_id and p.id = k.person_id
       where r.company_id = ? and r.subject_kind = 'expense' and r.subject_id = any (?::uuid[]) and r.status = 'open'
       group by r.subject_id, p.id, p.name) asked
     group by subject_id`,
    [tx.companyId, `{${subjectIds.join(',')}}`],
  )
  return new Map(rows.map(({ subject_id, names }) => [subject_id, names]))
}
