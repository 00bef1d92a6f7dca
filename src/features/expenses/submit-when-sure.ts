import type { Tx } from '../../database/index.ts'
import { receiptsOf } from '../receipts/index.ts'
import { assessExpense } from './assess-expense.ts'
import { Expense } from './expenses.entity.ts'
import { lockExpense } from './expenses.ts'
import { lockAgainstOthers } from './lock-against-others.ts'
import { submitExpense } from './submit-expense.ts'

/** The expenses that came with a mail, and whether their receipts are read (or known to be unreadable). */
export async function expensesOfMail(tx: Tx, mailId: string): Promise<{ id: string; isRead: boolean }[]> {
  const expenses = await tx.em.find(Expense, { companyId: tx.companyId, mailId }, { orderBy: { id: 'asc' } })
  const found: { id: string; isRead: boolean }[] = []
  for (const { id } of expenses) {
    const receipts = await receiptsOf(tx, id)
    found.push({ id, isRead: receipts.every(({ status }) => status !== 'waiting') })
  }
  return found
}

/**
 * Submits a draft that came by mail when nothing about it is in doubt: one receipt, every required field read with
 * certainty, and nothing that warns.
 * @returns whether it was submitted
 */
export async function submitWhenSure(tx: Tx, expenseId: string): Promise<boolean> {
  const expense = await lockExpense(tx, expenseId)
  const receipts = await receiptsOf(tx, expenseId)
  if (expense.kind !== 'receipt') return false
  if (expense.status !== 'draft' || receipts.length !== 1 || expense.uncertain.length > 0) return false
  await lockAgainstOthers(tx, expense)
  const { missing, findings, converted } = await assessExpense(tx, expense)
  if (missing.length > 0 || !converted || findings.some(({ severity }) => severity !== 'info')) return false
  await submitExpense(tx, expenseId)
  return true
}
