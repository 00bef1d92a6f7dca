import type { Tx } from '../../database/index.ts'
import { currentAsks, syncAsks } from './asks.ts'
import type { LoadedRequest } from './load-request.ts'
import type { ApprovalProgress, ApprovalSubjects, NewAsk } from './subjects.ts'

/** By these nobody else is asked than before. */
const asksNobody: readonly ApprovalProgress['event'][] = ['undoing', 'commented', 'reminded']

/** Sees to it that those are asked who are to be asked now, and tells the subject of a locked request what happened. */
export async function tellSubject(
  tx: Tx,
  subjects: ApprovalSubjects,
  loaded: LoadedRequest,
  progress: Pick<ApprovalProgress, 'event'> & Partial<ApprovalProgress>,
): Promise<void> {
  await tx.em.flush()
  const { request } = loaded
  const asked = asksNobody.includes(progress.event) ? [] : await syncAsks(tx, loaded)
  await subjects[request.subjectKind](tx, {
    subjectId: request.subjectId,
    revision: request.revision,
    status: request.status,
    approvalId: null,
    personId: null,
    onBehalfOfId: principalOf(loaded, progress),
    comment: null,
    commentId: null,
    undoneApprovals: [],
    ...progress,
    newAsks: [...(progress.newAsks ?? []), ...asked].filter((ask) => isCurrent(loaded, ask)),
  })
}

/** Whose approval it is, where somebody else acted on it. */
function principalOf(
  { approvals }: LoadedRequest,
  { event, approvalId, personId }: Partial<ApprovalProgress>,
): string | null {
  if (event !== 'decided' && event !== 'undone') return null
  const approverId = approvals.find(({ id }) => id === approvalId)?.approverId
  return approverId === undefined || approverId === personId ? null : approverId
}

const isCurrent = (loaded: LoadedRequest, { approvalId, personId }: NewAsk) =>
  currentAsks(loaded).some((ask) => ask.approvalId === approvalId && ask.personId === personId)
