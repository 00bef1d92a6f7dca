export type ExpenseStatus =
  | 'draft'
  | 'submitted'
  | 'awaiting_approval'
  | 'approved'
  | 'rejected'
  | 'sent_back'
  | 'blocked'
  | 'cancelled'
  | 'settled'

/** Whether an expense in this status counts as spent: on its way, or approved. See `spending.ts`. */
export function countsAsSpent(status: ExpenseStatus): boolean {
  return ['submitted', 'awaiting_approval', 'approved', 'settled'].includes(status)
}

/** What is not paid as it is: of two drafts one is just discarded, and what was rejected may be handed in again. */
export const notClaimed: readonly ExpenseStatus[] = ['draft', 'rejected']

const words: Record<ExpenseStatus, string> = {
  draft: 'a draft',
  submitted: 'submitted',
  awaiting_approval: 'waiting for approval',
  approved: 'approved',
  rejected: 'rejected',
  sent_back: 'sent back',
  blocked: 'blocked',
  cancelled: 'discarded',
  settled: 'settled',
}

/** A status in the words that people read. */
export function statusInWords(status: ExpenseStatus): string {
  return words[status]
}
