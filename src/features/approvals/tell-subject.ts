import type { Tx } from '../../database/index.ts'
import type { ApprovalRequest } from './approvals.entity.ts'
import type { ApprovalProgress, ApprovalSubjects } from './subjects.ts'

/** Tells the subject of a request what happened, once it is written. */
export async function tellSubject(
  tx: Tx,
  subjects: ApprovalSubjects,
  request: ApprovalRequest,
  progress: Pick<ApprovalProgress, 'event'> & Partial<ApprovalProgress>,
): Promise<void> {
  await tx.em.flush()
  await subjects[request.subjectKind](tx, {
    subjectId: request.subjectId,
    revision: request.revision,
    status: request.status,
    approvalId: null,
    personId: null,
    comment: null,
    commentId: null,
    undoneApprovals: [],
    ...progress,
  })
}
