import type { Tx } from '../../database/index.ts'

/** Whether somebody is or was asked about a subject, or decided about it: in their own place or in that of another. */
export async function hasApproval(tx: Tx, subjectId: string, personId: string): Promise<boolean> {
  const rows = await tx.em.execute<unknown[]>(
    `select 1 from approval a join approval_request r on r.company_id = a.company_id and r.id = a.request_id
     where a.company_id = ? and r.subject_id = ? and (
       (a.approver_id = ? and a.status not in ('waiting', 'moved')) or a.decided_by = ?
       or exists (select 1 from approval_ask k
         where k.company_id = a.company_id and k.approval_id = a.id and k.person_id = ?))
     limit 1`,
    [tx.companyId, subjectId, personId, personId, personId],
  )
  return rows.length > 0
}
