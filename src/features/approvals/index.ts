export { addSteps } from './add-steps.ts'
export { type CommentSummary, commentOn, listComments } from './comment.ts'
export { type Decision, decideApproval } from './decide.ts'
export { decideSeveral } from './decide-several.ts'
export { hasApproval } from './has-approval.ts'
export { type Case, isRefused, type Judgement, judge } from './judge.ts'
export { type DecisionEntry, listDecisions } from './list-decisions.ts'
export { listWaiting, type WaitingApproval } from './list-waiting.ts'
export type { ApprovalStatus, RequestStatus, StepStatus, Verdict } from './machine.ts'
export { type MovedApproval, moveOpenApprovals } from './move-approvals.ts'
export { openRequest } from './open-request.ts'
export { type Plan, type PlannedStep, planApprovals } from './plan.ts'
export type { ApprovalProgress, ApprovalSubjects } from './subjects.ts'
export {
  type ApprovalSummary,
  type RequestSummary,
  subjectOfApproval,
  summarizeRequest,
  type UndoneApproval,
} from './summarize-request.ts'
export { undoDecision } from './undo-decision.ts'
export { hasOpenRequest, withdrawRequest } from './withdraw-request.ts'
