import type { Tx } from '../../database/index.ts'
import { type CalendarDate, dateIn, parseCalendarDate } from '../../kernel/calendar-date.ts'
import { transientError, userError } from '../../kernel/errors.ts'
import { parseAmount } from '../../kernel/money.ts'
import { cleanText } from '../../kernel/text.ts'
import { hasOpenRequest, withdrawRequest } from '../approvals/index.ts'
import { recordAudit } from '../audit/index.ts'
import { refreshSurfaces } from '../notifications/index.ts'
import { getCompany, listCategories } from '../people/index.ts'
import type { Expense, ExpenseField } from './expenses.entity.ts'
import { lockOwn, lockOwnEditable } from './expenses.ts'
import { changeStatus } from './transitions.ts'

/** What the submitter typed, as text; what is undefined stays as it is. */
export interface ExpenseChanges {
  merchant?: string
  /** A plain decimal, in `currency`. */
  amount?: string
  currency?: string
  date?: string
  categoryId?: string
  note?: string | null
}

/**
 * Changes an expense that is a draft, was sent back or is blocked. What a person set counts as confirmed.
 * @throws userError with the `field` that is wrong; `not_yours`, `expense_locked`
 */
export async function editExpense(tx: Tx, expenseId: string, changes: ExpenseChanges): Promise<Expense> {
  const expense = await lockOwnEditable(tx, expenseId)
  const set = new Set<ExpenseField>()
  if (changes.merchant !== undefined) {
    expense.merchantName = parseMerchant(changes.merchant)
    set.add('merchant')
  }
  if (changes.amount !== undefined) {
    const money = parseAmount(changes.amount, (changes.currency ?? expense.currency ?? '').toUpperCase())
    // The tax was read beside another amount.
    if (money.minor !== expense.amountMinor || money.currency !== expense.currency) expense.taxMinor = null
    expense.amountMinor = money.minor
    expense.currency = money.currency
    set.add('amount').add('currency')
  }
  if (changes.date !== undefined) {
    expense.date = await parseExpenseDate(tx, changes.date)
    set.add('date')
  }
  if (changes.categoryId !== undefined) {
    const categories = await listCategories(tx)
    if (!categories.some(({ id }) => id === changes.categoryId)) {
      throw userError('category_unknown', 'Please choose one of the categories.', { field: 'category' })
    }
    expense.categoryId = changes.categoryId
    set.add('category')
  }
  if (changes.note !== undefined) expense.note = cleanText(changes.note ?? '', 2000).trim() || null
  expense.confirmed = [...new Set([...expense.confirmed, ...set])]
  expense.uncertain = expense.uncertain.filter((field) => !set.has(field))
  expense.updatedAt = tx.now
  await recordAudit(tx, {
    action: 'expense.edited',
    subject: { kind: 'expense', id: expense.id },
    changes: {
      fields: [...set],
      amountMinor: expense.amountMinor,
      currency: expense.currency,
      date: expense.date,
    },
    personal: { merchant: expense.merchantName, note: expense.note },
  })
  await refreshSurfaces(tx, expense.id)
  return expense
}

function parseMerchant(text: string): string {
  const name = cleanText(text.replace(/\s/g, ' ')).trim()
  if (name === '')
    throw userError('merchant_missing', 'Please say where the money was spent.', { field: 'merchant' })
  if (name.length > 200)
    throw userError('merchant_too_long', 'Please keep the name under 200 characters.', { field: 'merchant' })
  return name
}

/** No expense is dated after tomorrow (it may be tomorrow already where the money was spent) or before 2000. */
async function parseExpenseDate(tx: Tx, text: string): Promise<CalendarDate> {
  const date = parseCalendarDate(text)
  const company = await getCompany(tx)
  const latest = dateIn(new Date(tx.now.getTime() + 86_400_000), company.timeZone)
  if (date > latest) throw userError('date_in_future', 'This date is in the future.', { field: 'date' })
  if (date < '2000-01-01') throw userError('date_too_old', 'This date is too long ago.', { field: 'date' })
  return date
}

/** Discards a draft, or an expense that was sent back or blocked. It stays on record as cancelled. */
export async function discardExpense(tx: Tx, expenseId: string): Promise<void> {
  const expense = await lockOwnEditable(tx, expenseId)
  await changeStatus(tx, expense, 'cancelled')
  await refreshSurfaces(tx, expense.id)
}

/**
 * Takes a submitted expense back into a draft, as long as nobody has decided anything.
 * @throws userError `not_yours`, `already_decided`, `transition_illegal`
 */
export async function withdrawExpense(tx: Tx, expenseId: string): Promise<void> {
  // The request is locked before the expense, as deciding does: two orders of locks could wait for each other.
  await withdrawRequest(tx, expenseId)
  const expense = await lockOwn(tx, expenseId)
  // Routing may have opened a request while we waited for the lock. Then we come again, in the right order.
  if (await hasOpenRequest(tx, expenseId)) {
    throw transientError(
      'being_routed',
      'It is just being sent to the approvers. Please try again in a moment.',
    )
  }
  await changeStatus(tx, expense, 'draft')
  await refreshSurfaces(tx, expense.id)
}
