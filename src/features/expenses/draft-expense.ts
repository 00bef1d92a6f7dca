import type { Tx } from '../../database/index.ts'
import { logger } from '../../kernel/logger.ts'
import { recordAudit } from '../audit/index.ts'
import { addReceipt, type UploadedFile } from '../receipts/index.ts'
import { blankExpense } from './blank-expense.ts'
import { Expense, ExpenseDelivery, type ExpenseKind, type ExpenseSource } from './expenses.entity.ts'
import { expenseOfDelivery, nextExpenseNumber } from './expenses.ts'
import { recordStatus } from './transitions.ts'

export interface DraftInput {
  /** Left out: `receipt`. */
  kind?: ExpenseKind
  submitterId: string
  source: ExpenseSource
  /** Names this one delivery, such as Slack message and file: delivered again, it gives the same expense. */
  deliveryKey: string
  files: UploadedFile[]
  note?: string | undefined
  /** The mail it came with. */
  mailId?: string
}

/**
 * Begins an expense from what somebody sent. Its receipts are stored and will be read.
 * @throws userError `file_too_large`, `file_not_receipt`
 */
export async function draftExpense(tx: Tx, input: DraftInput): Promise<Expense> {
  const known = await expenseOfDelivery(tx, input.deliveryKey)
  if (known) return known
  const { kind = 'receipt', submitterId, source, note, mailId } = input
  const number = await nextExpenseNumber(tx, kind)
  const blank = await blankExpense(tx, { kind, submitterId, source, number, note, mailId })
  const expense = tx.em.create(Expense, blank)
  tx.em.create(ExpenseDelivery, {
    companyId: tx.companyId,
    key: input.deliveryKey,
    expenseId: expense.id,
    createdAt: tx.now,
  })
  recordStatus(tx, expense, null, null)
  for (const [position, file] of input.files.entries()) {
    await addReceipt(tx, { expenseId: expense.id, personId: input.submitterId, position, file })
  }
  await recordAudit(tx, {
    action: 'expense.drafted',
    subject: { kind: 'expense', id: expense.id },
    changes: { number: expense.number, kind, source: input.source, receipts: input.files.length },
  })
  logger.info({ expense: expense.number, source: expense.source }, 'expense drafted')
  return expense
}
