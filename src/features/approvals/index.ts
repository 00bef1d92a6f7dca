export { type Decision, decideApproval } from './decide.ts'
export type { RequestStatus, Verdict } from './machine.ts'
export { openRequest } from './open-request.ts'
export { type Plan, type PlannedStep, planApprovals } from './plan.ts'
export type { ApprovalProgress, ApprovalSubjects } from './subjects.ts'
export {
  type ApprovalSummary,
  type RequestSummary,
  subjectOfApproval,
  summarizeRequest,
} from './summarize-request.ts'
export { hasOpenRequest, withdrawRequest } from './withdraw-request.ts'
