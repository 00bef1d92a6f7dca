import type { Tx } from '../../database/index.ts'
import { dateIn } from '../../kernel/calendar-date.ts'
import { toDecimal } from '../../kernel/money.ts'
import { getCompany, readerOf, requireActor } from '../people/index.ts'
import type { Expense, ExpenseSource } from './expenses.entity.ts'
import { expenseOfDelivery, lockExpense } from './expenses.ts'
import { suggestCategory } from './merchants.ts'
import { parseTypedExpense, type TypedExpense } from './parse-typed-expense.ts'
import { startExpense } from './start-expense.ts'

export interface TypedExpenseToStart {
  text: string
  source: ExpenseSource
  /** Names this one delivery, such as a message: delivered again, it gives the same expense. */
  deliveryKey: string
}

/** What a text says as the actor of this transaction means it: where they are, and in their company's currency. */
export async function readTypedExpense(tx: Tx, text: string): Promise<TypedExpense> {
  const { id } = await requireActor(tx)
  const { locale, timeZone } = await readerOf(tx, id)
  const { currency } = await getCompany(tx)
  return parseTypedExpense(text, { today: dateIn(tx.now, timeZone), locale, currency })
}

/**
 * Begins an expense of the actor from what they typed, without a receipt. What was guessed is marked, for them to look at.
 * Returns what the text says where that is no single expense; then nothing is kept.
 * @throws userError as `editExpense`, for a day that is too long ago
 */
export async function startTypedExpense(
  tx: Tx,
  { text, source, deliveryKey }: TypedExpenseToStart,
): Promise<{ expense: Expense } | Exclude<TypedExpense, { kind: 'expense' }>> {
  const known = await expenseOfDelivery(tx, deliveryKey)
  if (known) return { expense: known }
  const typed = await readTypedExpense(tx, text)
  if (typed.kind !== 'expense') return typed
  const { merchant, amount, date, note } = typed
  const { id: submitterId } = await requireActor(tx)
  const category = await suggestCategory(tx, { merchantName: merchant, submitterId, text })
  const { id } = await startExpense(tx, {
    kind: 'receipt',
    source,
    deliveryKey,
    changes: {
      ...(merchant === null ? {} : { merchant }),
      ...(note === null ? {} : { note }),
      ...(category ? { categoryId: category.category.id } : {}),
      amount: toDecimal(amount),
      currency: amount.currency,
      date,
    },
  })
  const expense = await lockExpense(tx, id)
  // What we guessed is not what they said.
  const guessed = [...typed.uncertain, ...(category && !category.sure ? (['category'] as const) : [])]
  const suggested = [...guessed, ...(category ? (['category'] as const) : [])]
  expense.uncertain = guessed
  expense.confirmed = expense.confirmed.filter((field) => !suggested.includes(field))
  return { expense }
}
