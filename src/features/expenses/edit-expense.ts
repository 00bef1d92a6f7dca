import type { Tx } from '../../database/index.ts'
import { recordAudit } from '../audit/index.ts'
import { refreshSurfaces } from '../notifications/index.ts'
import { applyChanges } from './apply-changes.ts'
import type { ExpenseChanges } from './expense-changes.ts'
import type { Expense, ExpenseField } from './expenses.entity.ts'
import { lockOwnEditable } from './expenses.ts'
import { sharesOf, writeShares } from './shares.ts'

/**
 * Changes an expense that is a draft, was sent back or is blocked. What a person set counts as confirmed. Every field is
 * looked at before anything is refused, so that all mistakes can be shown at once.
 * @throws userError with the `field` that is wrong, or `fields_invalid` with `details.fields` (a message for each) when
 *   several are; `not_yours`, `expense_locked`
 */
export async function editExpense(
  tx: Tx,
  expenseId: string,
  changes: ExpenseChanges,
  action: 'expense.edited' | 'expense.confirmed' = 'expense.edited',
): Promise<Expense> {
  const expense = await lockOwnEditable(tx, expenseId)
  const before = await sharesOf(tx, expense.id)
  const parts = await applyChanges(tx, expense, { changes, parts: before })
  if (parts !== before) await writeShares(tx, expense, parts)
  const set = confirmedBy(expense, changes)
  expense.confirmed = [...new Set([...expense.confirmed, ...set])]
  expense.uncertain = expense.uncertain.filter((field) => !set.includes(field))
  expense.updatedAt = tx.now
  await recordAudit(tx, {
    action,
    subject: { kind: 'expense', id: expense.id },
    changes: {
      fields: Object.keys(changes),
      amountMinor: expense.amountMinor,
      currency: expense.currency,
      date: expense.date,
      categoryId: expense.categoryId,
      reasonId: expense.reasonId,
      costCentre: expense.costCentre,
      request: expense.requestId,
      differsFrom: expense.differsFrom,
      shares: parts.map(({ categoryId, costCentre, amountMinor }) => ({
        categoryId,
        costCentre,
        amountMinor,
      })),
    },
    personal: {
      merchant: expense.merchantName,
      note: expense.note,
      attendees: expense.attendees,
      calculation: expense.calculation,
    },
  })
  await refreshSurfaces(tx, expense.id)
  return expense
}

/** The fields that count as confirmed by what was typed. */
function confirmedBy(expense: Expense, changes: ExpenseChanges): ExpenseField[] {
  return [
    ...(changes.merchant === undefined ? [] : ['merchant' as const]),
    ...(changes.amount === undefined ? [] : ['amount' as const, 'currency' as const]),
    ...(changes.date === undefined ? [] : ['date' as const]),
    ...(changes.categoryId || changes.shares?.length ? ['category' as const] : []),
    ...(expense.calculation?.kind === 'mileage' ? ['trip' as const] : []),
    ...(expense.calculation?.kind === 'per_diem' ? ['stay' as const] : []),
  ]
}
