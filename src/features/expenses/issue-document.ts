import type { Tx } from '../../database/index.ts'
import { recordAudit } from '../audit/index.ts'
import { readBlob, storeBlob } from '../receipts/index.ts'
import { ExpenseDocument } from './expenses.entity.ts'

export interface DocumentToIssue {
  expenseId: string
  revision: number
  number: string
  pdf: Buffer
}

/**
 * Keeps the document of a completed expense and returns its id.
 * @returns null when this revision has its document already
 */
export async function issueDocument(tx: Tx, input: DocumentToIssue): Promise<string | null> {
  const where = {
    companyId: tx.companyId,
    kind: 'expense_statement',
    expenseId: input.expenseId,
    revision: input.revision,
  }
  if (await tx.em.findOne(ExpenseDocument, where)) return null
  const sha256 = await storeBlob(tx, input.pdf, 'application/pdf')
  const id = tx.newId()
  tx.em.create(ExpenseDocument, { ...where, id, number: input.number, sha256, createdAt: tx.now })
  await recordAudit(tx, {
    action: 'document.issued',
    subject: { kind: 'document', id },
    changes: { expense: input.expenseId, revision: input.revision, sha256 },
  })
  return id
}

/** A document as it is mailed. */
export async function readDocument(tx: Tx, id: string): Promise<{ fileName: string; bytes: Buffer }> {
  const document = await tx.em.findOneOrFail(ExpenseDocument, { id })
  const { bytes } = await readBlob(tx, document.sha256)
  return { fileName: `${document.number}.pdf`, bytes }
}
