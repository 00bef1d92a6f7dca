import type { Tx } from '../../database/index.ts'
import type { AskRole, SubjectKind } from './approvals.entity.ts'
import type { RequestStatus } from './machine.ts'

/** What a request tells the thing it is about, in the same transaction. */
export interface ApprovalProgress {
  subjectId: string
  /** Which revision of the subject the request is about. */
  revision: number
  /** `open` while further people are asked. */
  status: RequestStatus
  /**
   * `decided`: somebody decided. `asked_anew`: others are asked than before, because somebody left or steps were added.
   * `stuck`: somebody left and nobody else may decide; the request ended as `withdrawn`. `commented`: somebody asked
   * something, answered or remarked; nothing else changed. `undoing`: somebody is about to take back a decision; whoever
   * cannot go along locks the subject and throws. `undone`: they took it back. `passed_on`: a delegation begins or ends, so
   * others are asked in the place of the same approvers; they hear of all such requests together. `reminded`: `personId`
   * is reminded. `escalated`: the next one up is asked besides.
   */
  event:
    | 'decided'
    | 'asked_anew'
    | 'stuck'
    | 'commented'
    | 'undoing'
    | 'undone'
    | 'passed_on'
    | 'reminded'
    | 'escalated'
  /** The approval that was decided or taken back, or of the one who asks. */
  approvalId: string | null
  /** The person whose decision or comment this was, or who is reminded. */
  personId: string | null
  /** In whose place they decided, or took back a decision: its approver. null where it was their own. */
  onBehalfOfId: string | null
  /** The reason of a decision, or of taking one back. */
  comment: string | null
  commentId: string | null
  /** Every approval that was undone: the one that was taken back, and those that fell with it. */
  undoneApprovals: string[]
  /** Who is asked now and was not asked before this. */
  newAsks: NewAsk[]
}

/** Somebody is asked from now on. */
export interface NewAsk {
  approvalId: string
  personId: string
  role: AskRole
}

/**
 * How each kind of subject reacts to progress of its request. `src/subjects.ts` lists them: approvals know of a subject
 * only its kind and id.
 */
export type ApprovalSubjects = Record<SubjectKind, (tx: Tx, progress: ApprovalProgress) => Promise<void>>
