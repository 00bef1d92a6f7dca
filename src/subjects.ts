import type { ApprovalSubjects } from './features/approvals/index.ts'
import { reactToApproval } from './features/expenses/index.ts'

/** What each kind of approval subject does when its request moves. */
export const subjects: ApprovalSubjects = { expense: reactToApproval }
