import type { Tx } from '../../database/index.ts'
import { currentCorrelation } from '../../kernel/logger.ts'

export interface AuditedAction {
  /** `noun.verb` in the past: `expense.submitted`, `approval.decided`. */
  action: string
  subject: { kind: 'expense' | 'approval' | 'person' | 'company' | 'receipt' | 'document'; id: string }
  /** What changed: ids, amounts, statuses. Never what a person wrote or is called: that is `personal`. */
  changes?: Record<string, unknown>
  /** Names, comments and the like: kept apart, so that they can be erased. */
  personal?: Record<string, unknown>
  onBehalfOfId?: string
}

/** Writes one audit entry in the transaction of the action itself: either both happened or neither. */
export async function recordAudit(tx: Tx, entry: AuditedAction): Promise<void> {
  const id = tx.newId()
  await tx.em.execute(
    `insert into audit_entry (id, company_id, at, actor_id, on_behalf_of_id, channel, action, subject_kind, subject_id,
       changes, correlation_id) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      id,
      tx.companyId,
      tx.now,
      tx.actor.personId,
      entry.onBehalfOfId ?? null,
      tx.actor.channel,
      entry.action,
      entry.subject.kind,
      entry.subject.id,
      JSON.stringify(entry.changes ?? {}),
      currentCorrelation() ?? null,
    ],
  )
  if (entry.personal) {
    await tx.em.execute('insert into audit_personal (company_id, entry_id, "values") values (?, ?, ?)', [
      tx.companyId,
      id,
      JSON.stringify(entry.personal),
    ])
  }
}
