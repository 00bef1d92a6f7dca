import { randomBytes } from 'node:crypto'
import type { Tx } from '../../database/index.ts'
import { currentCorrelation } from '../../kernel/logger.ts'
import { personalHash } from './sealed-entry.ts'

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
  const hash = entry.personal ? await keepPersonal(tx, id, entry.personal) : null
  await tx.em.execute(
    `with entry as (
       insert into audit_entry (id, company_id, at, actor_id, on_behalf_of_id, channel, action, subject_kind, subject_id,
         changes, correlation_id, personal_hash) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning company_id, id)
     insert into audit_unsealed (company_id, entry_id) select company_id, id from entry`,
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
      hash,
    ],
  )
}

/** Keeps what can be erased, with a key of its own, and returns the hash that stays. */
async function keepPersonal(tx: Tx, id: string, values: Record<string, unknown>): Promise<Buffer> {
  const key = randomBytes(32)
  const [kept] = await tx.em.execute<{ text: string }[]>(
    `insert into audit_personal (company_id, entry_id, "values", key) values (?, ?, ?, ?)
     returning "values"::text as text`,
    [tx.companyId, id, JSON.stringify(values), key],
  )
  if (!kept) throw new Error('nothing was inserted')
  return personalHash(key, kept.text)
}
