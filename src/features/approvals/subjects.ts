import type { Tx } from '../../database/index.ts'
import type { SubjectKind } from './approvals.entity.ts'
import type { RequestStatus } from './machine.ts'

/** What a request tells the thing it is about, in the same transaction. */
export interface ApprovalProgress {
  subjectId: string
  /** Which revision of the subject the request is about. */
  revision: number
  /** `open` while further people are asked. */
  status: RequestStatus
  /** The approval that was decided. */
  approvalId: string
  /** The person whose decision this was. */
  personId: string | null
  comment: string | null
}

/**
 * How each kind of subject reacts to progress of its request. `program.ts` lists them: approvals know of a subject only its
 * kind and id.
 */
export type ApprovalSubjects = Record<SubjectKind, (tx: Tx, progress: ApprovalProgress) => Promise<void>>
