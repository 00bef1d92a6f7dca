import type { z } from 'zod'
import { catalog, type JobName, type JobPayload, type QueueName } from '../../jobs/catalog.ts'
import { permanentError } from '../kernel/errors.ts'
import { currentCorrelation } from '../kernel/logger.ts'
import type { SystemTx, Tx } from './database.ts'

/**
 * Outgoing work. A row is written in the same transaction as the state that asks for it, so either both exist or
 * neither. The relay moves rows to the queue; a row whose work is not confirmed within its lease goes round again:
 *
 *   pending --claim--> enqueued --finish--> done
 *      ^                  |
 *      +--- retry / lease ended ---+--- fail --> dead (kept: seen in metrics and log, replayable)
 *
 * `finish` runs inside the transaction of the work itself and succeeds once: that is what makes an effect in the
 * database happen exactly once, however often the job is delivered.
 */
export interface AddOptions {
  /** Not before this instant (UTC). */
  notBefore?: Date
  /** Rows of the same job and key merge while they are pending: ten changes to a card are one update. */
  mergeKey?: string
}

/** Asks for work, to be done after this transaction commits. */
export async function addToOutbox<Name extends JobName>(
  tx: Tx | SystemTx,
  job: Name,
  payload: JobPayload<Name>,
  options: AddOptions = {},
): Promise<void> {
  await addAllToOutbox(tx, job, [{ payload, ...options }])
}

/** The same for much work of one kind, in one statement. No two of it may have the same key. */
export async function addAllToOutbox<Name extends JobName>(
  tx: Tx | SystemTx,
  job: Name,
  work: readonly (AddOptions & { payload: JobPayload<Name> })[],
): Promise<void> {
  if (work.length === 0) return
  const companyId = 'companyId' in tx ? tx.companyId : null
  const rows = work.map(({ payload, notBefore = tx.now, mergeKey }) => ({ payload, notBefore, mergeKey }))
  // `do update` and not `do nothing`: it locks the row that we merge with, so that the relay cannot hand it out
  // before our change is committed. (If it just did, the row is no longer pending, and ours is inserted.)
  await tx.em.execute(
    `insert into outbox (company_id, queue, job, payload, not_before, merge_key, correlation_id, created_at)
     select ?::uuid, ?, ?, payload, "notBefore", "mergeKey", ?, ?::timestamptz
     from jsonb_to_recordset(?::jsonb) as work (payload jsonb, "notBefore" timestamptz, "mergeKey" text)
     on conflict (job, merge_key) where status = 'pending' do update set payload = excluded.payload`,
    [companyId, catalog[job].queue, job, currentCorrelation() ?? null, tx.now, JSON.stringify(rows)],
  )
  tx.wakesRelay = true
}

/**
 * Takes over all work of this kind with this payload that was asked for by now and waits: whoever calls does it in this
 * transaction or after it, with what they read from here on. For work that many ask for at the same moment: rows under a
 * `mergeKey` make those who ask wait for each other.
 * @param dueBy what is to wait longer (UTC) is left; without it all is taken
 */
export async function takeOverWork<Name extends JobName>(
  tx: Tx,
  job: Name,
  payload: JobPayload<Name>,
  dueBy: Date | null = null,
): Promise<void> {
  await tx.em.execute(
    `update outbox set status = 'done', finished_at = ? where id in (
       select id from outbox where queue = ? and job = ? and status = 'pending' and company_id = ? and payload = ?::jsonb
         and not_before <= coalesce(?, 'infinity'::timestamptz)
       for update skip locked)`,
    [tx.now, catalog[job].queue, job, tx.companyId, JSON.stringify(payload), dueBy],
  )
}

/** Whether work of this kind for the company is still to be done, or under way. */
export async function isWorkLeft(tx: Tx, job: JobName): Promise<boolean> {
  const [row] = await tx.em.execute<{ left: boolean }[]>(
    `select exists (select 1 from outbox where job = ? and status = 'pending' and company_id = ?)
       or exists (select 1 from outbox where queue = ? and job = ? and status = 'enqueued' and company_id = ?) as left`,
    [job, tx.companyId, catalog[job].queue, job, tx.companyId],
  )
  return row?.left ?? false
}

/** A row on its way to the queue. `attempt` is part of the queue's job id: a queue ignores ids that it still knows. */
export interface ClaimedWork {
  id: string
  job: string
  payload: unknown
  attempt: number
  failures: number
  companyId: string | null
  correlationId: string | null
  createdAt: Date
}

/**
 * Takes due rows of a queue, and rows of it whose lease ended, for handing over. At most `inFlight` of them are handed
 * over at a time: what waits in the queue uses up its lease, and what waits here does not. Two relays never take the
 * same row.
 */
export async function claimWork(tx: SystemTx, queue: QueueName, inFlight: number): Promise<ClaimedWork[]> {
  const rows = await tx.em.execute<ClaimedRow[]>(
    `with lapsed as (
       select id from outbox where queue = ? and status = 'enqueued' and leased_until <= ?
       limit ? for update skip locked
     ), fresh as (
       select id from outbox where queue = ? and status = 'pending' and not_before <= ?
       order by not_before, id
       limit greatest(0, ? - (select count(*) from outbox where queue = ? and status = 'enqueued'))
       for update skip locked
     ), due as (select id from fresh union all select id from lapsed)
     update outbox set status = 'enqueued', attempt = attempt + 1,
       leased_until = ?::timestamptz + make_interval(secs => coalesce((?::jsonb ->> job)::int, 60))
     from due where outbox.id = due.id
     returning outbox.id, job, payload, attempt, failures, company_id, correlation_id, created_at`,
    [queue, tx.now, inFlight, queue, tx.now, inFlight, queue, tx.now, leases],
  )
  return rows.map(toClaimedWork)
}

/** How long a worker may have each job, in seconds. */
const leases = JSON.stringify(
  Object.fromEntries(Object.entries(catalog).map(([job, { leaseSeconds }]) => [job, leaseSeconds])),
)

interface ClaimedRow {
  id: string
  job: string
  payload: unknown
  attempt: number
  failures: number
  company_id: string | null
  correlation_id: string | null
  created_at: string
}

function toClaimedWork(row: ClaimedRow): ClaimedWork {
  return {
    id: String(row.id),
    job: row.job,
    payload: row.payload,
    attempt: row.attempt,
    failures: row.failures,
    companyId: row.company_id,
    correlationId: row.correlation_id,
    createdAt: new Date(row.created_at),
  }
}

/** A row that a worker has begun, as its handler and the channels see it. */
export interface WorkInHand {
  /** Above 1, an earlier try may have had effects outside. */
  attempt: number
  /** How often it failed before. */
  failures: number
  /** Since when earlier tries may have had effects outside (UTC). */
  since: Date
  /** The company that the work belongs to. @throws for work of none */
  companyId: string
  /** Call it in the transaction of the effect. Where another try was faster, it undoes this one. */
  finish: (tx: Tx | SystemTx) => Promise<void>
  /** The same where there is no effect in the database. */
  finishAlone: () => Promise<void>
}

/**
 * Confirms the work in the transaction that did it.
 * @returns false when somebody confirmed it before: then nothing of this transaction may count, roll it back.
 */
export async function finishWork(tx: Tx | SystemTx, id: string): Promise<boolean> {
  const rows = await tx.em.execute<unknown[]>(
    `update outbox set status = 'done', finished_at = ?, leased_until = null
     where id = ? and status = 'enqueued' returning id`,
    [tx.now, id],
  )
  return rows.length === 1
}

/**
 * A worker begins: its lease runs from now.
 * @returns false when the work is done, or was handed out again since: then somebody else does it
 */
export async function beginWork(
  tx: SystemTx,
  work: { id: string; attempt: number },
  leaseSeconds: number,
): Promise<boolean> {
  // Losing this in a power cut would only end the lease earlier: it need not wait for the disk.
  await tx.em.execute('set local synchronous_commit = off')
  const rows = await tx.em.execute<unknown[]>(
    `update outbox set leased_until = ?::timestamptz + make_interval(secs => ?)
     where id = ? and status = 'enqueued' and attempt = ? returning id`,
    [tx.now, leaseSeconds, work.id, work.attempt],
  )
  return rows.length === 1
}

/**
 * Puts work that failed back for another try, at `notBefore`. It no longer merges: newer work may wait under its key.
 */
export async function retryWork(tx: SystemTx, id: string, notBefore: Date, problem: string): Promise<void> {
  await tx.em.execute(
    `update outbox set status = 'pending', merge_key = null, leased_until = null, not_before = ?, problem = ?,
       failures = failures + 1
     where id = ? and status = 'enqueued'`,
    [notBefore, problem.slice(0, 2000), id],
  )
  tx.wakesRelay = true
}

/** Gives rows back that the queue did not take: that is no failure of theirs. */
export async function unclaimWork(tx: SystemTx, ids: string[], notBefore: Date): Promise<void> {
  await tx.em.execute(
    `update outbox set status = 'pending', merge_key = null, leased_until = null, not_before = ?
     where id = any(?::bigint[]) and status = 'enqueued'`,
    [notBefore, `{${ids.join(',')}}`],
  )
}

/** Gives up on the work; it stays in the table, visible and replayable. */
export async function failWork(tx: SystemTx, id: string, problem: string): Promise<void> {
  await tx.em.execute(
    `update outbox set status = 'dead', finished_at = ?, leased_until = null, problem = ?
     where id = ? and status = 'enqueued'`,
    [tx.now, problem.slice(0, 2000), id],
  )
}

/**
 * Makes all enqueued work due at once. Only for a start that knows no other worker is alive (the embedded database has
 * one program): what a killed run left behind then goes on without waiting for its lease.
 */
export async function reclaimWork(tx: SystemTx): Promise<void> {
  await tx.em.execute(`update outbox set leased_until = ? where status = 'enqueued'`, [tx.now])
}

/** Removes work that was done before `before`. Dead work stays. */
export async function sweepWork(tx: SystemTx, before: Date): Promise<void> {
  await tx.em.execute(`delete from outbox where status = 'done' and finished_at < ?`, [before])
}

/** Milliseconds to wait after so many failures: one second, doubling, at most half a minute. */
export function backoff(failures: number): number {
  return Math.min(1000 * 2 ** (failures - 1), 30_000)
}

/**
 * Parses a payload as its job's schema says.
 * @throws permanentError `payload_invalid`
 */
export function parsePayload<Name extends JobName>(job: Name, payload: unknown): JobPayload<Name> {
  const schema: z.ZodType = catalog[job].payload
  const parsed = schema.safeParse(payload)
  if (!parsed.success) {
    throw permanentError('payload_invalid', `The payload of ${job} does not fit.`, { cause: parsed.error })
  }
  return parsed.data as JobPayload<Name>
}
