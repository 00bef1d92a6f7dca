import type { Tx } from '../../database/index.ts'
import { userError } from '../../kernel/errors.ts'
import { recordAudit } from '../audit/index.ts'
import { refreshSurfaces } from '../notifications/index.ts'
import { type Expense, ExpenseStatusChange } from './expenses.entity.ts'
import { type ExpenseStatus, statusInWords } from './status.ts'

/** Every legal transition. What does not stand here is refused. */
export const transitions: Record<ExpenseStatus, readonly ExpenseStatus[]> = {
  draft: ['submitted', 'cancelled'],
  submitted: ['awaiting_approval', 'blocked', 'draft'],
  awaiting_approval: ['approved', 'rejected', 'sent_back', 'draft', 'blocked'],
  // Back to its approvers by a decision that was taken back: from these three. Only a request to spend can be given back
  // once it is approved: `closeSpendRequest` sees to that.
  approved: ['settled', 'awaiting_approval', 'cancelled'],
  rejected: ['awaiting_approval'],
  sent_back: ['submitted', 'cancelled', 'awaiting_approval'],
  blocked: ['submitted', 'cancelled'],
  cancelled: [],
  settled: [],
}

/** Statuses in which the submitter may change what the expense says. */
export const editable: readonly ExpenseStatus[] = ['draft', 'sent_back', 'blocked']

/**
 * Moves an expense to another status, with its place in the history and the audit log. `onBehalfOfId`: in whose place the
 * actor did what this follows from.
 * @throws userError `transition_illegal`
 */
export async function changeStatus(
  tx: Tx,
  expense: Expense,
  to: ExpenseStatus,
  { comment = null, onBehalfOfId = null }: { comment?: string | null; onBehalfOfId?: string | null } = {},
): Promise<void> {
  const from = expense.status
  if (!transitions[from].includes(to)) {
    throw userError(
      'transition_illegal',
      `${expense.number} is ${statusInWords(from)}, so it cannot become ${statusInWords(to)}.`,
      { details: { number: expense.number, status: from } },
    )
  }
  expense.status = to
  expense.updatedAt = tx.now
  recordStatus(tx, expense, from, comment)
  await letMonthsKnow(tx, expense, from)
  // Its request to spend shows what is drawn.
  if (expense.requestId !== null) await refreshSurfaces(tx, expense.requestId)
  await recordAudit(tx, {
    action: `expense.${to}`,
    subject: { kind: 'expense', id: expense.id },
    changes: { from, to, revision: expense.revision },
    ...(onBehalfOfId === null ? {} : { onBehalfOfId }),
    ...(comment === null ? {} : { personal: { comment } }),
  })
}

/** What becomes approved, or stops being so, waits for the month that closes next. Paying changes nothing about that. */
async function letMonthsKnow(tx: Tx, expense: Expense, from: ExpenseStatus): Promise<void> {
  const { id, kind, status, completedAt } = expense
  const isUndone = from === 'approved' && status !== 'settled'
  if (kind === 'request' || !(status === 'approved' || isUndone)) return
  await tx.em.execute(
    'insert into month_waiting (company_id, expense_id, kind, approved_at) values (?, ?, ?, ?)',
    isUndone ? [tx.companyId, id, 'undone', completedAt ?? tx.now] : [tx.companyId, id, 'approved', tx.now],
  )
}

/** Writes the present status into the history. `from` is null for a new expense. */
export function recordStatus(
  tx: Tx,
  expense: Expense,
  from: ExpenseStatus | null,
  comment: string | null,
): void {
  tx.em.create(ExpenseStatusChange, {
    id: tx.newId(),
    companyId: tx.companyId,
    expenseId: expense.id,
    fromStatus: from,
    status: expense.status,
    personId: tx.actor.personId,
    comment,
    channel: tx.actor.channel,
    at: tx.now,
  })
}
