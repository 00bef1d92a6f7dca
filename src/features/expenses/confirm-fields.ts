import type { Tx } from '../../database/index.ts'
import { userError } from '../../kernel/errors.ts'
import { toDecimal } from '../../kernel/money.ts'
import { editExpense } from './edit-expense.ts'
import type { ExpenseChanges } from './expense-changes.ts'
import type { Expense, ExpenseField } from './expenses.entity.ts'
import { lockOwnEditable } from './expenses.ts'

/** What can be confirmed by one tap, as it was shown: a value that somebody read is the value that they confirm. */
export type ConfirmedValues = Pick<ExpenseChanges, 'merchant' | 'amount' | 'currency' | 'date' | 'categoryId'>

/**
 * Confirms fields of the actor's draft that were read without certainty, or chooses what was in doubt, as if they had been
 * typed. What is certain by now stays as it is: pressed twice, the second says nothing new.
 * @param values what the person saw or chose; what is left out is confirmed as it stands
 * @throws userError `answered_otherwise` when everything was answered meanwhile, and in another way; as `editExpense`
 */
export async function confirmFields(
  tx: Tx,
  expenseId: string,
  fields: readonly ExpenseField[],
  values: ConfirmedValues = {},
): Promise<void> {
  const expense = await lockOwnEditable(tx, expenseId)
  const open = fields.filter((field) => isInDoubt(expense, field))
  const chosen = { ...valuesOf(expense), ...values }
  if (open.length > 0) {
    await editExpense(tx, expenseId, changesFor(open, chosen), 'expense.confirmed')
  } else if (!isSame(valuesOf(expense), values)) {
    throw userError(
      'answered_otherwise',
      `This was answered already. To change ${expense.number}, choose Edit.`,
      { details: { number: expense.number } },
    )
  }
}

/** Read without certainty, or not at all. */
function isInDoubt(expense: Expense, field: ExpenseField): boolean {
  if (expense.uncertain.includes(field)) return true
  return field === 'category' && expense.categoryId === null && expense.kind !== 'per_diem'
}

function valuesOf(expense: Expense): ConfirmedValues {
  const { merchantName, amountMinor: minor, currency, date, categoryId } = expense
  return {
    ...(merchantName === null ? {} : { merchant: merchantName }),
    ...(minor === null || currency === null ? {} : { amount: toDecimal({ minor, currency }), currency }),
    ...(date === null ? {} : { date }),
    ...(categoryId === null ? {} : { categoryId }),
  }
}

/** An amount is nothing without its currency, so the two are one answer. */
function changesFor(fields: ExpenseField[], values: ConfirmedValues): ExpenseChanges {
  const { merchant, amount, currency, date, categoryId } = values
  const has = (field: ExpenseField) => fields.includes(field)
  return {
    ...(has('merchant') && merchant !== undefined ? { merchant } : {}),
    ...((has('amount') || has('currency')) && amount !== undefined && currency !== undefined
      ? { amount, currency }
      : {}),
    ...(has('date') && date !== undefined ? { date } : {}),
    ...(has('category') && categoryId !== undefined ? { categoryId } : {}),
  }
}

function isSame(present: ConfirmedValues, values: ConfirmedValues): boolean {
  const now = new Map(Object.entries(present))
  return Object.entries(values).every(([name, value]) => now.get(name) === value)
}
