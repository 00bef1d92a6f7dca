export { addSteps } from './add-steps.ts'
export type { AskRole } from './approvals.entity.ts'
export { type CommentSummary, commentOn, listComments } from './comment.ts'
export { type Decision, decideApproval } from './decide.ts'
export { decideSeveral } from './decide-several.ts'
export { escalateAsk } from './escalate.ts'
export { hasApproval } from './has-approval.ts'
export { type Case, isRefused, type Judgement, judge, judgeInEach } from './judge.ts'
export { type DecisionEntry, listDecisions } from './list-decisions.ts'
export { listWaiting, type WaitingApproval } from './list-waiting.ts'
export type { ApprovalStatus, RequestStatus, StepStatus, Verdict } from './machine.ts'
export { type MovedApproval, moveOpenApprovals } from './move-approvals.ts'
export { codeOf } from './one-time-code.ts'
export { openRequest, type RequestToOpen } from './open-request.ts'
export { passOn, passOnAnew, syncRequest } from './pass-on.ts'
export { type Plan, type PlannedStep, planApprovals } from './plan.ts'
export { proveWithCode, type TypedCode } from './prove-with-code.ts'
export type { Language, Reason, ReasonFacts, ReasonKind, ReasonWords } from './reasons.ts'
export { remindAsked } from './remind.ts'
export { sayReason } from './say-reason.ts'
export { type SentCode, sendCode } from './send-code.ts'
export { getStepUp, needsCode, type StepUpView } from './step-up.ts'
export type { ApprovalProgress, ApprovalSubjects, NewAsk } from './subjects.ts'
export {
  type ApprovalSubject,
  type ApprovalSummary,
  type AskSummary,
  type DecidedSummary,
  type RequestSummary,
  subjectOfApproval,
  summarizeRequest,
  type UndoneApproval,
} from './summarize-request.ts'
export { undoDecision } from './undo-decision.ts'
export { wantsDigest } from './wants-digest.ts'
export { whoIsAsked } from './who-is-asked.ts'
export { hasOpenRequest, withdrawRequest } from './withdraw-request.ts'
