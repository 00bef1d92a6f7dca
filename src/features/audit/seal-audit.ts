import type { Tx } from '../../database/index.ts'
import { entryAsJson, noHash, sealHash } from './sealed-entry.ts'
import { streamRows } from './stream-rows.ts'

/**
 * Seals the entries of the company that are due: those older than every running transaction, so that none can still turn
 * up between them, in the order of their transactions and ids. Entries of a transaction that runs on are sealed after it,
 * and keep nobody waiting but those that began later. Only one seals a company at a time; others wait for it.
 * @returns how many were sealed
 */
export async function sealAudit(tx: Tx): Promise<number> {
  await tx.em.execute(`select pg_advisory_xact_lock(hashtext('outlay.audit.seal'), hashtext(?))`, [
    tx.companyId,
  ])
  let { seq, hash } = (await auditHead(tx)) ?? { seq: 0, hash: noHash }
  const first = seq
  const sealedAt = tx.now.toISOString().replace('Z', '000Z')
  const seals: Seal[] = []
  for await (const { id, entry } of streamRows<{ id: string; entry: string }>(tx, dueEntries, [
    tx.companyId,
  ])) {
    const previous = hash
    seq += 1
    hash = sealHash({ entry, previous, sealedAt })
    seals.push({ seq, id, previous, hash })
    if (seals.length === 1000) await insertSeals(tx, seals.splice(0))
  }
  if (seals.length > 0) await insertSeals(tx, seals)
  return seq - first
}

/** The newest seal. Kept elsewhere, it shows later whether the log was cut off or written anew. */
export interface AuditHead {
  seq: number
  /** 64 hexadecimal digits. */
  hash: string
}

/** The newest seal of the company; null while nothing is sealed. */
export async function auditHead(tx: Tx): Promise<AuditHead | null> {
  const [head] = await tx.em.execute<{ seq: string; hash: string }[]>(
    `select seq::text as seq, encode(hash, 'hex') as hash from audit_seal s
     where s.company_id = ? order by s.seq desc limit 1`,
    [tx.companyId],
  )
  return head ? { seq: Number(head.seq), hash: head.hash } : null
}

interface Seal extends AuditHead {
  id: string
  previous: string
}

/**
 * What others wrote and we can see has committed, so its id is below our snapshot's end. An id from there on is that of
 * another server, whose dump was restored here, or our own: that is sealed another time.
 */
const dueEntries = `
  select e.id, ${entryAsJson} as entry from audit_unsealed u
  join audit_entry e on e.company_id = u.company_id and e.id = u.entry_id
  where u.company_id = ?
    and (e.xid < (select pg_snapshot_xmin(pg_current_snapshot()))
      or (e.xid >= (select pg_snapshot_xmax(pg_current_snapshot()))
        and e.xid is distinct from (select pg_current_xact_id_if_assigned())))
    and not exists (select from audit_seal s where s.company_id = e.company_id and s.entry_id = e.id)
  order by e.xid, e.id`

async function insertSeals(tx: Tx, seals: Seal[]): Promise<void> {
  await tx.em.execute(
    `with sealed as (
       insert into audit_seal (company_id, seq, entry_id, previous_hash, hash, sealed_at)
       select ?, seq, id, decode(previous, 'hex'), decode(hash, 'hex'), ?
       from jsonb_to_recordset(?::jsonb) as row (seq bigint, id uuid, previous text, hash text)
       returning company_id, entry_id)
     delete from audit_unsealed u using sealed
     where u.company_id = sealed.company_id and u.entry_id = sealed.entry_id`,
    [tx.companyId, tx.now, JSON.stringify(seals)],
  )
}
