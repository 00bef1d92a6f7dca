export { applyReading, sureAbove } from './apply-reading.ts'
export { commentOnExpense } from './comment-on-expense.ts'
export { type DraftInput, draftExpense } from './draft-expense.ts'
export { discardExpense, type ExpenseChanges, editExpense, withdrawExpense } from './edit-expense.ts'
export { type ExchangeRate, loadRates, parseRates } from './exchange-rates.ts'
export type { DocumentFacts, ExpenseField, ExpenseSource } from './expenses.entity.ts'
export {
  cancellationNumber,
  type IssuedDocument,
  issueCancellation,
  issueDocument,
  readDocument,
  statementBefore,
  statementNumber,
} from './issue-document.ts'
export { listWaitingExpenses, type WaitingExpense } from './list-waiting-expenses.ts'
export { reactToApproval } from './react-to-approval.ts'
export { reassessExpense } from './reassess-expense.ts'
export { refreshDrafts } from './refresh-drafts.ts'
export { countsAsSpent, type ExpenseStatus, statusInWords } from './status.ts'
export { routeExpense, submitExpense } from './submit-expense.ts'
export { expensesOfMail, submitWhenSure } from './submit-when-sure.ts'
export { undoOnExpense } from './undo-on-expense.ts'
export { undoable } from './undoable.ts'
export {
  type CommentView,
  type ExpenseView,
  type StepView,
  type UndoneView,
  viewExpense,
} from './view-expense.ts'
