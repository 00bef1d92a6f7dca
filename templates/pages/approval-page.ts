import type { ExpenseView } from '../../src/features/expenses/index.ts'
import type { Notice } from './page.ts'

export interface ApprovalPageView {
  /** As seen from this approval: `viewExpense(tx, expenseId, approvalId)`. */
  expense: ExpenseView
  approvalId: string
  /** Where the form posts `decision` (approve, reject, send_back) and `comment`. */
  action: string
  receiptUrl: (receiptId: string) => string
  /** The approver whom the link was made for. */
  viewer: { name: string }
  notice: Notice | null
  /** What was typed before, when the page comes back with an error. */
  comment: string
  commentError: string | null
}

/** The page behind an approver's link. Opening it changes nothing; only the form decides. */
export function approvalPage(_view: ApprovalPageView): string {
  throw new Error('soon')
}
