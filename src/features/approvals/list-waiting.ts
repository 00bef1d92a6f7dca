import type { Tx } from '../../database/index.ts'
import { getPeople } from '../people/index.ts'
import type { SubjectKind } from './approvals.entity.ts'

export interface WaitingApproval {
  approvalId: string
  subjectKind: SubjectKind
  subjectId: string
  /** Since when they are asked (UTC). */
  askedAt: Date
  /** In whose place they are asked, by name; null: in their own, or as the next one up. */
  onBehalfOf: string | null
  onBehalfOfId: string | null
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
  const rows = await tx.em.execute<WaitingRow[]>(waitingSql, [
    tx.companyId,
    personId,
    after ?? '00000000-0000-0000-0000-000000000000',
    limit,
  ])
  const people = await getPeople(
    tx,
    rows.map(({ onBehalfOfId }) => onBehalfOfId),
  )
  return rows.map((row) => ({
    ...row,
    askedAt: new Date(row.askedAt),
    onBehalfOf: people.get(row.onBehalfOfId ?? '')?.name ?? null,
  }))
}

interface WaitingRow extends Omit<WaitingApproval, 'askedAt' | 'onBehalfOf'> {
  askedAt: string | Date
}

/**
 * Answered from the index of who is asked, in its order: the page costs the same however much was ever decided. Nobody is
 * asked about what is decided or closed (`syncAsks`).
 */
const waitingSql = `
select k.approval_id as "approvalId", r.subject_kind as "subjectKind", r.subject_id as "subjectId",
  k.asked_at as "askedAt", k.on_behalf_of_id as "onBehalfOfId"
from approval_ask k
join approval a on a.company_id = k.company_id and a.id = k.approval_id
join approval_request r on r.company_id = a.company_id and r.id = a.request_id
where k.company_id = ? and k.person_id = ? and k.ended_at is null and k.approval_id > ?
order by k.company_id, k.person_id, k.approval_id limit ?`
