import type { Tx } from '../../database/index.ts'
import type { SubjectKind } from './approvals.entity.ts'

export interface WaitingApproval {
  approvalId: string
  subjectKind: SubjectKind
  subjectId: string
  /** UTC. */
  askedAt: Date
}

/**
 * What a person is asked to decide now, in the order in which it was opened. `after`: the last approval of the page
 * before.
 */
export async function listWaiting(
  tx: Tx,
  personId: string,
  { after, limit }: { after?: string; limit: number },
): Promise<WaitingApproval[]> {
  const rows = await tx.em.execute<
    { approvalId: string; subjectKind: SubjectKind; subjectId: string; askedAt: string | Date }[]
  >(waitingSql, [tx.companyId, personId, after ?? '00000000-0000-0000-0000-000000000000', limit])
  return rows.map((row) => ({ ...row, askedAt: new Date(row.askedAt) }))
}

/** Answered from the index of what is asked, in its order: the page costs the same however much was ever decided. */
const waitingSql = `
select a.id as "approvalId", r.subject_kind as "subjectKind", r.subject_id as "subjectId", a.asked_at as "askedAt"
from approval a join approval_request r on r.company_id = a.company_id and r.id = a.request_id
where a.company_id = ? and a.approver_id = ? and a.status = 'asked' and a.id > ?
order by a.company_id, a.approver_id, a.id limit ?`
