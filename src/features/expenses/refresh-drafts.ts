import type { Tx } from '../../database/index.ts'
import { refreshSurfaces } from '../notifications/index.ts'
import { Expense } from './expenses.entity.ts'
import { editable } from './transitions.ts'

/** What an open draft shows is a preview: when policies or people change, it is judged and shown anew. */
export async function refreshDrafts(tx: Tx): Promise<void> {
  const where = { companyId: tx.companyId, status: { $in: [...editable] } }
  const drafts = await tx.em.find(Expense, where, { fields: ['id'], orderBy: { id: 'asc' } })
  for (const { id } of drafts) await refreshSurfaces(tx, id)
}
