import type { Tx } from '../../database/index.ts'
import { type CalendarDate, dateIn, parseCalendarDate } from '../../kernel/calendar-date.ts'
import { AppError, transientError, userError } from '../../kernel/errors.ts'
import { parseTypedAmount } from '../../kernel/money.ts'
import { cleanText } from '../../kernel/text.ts'
import { hasOpenRequest, withdrawRequest } from '../approvals/index.ts'
import { recordAudit } from '../audit/index.ts'
import { refreshSurfaces } from '../notifications/index.ts'
import { getCompany, listCategories, listReasons } from '../people/index.ts'
import type { Expense, ExpenseField } from './expenses.entity.ts'
import { lockOwn, lockOwnEditable, requireOwn } from './expenses.ts'
import { changeStatus } from './transitions.ts'

/** What the submitter typed, as text; what is undefined stays as it is. */
export interface ExpenseChanges {
  merchant?: string
  /** A plain decimal, in `currency`. */
  amount?: string
  currency?: string
  date?: string
  categoryId?: string
  /** null or empty: none. */
  reasonId?: string | null
  /** Names, one a line or by comma. */
  attendees?: string
  note?: string | null
}

/**
 * Changes an expense that is a draft, was sent back or is blocked. What a person set counts as confirmed. Every field is
 * looked at before anything is refused, so that all mistakes can be shown at once.
 * @throws userError with the `field` that is wrong, or `fields_invalid` with `details.fields` (a message for each) when
 *   several are; `not_yours`, `expense_locked`
 */
export async function editExpense(tx: Tx, expenseId: string, changes: ExpenseChanges): Promise<Expense> {
  const expense = await lockOwnEditable(tx, expenseId)
  const wrong: AppError[] = []
  for (const [field, apply] of appliers(tx, expense, changes)) {
    if (changes[field] === undefined) continue
    try {
      await apply()
    } catch (error) {
      if (!(error instanceof AppError) || !error.field) throw error
      wrong.push(error)
    }
  }
  refuse(wrong)
  const set = confirmedBy(changes)
  expense.confirmed = [...new Set([...expense.confirmed, ...set])]
  expense.uncertain = expense.uncertain.filter((field) => !set.includes(field))
  expense.updatedAt = tx.now
  await recordAudit(tx, {
    action: 'expense.edited',
    subject: { kind: 'expense', id: expense.id },
    changes: {
      fields: Object.keys(changes),
      amountMinor: expense.amountMinor,
      currency: expense.currency,
      date: expense.date,
    },
    personal: { merchant: expense.merchantName, note: expense.note, attendees: expense.attendees },
  })
  await refreshSurfaces(tx, expense.id)
  return expense
}

/** @throws the only error, or one that holds them all */
function refuse(wrong: AppError[]): void {
  const [only] = wrong
  if (!only) return
  if (wrong.length === 1) throw only
  const fields = Object.fromEntries(wrong.map(({ field, message }) => [field, message]))
  const all = wrong.map(({ message }) => message).join(' ')
  throw userError('fields_invalid', all, { field: only.field ?? '', details: { fields } })
}

type Applier = [field: keyof ExpenseChanges, apply: () => Promise<void> | void]

/** How each field of the form is checked and set. */
function appliers(tx: Tx, expense: Expense, changes: ExpenseChanges): Applier[] {
  return [
    [
      'merchant',
      () => {
        expense.merchantName = parseMerchant(changes.merchant ?? '')
      },
    ],
    [
      'amount',
      () => {
        const currency = (changes.currency ?? expense.currency ?? '').toUpperCase()
        const money = parseTypedAmount(changes.amount ?? '', currency)
        // The tax was read beside another amount.
        if (money.minor !== expense.amountMinor || money.currency !== expense.currency)
          expense.taxMinor = null
        expense.amountMinor = money.minor
        expense.currency = money.currency
      },
    ],
    [
      'date',
      async () => {
        expense.date = await parseExpenseDate(tx, changes.date ?? '')
      },
    ],
    [
      'categoryId',
      async () => {
        const categories = await listCategories(tx)
        expense.categoryId = chosen(
          categories,
          changes.categoryId,
          'category',
          'Please choose one of the categories.',
        )
      },
    ],
    [
      'reasonId',
      async () => {
        const { reasonId } = changes
        expense.reasonId = reasonId
          ? chosen(await listReasons(tx), reasonId, 'reason', 'Please choose one of the reasons.')
          : null
      },
    ],
    [
      'attendees',
      () => {
        expense.attendees = parseAttendees(changes.attendees ?? '')
      },
    ],
    [
      'note',
      () => {
        expense.note = cleanText(changes.note ?? '', 2000).trim() || null
      },
    ],
  ]
}

/** The fields that count as confirmed by what was typed. */
function confirmedBy(changes: ExpenseChanges): ExpenseField[] {
  return [
    ...(changes.merchant === undefined ? [] : ['merchant' as const]),
    ...(changes.amount === undefined ? [] : ['amount' as const, 'currency' as const]),
    ...(changes.date === undefined ? [] : ['date' as const]),
    ...(changes.categoryId === undefined ? [] : ['category' as const]),
  ]
}

function chosen(list: { id: string }[], id: string | undefined, field: string, message: string): string {
  if (id === undefined || !list.some((one) => one.id === id))
    throw userError(`${field}_unknown`, message, { field })
  return id
}

function parseAttendees(text: string): string[] {
  const names = text
    .split(/[,;\n]/)
    .map((name) => cleanText(name.replace(/\s+/g, ' ')).trim())
    .filter((name) => name !== '')
  if (names.length > 100 || names.some((name) => name.length > 100)) {
    const message = 'Please give at most 100 names of at most 100 characters, separated by commas.'
    throw userError('attendees_too_long', message, { field: 'attendees' })
  }
  return [...new Set(names)]
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
  await requireOwn(tx, expenseId)
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
