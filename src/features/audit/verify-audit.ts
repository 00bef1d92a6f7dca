import type { Tx } from '../../database/index.ts'
import { userError } from '../../kernel/errors.ts'
import type { AuditHead } from './seal-audit.ts'
import { entryAsJson, instant, noHash, personalHash, sealHash } from './sealed-entry.ts'
import { streamRows } from './stream-rows.ts'

/** Something that is not as it was written. `seq` is the place in the chain, where one is known. */
export interface AuditFault {
  kind: FaultKind
  seq: number | null
  entryId: string | null
  /** For people. */
  text: string
}

export type FaultKind =
  /** An entry, or its seal, does not say what was sealed. */
  | 'changed'
  /** An entry or a seal is gone. */
  | 'removed'
  /** An entry came in by another way than the program's. */
  | 'inserted'
  /** A seal stands at another place than it was given. */
  | 'reordered'
  /** A seal does not follow the one before it: what stood between is gone or was written anew. */
  | 'broken'
  /** The log ends before the expected head. */
  | 'truncated'
  /** What an entry says of persons is not what was written. */
  | 'personal'

export interface AuditVerification {
  /** How many sealed entries are as they were sealed. */
  verified: number
  /** How many are not sealed yet: nothing can be said about them. */
  waiting: number
  /** Since when the oldest of these waits (UTC). */
  waitingSince: Date | null
  /** How many entries had personal values that are erased. */
  erased: number
  /** The newest seal, to be kept elsewhere. */
  head: AuditHead | null
  faults: number
  first: AuditFault | null
}

export interface VerifyOptions {
  /** A head that was kept elsewhere: shows whether the newest entries were cut off, or all was written anew. */
  expected?: AuditHead | undefined
  /** Told of every fault, in the order of the log. */
  onFault?: ((fault: AuditFault) => void) | undefined
}

/**
 * Compares the company's whole log with its seals, in memory that does not grow with it, and changes nothing. Every fault
 * is found where it is: what follows it is compared with what was sealed, so that one change is one fault.
 */
export async function verifyAudit(tx: Tx, options: VerifyOptions = {}): Promise<AuditVerification> {
  const result = {
    verified: 0,
    waiting: 0,
    waitingSince: null,
    erased: 0,
    head: null,
    faults: 0,
    first: null,
  }
  const log: Findings = {
    ...result,
    report(kind, text, { seq = null, entryId = null } = {}) {
      const fault = { kind, seq, entryId, text }
      log.faults += 1
      log.first ??= fault
      options.onFault?.(fault)
    },
  }
  await verifyChain(tx, log, options.expected)
  await verifyUnsealed(tx, log)
  await verifyPersonal(tx, log)
  const { report: _, ...verification } = log
  return verification
}

/**
 * Reads `SEQ:HASH`, as `outlay audit verify` prints it.
 * @throws userError `head_invalid`
 */
export function parseAuditHead(text: string): AuditHead {
  const [, seq, hash] = /^([1-9]\d{0,14}):([0-9a-f]{64})$/.exec(text.trim().toLowerCase()) ?? []
  if (seq === undefined || hash === undefined) {
    throw userError(
      'head_invalid',
      'A head looks like 1204:9f86d0…, with 64 hexadecimal digits after the colon.',
    )
  }
  return { seq: Number(seq), hash }
}

type Where = { seq?: number | null; entryId?: string | null }
interface Findings extends AuditVerification {
  report: (kind: FaultKind, text: string, where?: Where) => void
}

interface SealRow {
  seq: string
  entryId: string
  previous: string
  hash: string
  sealedAt: string
  entry: string | null
}

const chain = `
  select s.seq::text as seq, s.entry_id as "entryId", encode(s.previous_hash, 'hex') as previous,
    encode(s.hash, 'hex') as hash, ${instant('s.sealed_at')} as "sealedAt",
    case when e.id is not null then ${entryAsJson} end as entry
  from audit_seal s left join audit_entry e on e.company_id = s.company_id and e.id = s.entry_id
  where s.company_id = ? order by s.seq`

async function verifyChain(tx: Tx, log: Findings, expected: AuditHead | undefined): Promise<void> {
  let last = { seq: 0, hash: noHash }
  let met = false
  for await (const row of streamRows<SealRow>(tx, chain, [tx.companyId])) {
    const seq = Number(row.seq)
    const faults = log.faults
    await verifyPlace(tx, log, last, row)
    verifyContent(log, row)
    if (log.faults === faults) log.verified += 1
    last = { seq, hash: row.hash }
    if (seq !== expected?.seq) continue
    met = true
    if (row.hash !== expected.hash) {
      log.report('broken', `seal ${seq} is not the one of the expected head: the log was written anew`, {
        seq,
      })
    }
  }
  log.head = last.seq > 0 ? last : null
  if (expected && !met) {
    log.report('truncated', `seal ${expected.seq}, the expected head, is gone; the last one is ${last.seq}`, {
      seq: expected.seq,
    })
  }
}

/** Whether the seal follows the one before it. */
async function verifyPlace(tx: Tx, log: Findings, last: AuditHead, row: SealRow): Promise<void> {
  const seq = Number(row.seq)
  const where = { seq, entryId: row.entryId }
  if (seq > last.seq + 1) {
    const gone = seq === last.seq + 2 ? `seal ${last.seq + 1} is` : `seals ${last.seq + 1} to ${seq - 1} are`
    log.report('removed', `${gone} missing`, { seq: last.seq + 1 })
    return
  }
  if (row.previous === last.hash) return
  const [follower] = await tx.em.execute<{ seq: string }[]>(
    `select seq::text as seq from audit_seal where company_id = ? and previous_hash = decode(?, 'hex')`,
    [tx.companyId, last.hash],
  )
  if (follower) {
    log.report('reordered', `seal ${seq} does not follow the one before it; seal ${follower.seq} does`, where)
  } else {
    log.report('broken', `seal ${seq} does not follow the one before it: one of them was written anew`, where)
  }
}

/** Whether the entry is the one that was sealed. */
function verifyContent(log: Findings, row: SealRow): void {
  const where = { seq: Number(row.seq), entryId: row.entryId }
  if (row.entry === null) {
    log.report('removed', `entry ${row.entryId}, sealed as number ${row.seq}, is gone`, where)
  } else if (sealHash({ ...row, entry: row.entry }) !== row.hash) {
    log.report('changed', `entry ${row.entryId}, number ${row.seq}, is not what was sealed`, where)
  }
}

const unsealed = `
  select e.id, e.at, u.entry_id is not null as waits from audit_entry e
  left join audit_unsealed u on u.company_id = e.company_id and u.entry_id = e.id
  where e.company_id = ?
    and not exists (select from audit_seal s where s.company_id = e.company_id and s.entry_id = e.id)
  order by e.xid, e.id`

const waitingForNothing = `
  select u.entry_id as id from audit_unsealed u
  where u.company_id = ? and not exists (select from audit_entry e where e.company_id = u.company_id and e.id = u.entry_id)
  order by u.entry_id`

async function verifyUnsealed(tx: Tx, log: Findings): Promise<void> {
  for await (const row of streamRows<{ id: string; at: string; waits: boolean }>(tx, unsealed, [
    tx.companyId,
  ])) {
    if (row.waits) {
      log.waiting += 1
      log.waitingSince ??= new Date(row.at)
      continue
    }
    const text = `entry ${row.id} is not sealed and does not wait for it: it was slipped in, or its seal is gone`
    log.report('inserted', text, { entryId: row.id })
  }
  for await (const { id } of streamRows<{ id: string }>(tx, waitingForNothing, [tx.companyId])) {
    log.report('removed', `entry ${id} is gone; it waited for its seal`, { entryId: id })
  }
}

interface PersonalRow {
  entryId: string
  key: string
  values: string
  hash: string | null
  orphan: boolean
}

const personal = `
  select p.entry_id as "entryId", encode(p.key, 'hex') as key, p."values"::text as "values",
    encode(e.personal_hash, 'hex') as hash, e.id is null as orphan
  from audit_personal p left join audit_entry e on e.company_id = p.company_id and e.id = p.entry_id
  where p.company_id = ? order by p.entry_id`

async function verifyPersonal(tx: Tx, log: Findings): Promise<void> {
  for await (const { entryId, ...row } of streamRows<PersonalRow>(tx, personal, [tx.companyId])) {
    if (row.orphan) {
      log.report('personal', `there are personal values of an entry ${entryId} that is not there`, {
        entryId,
      })
    } else if (personalHash(Buffer.from(row.key, 'hex'), row.values).toString('hex') !== row.hash) {
      log.report('personal', `the personal values of entry ${entryId} are not what was written`, { entryId })
    }
  }
  const [count] = await tx.em.execute<{ erased: string }[]>(
    `select count(*) as erased from audit_entry e where e.company_id = ? and e.personal_hash is not null
       and not exists (select from audit_personal p where p.company_id = e.company_id and p.entry_id = e.id)`,
    [tx.companyId],
  )
  log.erased = Number(count?.erased ?? 0)
}
