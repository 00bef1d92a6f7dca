export { addReceipts, takingReceipts } from './add-receipts.ts'
export type { LooksLike } from './another-one.ts'
export { applyReading, sureAbove } from './apply-reading.ts'
export { mailDigest } from './ask-approvers.ts'
export { countedUnder } from './assess-expense.ts'
export { closeSpendRequest } from './close-spend-request.ts'
export { commentOnExpense } from './comment-on-expense.ts'
export { type ConfirmedValues, confirmFields } from './confirm-fields.ts'
export { type DraftInput, draftExpense } from './draft-expense.ts'
export { editExpense } from './edit-expense.ts'
export { type ExchangeRate, loadRates, parseRates } from './exchange-rates.ts'
export type { ExpenseChanges, ShareChanges } from './expense-changes.ts'
export { type ExpenseLine, linesOf } from './expense-lines.ts'
export type {
  CommentView,
  DrawnRequest,
  DrawnSummary,
  ExpenseView,
  HeldRequest,
  ReceiptView,
  ShareView,
  StepView,
  UndoneView,
} from './expense-view.ts'
export type {
  Calculation,
  DocumentFacts,
  ExpenseField,
  ExpenseKind,
  ExpenseSource,
  Mileage,
  PerDiem,
} from './expenses.entity.ts'
export { expensesOfDeliveries } from './expenses.ts'
export type { FieldProblem } from './field-errors.ts'
export { warningsOf } from './findings.ts'
export {
  cancellationNumber,
  type IssuedDocument,
  issueCancellation,
  issueDocument,
  readDocument,
  statementBefore,
  statementNumber,
} from './issue-document.ts'
export { type LikelyAnswers, likelyAnswers, noAnswers } from './likely-answers.ts'
export { countOwnExpenses, findExpense, listOwnExpenses, type OwnPage } from './list-expenses.ts'
export { listStuckExpenses } from './list-stuck.ts'
export {
  listWaitingExpenses,
  summarizeWaiting,
  type WaitingExpense,
  type WaitingSummary,
} from './list-waiting-expenses.ts'
export { categoriesUsedFor, recentCurrencies } from './often-used.ts'
export { namesAmount, namesCents, type TypedExpense } from './parse-typed-expense.ts'
export { type ChangePreview, checkChanges, type FormTarget, previewChanges } from './preview-changes.ts'
export { listRates, type RateChoices } from './rates.ts'
export { reactToApproval } from './react-to-approval.ts'
export { reassessExpense } from './reassess-expense.ts'
export { refreshDrafts } from './refresh-drafts.ts'
export { type OwnReport, reportOwn } from './report-own.ts'
export { lineSeenBy, said, seenBy, waitingSeenBy } from './seen-by.ts'
export { settleExpenses } from './settle-expenses.ts'
export { byCategory } from './shares.ts'
export { listHeldRequests, listSpendRequests } from './spend-request-draws.ts'
export { type ExpenseToStart, startExpense } from './start-expense.ts'
export {
  readTypedExpense,
  startTypedExpense,
  type TypedExpenseToStart,
} from './start-typed-expense.ts'
export { countsAsSpent, type ExpenseStatus, statusInWords } from './status.ts'
export { routeExpense, submitExpense } from './submit-expense.ts'
export { expensesOfMail, submitWhenSure } from './submit-when-sure.ts'
export { undoOnExpense } from './undo-on-expense.ts'
export { undoable } from './undoable.ts'
export { viewExpense } from './view-expense.ts'
export { discardExpense, withdrawExpense } from './withdraw-expense.ts'
