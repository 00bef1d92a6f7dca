import type { Tx } from '../../database/index.ts'
import { userError } from '../../kernel/errors.ts'
import { recordAudit } from '../audit/index.ts'
import { refreshSurfaces } from '../notifications/index.ts'
import { requireActor } from '../people/index.ts'
import { addReceipt, fileHash, receiptsOf, type UploadedFile } from '../receipts/index.ts'
import { Expense } from './expenses.entity.ts'
import { lockOwnEditable } from './expenses.ts'
import { editable } from './transitions.ts'

/** More would make the card and the statement unreadable. */
const mostReceipts = 20

/**
 * Adds further receipts to an expense of the actor that is a draft, was sent back or is blocked. They are read, and it is
 * judged with them. A file that it has already is not added again.
 * @throws userError `not_yours`, `expense_locked`, `takes_no_receipts`, `receipts_known`, `too_many_receipts`,
 *   `file_too_large`, `file_not_receipt`
 */
export async function addReceipts(tx: Tx, expenseId: string, files: UploadedFile[]): Promise<Expense> {
  const expense = await lockOwnEditable(tx, expenseId)
  const { number } = expense
  if (expense.kind !== 'receipt') {
    throw userError('takes_no_receipts', `${number} is no expense with receipts, so nothing was added.`, {
      details: { number },
    })
  }
  const there = await receiptsOf(tx, expenseId)
  const known = new Set(there.map(({ fileSha256 }) => fileSha256))
  const fresh = files.filter(({ bytes }) => !known.has(fileHash(bytes)))
  if (fresh.length === 0)
    throw userError('receipts_known', `${number} has this receipt already.`, { details: { number } })
  if (there.length + fresh.length > mostReceipts) {
    throw userError('too_many_receipts', `${number} can have at most ${mostReceipts} receipts.`, {
      details: { number, most: mostReceipts },
    })
  }
  const { id: personId } = await requireActor(tx)
  const next = Math.max(-1, ...there.map(({ position }) => position)) + 1
  for (const [index, file] of fresh.entries()) {
    await addReceipt(tx, { expenseId, personId, position: next + index, file })
  }
  expense.updatedAt = tx.now
  await recordAudit(tx, {
    action: 'expense.receipts_added',
    subject: { kind: 'expense', id: expenseId },
    changes: { receipts: fresh.length },
  })
  await refreshSurfaces(tx, expenseId)
  return expense
}

/** Which of these expenses of the actor take further receipts now, the newest first. */
export async function takingReceipts(
  tx: Tx,
  expenseIds: string[],
): Promise<{ id: string; number: string }[]> {
  const { id: submitterId } = await requireActor(tx)
  const where = { companyId: tx.companyId, id: { $in: expenseIds }, submitterId }
  const found = await tx.em.find(
    Expense,
    { ...where, kind: 'receipt', status: { $in: [...editable] } },
    { orderBy: { id: 'desc' } },
  )
  return found.map(({ id, number }) => ({ id, number }))
}
