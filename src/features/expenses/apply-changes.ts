import { z } from 'zod'
import type { Tx } from '../../database/index.ts'
import { userError } from '../../kernel/errors.ts'
import { type Money, parseTypedAmount } from '../../kernel/money.ts'
import { cleanText } from '../../kernel/text.ts'
import { listCategories, listReasons } from '../people/index.ts'
import { applyStay, applyTrip } from './apply-calculation.ts'
import { mostTwins } from './duplicates.ts'
import { type ExpenseChanges, requireFieldOf, stayFields, tripFields } from './expense-changes.ts'
import type { Expense } from './expenses.entity.ts'
import { FieldErrors } from './field-errors.ts'
import { chosen, parseAttendees, parseCostCentre, parseExpenseDate, parseLine } from './parse-fields.ts'
import { mainCategory, type Part, parseShares, requireSum, rescaled } from './shares.ts'
import { parseSpendRequestId, requireSameCategory } from './spend-request-draws.ts'

/** What was typed about an expense that is split into these parts; none: it is not split. */
export interface Typed {
  changes: ExpenseChanges
  parts: readonly Part[]
}

/**
 * Sets what was typed in an expense, which may be a copy: no row is written. Every field is looked at before anything is
 * refused. Returns the parts that it is split into then.
 * @throws as `FieldErrors.refuse`
 */
export async function applyChanges(tx: Tx, expense: Expense, typed: Typed): Promise<readonly Part[]> {
  const errors = new FieldErrors()
  const parts = await applyInto(tx, expense, typed, errors)
  errors.refuse()
  return parts
}

/** The same with mistakes put into `errors`: what is right is set, what is wrong stays as it was. */
export async function applyInto(
  tx: Tx,
  expense: Expense,
  typed: Typed,
  errors: FieldErrors,
): Promise<readonly Part[]> {
  const { changes } = typed
  const before = { amountMinor: expense.amountMinor, currency: expense.currency }
  for (const { fields, apply } of appliers) {
    const given = fields.filter((field) => changes[field] !== undefined)
    if (given.length === 0) continue
    await errors.attempt(() => {
      for (const field of given) requireFieldOf(expense.kind, field)
      return apply(tx, expense, changes, typed.parts)
    })
  }
  const parts = errors.isEmpty ? await errors.attempt(() => followUp(tx, expense, typed, before)) : null
  return parts ?? typed.parts
}

/** What depends on several fields together. */
async function followUp(
  tx: Tx,
  expense: Expense,
  { changes, parts: sofar }: Typed,
  before: Pick<Expense, 'amountMinor' | 'currency'>,
): Promise<readonly Part[]> {
  // Another day may have another rate.
  if (expense.kind === 'mileage' && changes.date !== undefined && expense.calculation) {
    await applyTrip(tx, expense, changes)
  }
  const isOtherAmount = before.amountMinor !== expense.amountMinor || before.currency !== expense.currency
  // The tax was read beside another amount.
  if (isOtherAmount) expense.taxMinor = null
  const parts = await partsAfter(tx, expense, { changes, sofar, isOtherAmount })
  await requireSameCategory(tx, expense, parts)
  return parts
}

async function partsAfter(
  tx: Tx,
  expense: Expense,
  given: { changes: ExpenseChanges; sofar: readonly Part[]; isOtherAmount: boolean },
): Promise<readonly Part[]> {
  const { changes, sofar, isOtherAmount } = given
  if (!changes.shares) return isOtherAmount ? rescaled(sofar, expense.amountMinor) : sofar
  const parts = await parseShares(tx, changes.shares, expense.currency)
  await requireSum(tx, parts, amountOf(expense))
  expense.categoryId = mainCategory(parts) ?? expense.categoryId
  return parts
}

const amountOf = ({ amountMinor, currency }: Expense): Money | null =>
  amountMinor === null || currency === null ? null : { minor: amountMinor, currency }

interface Applier {
  /** One of these was typed. */
  fields: readonly (keyof ExpenseChanges)[]
  apply(tx: Tx, expense: Expense, changes: ExpenseChanges, parts: readonly Part[]): Promise<void> | void
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
      if (changes.amount.trim() === '') {
        throw userError('amount_missing', 'Please give the amount.', { field: 'amount' })
      }
      const currency = (changes.currency ?? expense.currency ?? '').toUpperCase()
      const money = parseTypedAmount(changes.amount, currency)
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
    apply: async (tx, expense, { categoryId, shares }, parts) => {
      // The parts say what it is for.
      if (shares && shares.length > 0) return
      if (!categoryId && hasUsualCategory(expense)) return
      const message = 'Please choose one of the categories.'
      const id = chosen(await listCategories(tx), categoryId, 'category', message)
      const isSplit = shares === undefined && parts.length > 0
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
    fields: ['differsFrom'],
    apply: (_tx, expense, { differsFrom = [] }) => {
      expense.differsFrom = differsFrom.filter((id) => z.uuid().safeParse(id).success).slice(0, mostTwins)
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
