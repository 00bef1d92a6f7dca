import type { Tx } from '../../database/index.ts'
import { recordAudit } from '../audit/index.ts'
import { readBlob, storeBlob } from '../receipts/index.ts'
import { type DocumentFacts, ExpenseDocument } from './expenses.entity.ts'
import { lockExpense } from './expenses.ts'

export interface StatementToIssue {
  expenseId: string
  revision: number
  /** Which approval of the expense it documents. */
  round: number
  facts: DocumentFacts
  pdf: Buffer
}

/** `EXP-2026-0042`, and `EXP-2026-0042-2` for the second time that it is approved. */
export function statementNumber(expenseNumber: string, round: number): string {
  return round === 1 ? expenseNumber : `${expenseNumber}-${round}`
}

/**
 * Keeps the statement of an approved expense and returns its id. The expense is locked, so that taking the approval back
 * comes first, and there is no statement, or finds it and cancels it.
 * @returns null when there is one already, or when that approval was taken back
 */
export async function issueDocument(tx: Tx, input: StatementToIssue): Promise<string | null> {
  const { expenseId, revision, round, facts, pdf } = input
  const expense = await lockExpense(tx, expenseId)
  if (expense.status !== 'approved' || expense.revision !== revision || expense.round !== round) return null
  const number = statementNumber(expense.number, round)
  return keep(tx, { kind: 'expense_statement', expenseId, revision, round, number, facts }, pdf)
}

/**
 * Keeps the document that cancels a statement, under the statement's number with `-C`, and returns its id.
 * @returns null when there is one already
 */
export async function issueCancellation(
  tx: Tx,
  { statementId, pdf }: { statementId: string; pdf: Buffer },
): Promise<string | null> {
  const statement = await tx.em.findOneOrFail(ExpenseDocument, { id: statementId })
  const { expenseId, revision, round, facts } = statement
  const number = cancellationNumber(statement.number)
  return keep(tx, { kind: 'cancellation', expenseId, revision, round, number, facts }, pdf)
}

/** What the cancellation of a statement is called. */
export const cancellationNumber = (statement: string): string => `${statement}-C`

type Kept = Omit<ExpenseDocument, 'id' | 'companyId' | 'sha256' | 'createdAt'>

async function keep(tx: Tx, document: Kept, pdf: Buffer): Promise<string | null> {
  const { companyId } = tx
  const { kind, expenseId, revision, round } = document
  if (await tx.em.findOne(ExpenseDocument, { companyId, kind, expenseId, revision, round })) return null
  const sha256 = await storeBlob(tx, pdf, 'application/pdf')
  const id = tx.newId()
  tx.em.create(ExpenseDocument, { ...document, id, companyId, sha256, createdAt: tx.now })
  await recordAudit(tx, {
    action: 'document.issued',
    subject: { kind: 'document', id },
    changes: { kind, expense: expenseId, revision, round, sha256 },
  })
  return id
}

/** The number of the last statement of an expense before this round; null when there was none. */
export async function statementBefore(tx: Tx, expenseId: string, round: number): Promise<string | null> {
  const where = {
    companyId: tx.companyId,
    kind: 'expense_statement',
    expenseId,
    round: { $lt: round },
  } as const
  const before = await tx.em.findOne(ExpenseDocument, where, { orderBy: { round: 'desc' } })
  return before?.number ?? null
}

/** A document as it is mailed, and what it says. */
export interface IssuedDocument {
  expenseId: string
  kind: ExpenseDocument['kind']
  number: string
  round: number
  /** UTC. */
  issuedAt: Date
  facts: DocumentFacts
  /** The statement that a cancellation cancels. */
  cancels: { number: string; issuedAt: Date } | null
  fileName: string
  bytes: Buffer
}

export async function readDocument(tx: Tx, id: string): Promise<IssuedDocument> {
  const document = await tx.em.findOneOrFail(ExpenseDocument, { id })
  const { bytes } = await readBlob(tx, document.sha256)
  const { expenseId, kind, number, round, createdAt: issuedAt, facts } = document
  const cancels = kind === 'cancellation' ? await cancelledBy(tx, document) : null
  return { expenseId, kind, number, round, issuedAt, facts, cancels, fileName: `${number}.pdf`, bytes }
}

async function cancelledBy(tx: Tx, cancellation: ExpenseDocument): Promise<IssuedDocument['cancels']> {
  const { companyId, expenseId, revision, round } = cancellation
  const where = { companyId, kind: 'expense_statement', expenseId, revision, round } as const
  const { number, createdAt } = await tx.em.findOneOrFail(ExpenseDocument, where)
  return { number, issuedAt: createdAt }
}
