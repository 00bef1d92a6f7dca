import type { Tx } from '../../database/index.ts'

/** Whether somebody is or was asked about a subject. */
export async function hasApproval(tx: Tx, subjectId: string, personId: string): Promise<boolean> {
  const rows = await tx.em.execute<unknown[]>(
    `select 1 from approval a join approval_request r on r.company_id = a.company_id and r.id = a.request_id
     where a.company_id = ? and a.approver_id = ? and r.subject_id = ? and a.status not in ('waiting', 'moved') limit 1`,
    [tx.companyId, personId, subjectId],
  )
  return rows.length > 0
}
