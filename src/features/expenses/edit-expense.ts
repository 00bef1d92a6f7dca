import type { Tx } from '../../database/index.ts'
import { userError } from '../../kernel/errors.ts'
import { type Money, parseTypedAmount } from '../../kernel/money.ts'
import { cleanText } from '../../kernel/text.ts'
import { recordAudit } from '../audit/index.ts'
import { refreshSurfaces } from '../notifications/index.ts'
import { listCategories, listReasons } from '../people/index.ts'
import { applyStay, applyTrip } from './apply-calculation.ts'
import { type ExpenseChanges, requireFieldOf, stayFields, tripFields } from './expense-changes.ts'
import type { Expense, ExpenseField } from './expenses.entity.ts'
import { lockOwnEditable } from './expenses.ts'
import { FieldErrors } from './field-errors.ts'
import { chosen, parseAttendees, parseCostCentre, parseExpenseDate, parseLine } from './parse-fields.ts'
import { parseShares, requireSum, rescaleShares, sharesOf, writeShares } from './shares.ts'
import { parseSpendRequestId, requireSameCategory } from './spend-request-draws.ts'

/**
 * Changes an expense that is a draft, was sent back or is blocked. What a person set counts as confirmed. Every field is
 * looked at before anything is refused, so that all mistakes can be shown at once.
 * @throws userError with the `field` that is wrong, or `fields_invalid` with `details.fields` (a message for each) when
 *   several are; `not_yours`, `expense_locked`
 */
export async function editExpense(tx: Tx, expenseId: string, changes: ExpenseChanges): Promise<Expense> {
  const expense = await lockOwnEditable(tx, expenseId)
  await applyChanges(tx, expense, changes)
  const set = confirmedBy(expense, changes)
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
      categoryId: expense.categoryId,
      reasonId: expense.reasonId,
      costCentre: expense.costCentre,
      request: expense.requestId,
      shares: (await sharesOf(tx, expense.id)).map(({ categoryId, costCentre, amountMinor }) => ({
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

/** @throws as `FieldErrors.refuse` */
async function applyChanges(tx: Tx, expense: Expense, changes: ExpenseChanges): Promise<void> {
  const errors = new FieldErrors()
  const before = { amountMinor: expense.amountMinor, currency: expense.currency }
  for (const { fields, apply } of appliers) {
    const given = fields.filter((field) => changes[field] !== undefined)
    if (given.length === 0) continue
    await errors.attempt(() => {
      for (const field of given) requireFieldOf(expense.kind, field)
      return apply(tx, expense, changes)
    })
  }
  if (errors.isEmpty) await errors.attempt(() => followUp(tx, expense, changes, before))
  errors.refuse()
}

/** What depends on several fields together. */
async function followUp(
  tx: Tx,
  expense: Expense,
  changes: ExpenseChanges,
  before: Pick<Expense, 'amountMinor' | 'currency'>,
): Promise<void> {
  // Another day may have another rate.
  if (expense.kind === 'mileage' && changes.date !== undefined && expense.calculation) {
    await applyTrip(tx, expense, changes)
  }
  const isOtherAmount = before.amountMinor !== expense.amountMinor || before.currency !== expense.currency
  // The tax was read beside another amount.
  if (isOtherAmount) expense.taxMinor = null
  if (changes.shares) {
    const parts = await parseShares(tx, changes.shares, expense.currency)
    await requireSum(tx, parts, amountOf(expense))
    await writeShares(tx, expense, parts)
  } else if (isOtherAmount) {
    await rescaleShares(tx, expense)
  }
  await requireSameCategory(tx, expense)
}

const amountOf = ({ amountMinor, currency }: Expense): Money | null =>
  amountMinor === null || currency === null ? null : { minor: amountMinor, currency }

interface Applier {
  /** One of these was typed. */
  fields: readonly (keyof ExpenseChanges)[]
  apply(tx: Tx, expense: Expense, changes: ExpenseChanges): Promise<void> | void
}

/** How what was typed is checked and set, in this order. */
const appliers: Applier[] = [
  {
    fields: ['merchant'],
    apply: (_tx, expense, { merchant = '' }) => {
      const missing = 'Please say where the money was spent.'
      expense.merchantName = parseLine(merchant, { field: 'merchant', missing, longest: 200 })
    },
  },
  {
    fields: ['amount', 'currency'],
    apply: (_tx, expense, changes) => {
      if (changes.amount === undefined) return
      const currency = (changes.currency ?? expense.currency ?? '').toUpperCase()
      const money = parseTypedAmount(changes.amount ?? '', currency)
      expense.amountMinor = money.minor
      expense.currency = money.currency
    },
  },
  {
    fields: ['date'],
    apply: async (tx, expense, { date = '' }) => {
      expense.date = await parseExpenseDate(tx, date, { isPlanned: expense.kind === 'request' })
    },
  },
  {
    fields: [...new Set([...tripFields, ...stayFields])],
    apply: (tx, expense, changes) =>
      expense.kind === 'mileage' ? applyTrip(tx, expense, changes) : applyStay(tx, expense, changes),
  },
  {
    fields: ['categoryId'],
    apply: async (tx, expense, { categoryId, shares }) => {
      // The parts say what it is for.
      if (shares && shares.length > 0) return
      if (!categoryId && hasUsualCategory(expense)) return
      const message = 'Please choose one of the categories.'
      const id = chosen(await listCategories(tx), categoryId, 'category', message)
      const isSplit = shares === undefined && (await sharesOf(tx, expense.id)).length > 0
      if (isSplit && id !== expense.categoryId) {
        const split = 'It is split: please change the categories of its parts.'
        throw userError('category_split', split, { field: 'category' })
      }
      expense.categoryId = id
    },
  },
  {
    fields: ['reasonId'],
    apply: async (tx, expense, { reasonId }) => {
      const message = 'Please choose one of the reasons.'
      expense.reasonId = reasonId ? chosen(await listReasons(tx), reasonId, 'reason', message) : null
    },
  },
  {
    fields: ['attendees'],
    apply: (_tx, expense, { attendees = '' }) => {
      expense.attendees = parseAttendees(attendees)
    },
  },
  {
    fields: ['note'],
    apply: (_tx, expense, { note }) => {
      expense.note = cleanText(note ?? '', 2000).trim() || null
    },
  },
  {
    fields: ['costCentre'],
    apply: async (tx, expense, { costCentre }) => {
      // One that was closed since stays until another one is chosen.
      if ((costCentre || null) === expense.costCentre) return
      expense.costCentre = await parseCostCentre(tx, costCentre)
    },
  },
  {
    fields: ['requestId'],
    apply: async (tx, expense, { requestId }) => {
      if (requestId !== expense.requestId) expense.requestId = await parseSpendRequestId(tx, requestId)
    },
  },
  {
    fields: ['shares'],
    // They are written when their sum can be looked at: the amount may be wrong as well.
    apply: async (tx, expense, { shares = [] }) => {
      await parseShares(tx, shares, expense.currency)
    },
  },
]

/**
 * Of a drive or days away the rate has given the category by now, where none is chosen; as long as they cannot be worked
 * out, that is what is wrong.
 */
function hasUsualCategory({ kind, calculation, categoryId }: Expense): boolean {
  return (kind === 'mileage' || kind === 'per_diem') && (calculation === null || categoryId !== null)
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
