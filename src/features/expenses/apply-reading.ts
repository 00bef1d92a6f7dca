import { addToOutbox, type Tx } from '../../database/index.ts'
import { tryAmount } from '../../kernel/money.ts'
import { refreshSurfaces } from '../notifications/index.ts'
import { getCompany } from '../people/index.ts'
import {
  getReceipt,
  type ReadingResult,
  type ReceiptReading,
  receiptsOf,
  recordReading,
  storable,
} from '../receipts/index.ts'
import type { Expense, ExpenseField } from './expenses.entity.ts'
import { lockExpense } from './expenses.ts'
import { suggestCategory } from './merchants.ts'
import { sumReceipts } from './sum-receipts.ts'

/** A read value at or above this confidence counts as sure; below it the person is asked to confirm it. */
export const sureAbove = 0.85

/**
 * Puts a reading on record and, while the expense is a draft for what the receipt shows, fills the fields that nobody set
 * or confirmed. What a person submitted is never changed by a reading.
 */
export async function applyReading(tx: Tx, receiptId: string, found: ReadingResult): Promise<void> {
  const result = { ...found, reading: found.reading && storable(found.reading) }
  const { expenseId } = await getReceipt(tx, receiptId)
  const expense = await lockExpense(tx, expenseId)
  await recordReading(tx, receiptId, result)
  if (expense.status === 'draft' && expense.kind === 'receipt' && result.reading) {
    await fillDraft(tx, expense, result.reading)
    await sumReceipts(tx, expense)
  }
  if (expense.status === 'submitted') {
    const receipts = await receiptsOf(tx, expenseId)
    if (receipts.every(({ status }) => status !== 'waiting'))
      await addToOutbox(tx, 'expense.route', { expenseId, revision: expense.revision })
  }
  if (expense.status === 'awaiting_approval' || expense.status === 'approved')
    await addToOutbox(tx, 'expense.reassess', { expenseId })
  if (expense.mailId)
    await addToOutbox(tx, 'mail.answer', { mailId: expense.mailId }, { mergeKey: expense.mailId })
  await refreshSurfaces(tx, expenseId)
}

async function fillDraft(tx: Tx, expense: Expense, reading: ReceiptReading): Promise<void> {
  const uncertain = new Set<ExpenseField>(expense.uncertain)
  const isFree = (field: ExpenseField, value: unknown) => !expense.confirmed.includes(field) && value === null
  const mark = (field: ExpenseField, confidence: number) => {
    if (confidence < sureAbove) uncertain.add(field)
  }
  if (reading.merchant && isFree('merchant', expense.merchantName)) {
    expense.merchantName = reading.merchant.value
    mark('merchant', reading.merchant.confidence)
  }
  if (reading.date && isFree('date', expense.date)) {
    expense.date = reading.date.value
    mark('date', reading.date.confidence)
  }
  if (reading.total && isFree('amount', expense.amountMinor)) {
    const company = await getCompany(tx)
    const currency = expense.currency ?? reading.currency?.value ?? company.currency
    // Digits that do not fit the currency are left for a person to type.
    const amount = tryAmount(reading.total.value, currency)
    if (amount !== null) {
      if (expense.currency === null) mark('currency', reading.currency?.confidence ?? 0)
      expense.currency = currency
      expense.amountMinor = amount.minor
      mark('amount', reading.total.confidence)
    }
  }
  if (expense.taxMinor === null && expense.currency !== null) {
    const amounts = reading.taxLines.map(
      ({ amount }) => tryAmount(amount, expense.currency ?? '')?.minor ?? 0,
    )
    expense.taxMinor = amounts.reduce((sum, minor) => sum + minor, 0) || null
  }
  if (isFree('category', expense.categoryId)) {
    const suggestion = await suggestCategory(tx, {
      merchantName: expense.merchantName,
      submitterId: expense.submitterId,
      text: reading.text,
    })
    expense.categoryId = suggestion?.category.id ?? null
    if (suggestion && !suggestion.sure) uncertain.add('category')
  }
  expense.uncertain = [...uncertain]
  expense.updatedAt = tx.now
}
