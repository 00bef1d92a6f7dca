import type { InferEntity } from '@mikro-orm/postgresql'
import type { Tx } from '../../database/index.ts'
import type { Finding } from '../policy/index.ts'
import { ExpenseFinding } from './expenses.entity.ts'

/** Puts findings on record after those that an expense has. */
export async function addFindings(tx: Tx, expenseId: string, findings: Finding[]): Promise<void> {
  const { companyId } = tx
  const before = await tx.em.count(ExpenseFinding, { companyId, expenseId })
  for (const [index, finding] of findings.entries()) {
    tx.em.create(ExpenseFinding, {
      id: tx.newId(),
      companyId,
      expenseId,
      position: before + index,
      ...finding,
      said: finding.said ?? null,
      relatedExpenseId: finding.relatedExpenseId ?? null,
    })
  }
}

/** What was found about an expense, in its order. */
export async function findingsOf(tx: Tx, expenseId: string): Promise<Finding[]> {
  const where = { companyId: tx.companyId, expenseId }
  const rows = await tx.em.find(ExpenseFinding, where, { orderBy: { position: 'asc', id: 'asc' } })
  return rows.map(toFinding)
}

/** What warns or blocks, by expense, each in its order. */
export async function warningsOf(tx: Tx, expenseIds: string[]): Promise<Map<string, Finding[]>> {
  const where = {
    companyId: tx.companyId,
    expenseId: { $in: expenseIds },
    severity: { $ne: 'info' as const },
  }
  const rows = await tx.em.find(ExpenseFinding, where, { orderBy: { position: 'asc', id: 'asc' } })
  const warnings = new Map<string, Finding[]>(expenseIds.map((id) => [id, []]))
  for (const row of rows) warnings.get(row.expenseId)?.push(toFinding(row))
  return warnings
}

/** A finding as it was put on record. */
export function toFinding(row: InferEntity<typeof ExpenseFinding>): Finding {
  const { code, severity, message, said, clause, relatedExpenseId } = row
  return {
    code,
    severity,
    message,
    ...(said ? { said } : {}),
    clause,
    ...(relatedExpenseId ? { relatedExpenseId } : {}),
  }
}
