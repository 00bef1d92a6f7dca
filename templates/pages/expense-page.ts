import type { ExpenseView } from '../../src/features/expenses/index.ts'
import type { Notice } from './page.ts'

/** The fields of the form, by their names in the posted body. */
export type ExpenseFormField = 'merchant' | 'amount' | 'currency' | 'date' | 'category' | 'note'

export interface ExpensePageView {
  expense: ExpenseView
  /** Where the form posts its fields and `action` (submit, save, discard, take_back). */
  action: string
  receiptUrl: (receiptId: string) => string
  categories: { id: string; name: string }[]
  /** What the form shows: the expense's values, or what was typed when it comes back with errors. */
  values: Record<ExpenseFormField, string>
  errors: Partial<Record<ExpenseFormField, string>>
  notice: Notice | null
}

/** The submitter's page of one expense: the form while it can be changed, after that where it stands. */
export function expensePage(_view: ExpensePageView): string {
  throw new Error('soon')
}
