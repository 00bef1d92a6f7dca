import type { Tx } from '../../database/index.ts'
import { userError } from '../../kernel/errors.ts'
import { getCompany, listCategories } from '../people/index.ts'
import { calculateMileage, parseDistance } from './calculate-mileage.ts'
import { calculatePerDiem, parseMeals } from './calculate-per-diem.ts'
import type { ExpenseChanges } from './expense-changes.ts'
import type { Calculation, Expense } from './expenses.entity.ts'
import { FieldErrors } from './field-errors.ts'
import { parseExpenseDate, parseLine } from './parse-fields.ts'
import { mileageRates, perDiemRates } from './rates.ts'

/**
 * Works out a drive in one's own car from what was typed, and what was typed before.
 * @throws userError with the field
 */
export async function applyTrip(tx: Tx, expense: Expense, changes: ExpenseChanges): Promise<void> {
  const known = expense.calculation?.kind === 'mileage' ? expense.calculation : null
  const { rateKey, from, to, distance } = { ...known, ...given(changes) }
  const { currency } = await getCompany(tx)
  const errors = new FieldErrors()
  const place = (field: 'from' | 'to', text = '') => {
    const missing = field === 'from' ? 'Please say where the drive began.' : 'Please say where it ended.'
    return errors.attempt(() => parseLine(text, { field, missing, longest: 95 }))
  }
  const start = await place('from', from)
  const end = await place('to', to)
  const length = await errors.attempt(() => parseDistance(distance ?? ''))
  const { date } = expense
  const rate = await errors.attempt(async () => {
    const rateOn = await mileageRates(tx, rateKey)
    if (date !== null) return rateOn(date)
    throw userError('date_missing', 'Please give the day of the drive.', { field: 'date' })
  })
  errors.refuse()
  if (start === null || end === null || length === null || !rate || date === null) return
  const drive = { from: start, to: end, distance: length, date }
  set(expense, calculateMileage(drive, rate, currency), `${start} – ${end}`)
  await suggestCategory(tx, expense, rate.category)
}

/** The same for days away. @throws userError with the field */
export async function applyStay(tx: Tx, expense: Expense, changes: ExpenseChanges): Promise<void> {
  const known = expense.calculation?.kind === 'per_diem' ? expense.calculation : null
  const { currency } = await getCompany(tx)
  const errors = new FieldErrors()
  const day = (field: 'firstDay' | 'lastDay') =>
    errors.attempt(() => parseExpenseDate(tx, changes[field] ?? known?.[field] ?? '', { field }))
  const meals = async (field: 'breakfasts' | 'lunches' | 'dinners', before = 0) =>
    (await errors.attempt(() => parseMeals(changes[field] ?? String(before), field))) ?? 0
  const firstDay = await day('firstDay')
  const lastDay = await day('lastDay')
  const provided = {
    breakfast: await meals('breakfasts', known?.provided.breakfast),
    lunch: await meals('lunches', known?.provided.lunch),
    dinner: await meals('dinners', known?.provided.dinner),
  }
  const rateOn = await errors.attempt(() => perDiemRates(tx, changes.rateKey ?? known?.rateKey))
  errors.refuse()
  if (firstDay === null || lastDay === null || !rateOn) return
  const result = calculatePerDiem({ firstDay, lastDay, provided }, rateOn, currency)
  set(expense, result, result.calculation.rateName)
  expense.date = lastDay
  await suggestCategory(tx, expense, rateOn(lastDay).category)
}

/** What was typed, without what was not. */
function given({ rateKey, from, to, distance }: ExpenseChanges) {
  return {
    ...(rateKey === undefined ? {} : { rateKey }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(distance === undefined ? {} : { distance }),
  }
}

function set(
  expense: Expense,
  { calculation, amount }: { calculation: Calculation; amount: { minor: number; currency: string } },
  merchant: string,
): void {
  expense.calculation = calculation
  expense.amountMinor = amount.minor
  expense.currency = amount.currency
  expense.merchantName = merchant
}

/** The category that a rate is for, as long as none is chosen. */
async function suggestCategory(tx: Tx, expense: Expense, key: string | undefined): Promise<void> {
  if (expense.categoryId !== null || key === undefined) return
  expense.categoryId = (await listCategories(tx)).find((category) => category.key === key)?.id ?? null
}
