import { type Actor, inCompany, type Tx } from '../../../src/database/index.ts'
import {
  type AuditedAction,
  type AuditFault,
  type AuditHead,
  type AuditVerification,
  recordAudit,
  sealAudit,
  verifyAudit,
} from '../../../src/features/audit/index.ts'
import { createTestDatabase, importExample, type TestDatabase } from '../../support/test-database.ts'

const system: Actor = { personId: null, channel: 'system' }

/** The log of one company, as the program writes it. */
export interface AuditLog {
  database: TestDatabase
  companyId: string
  inside<T>(work: (tx: Tx) => Promise<T>, actor?: Actor): Promise<T>
  record(entry?: Partial<AuditedAction>, actor?: Actor): Promise<void>
  seal(): Promise<number>
  verify(expected?: AuditHead): Promise<AuditVerification & { all: AuditFault[] }>
  /** Many entries, faster than the program writes them. */
  fill(count: number): Promise<void>
  /** A transaction that runs until it is told to end. */
  begin(): Promise<OpenTransaction>
  /** Ends those that a failed test left open: whoever waits for one waits for ever. */
  endAll(): Promise<void>
  /** The entries in the order of their seals. */
  sealed(): Promise<{ seq: number; id: string; action: string; xid: string }[]>
}

export interface OpenTransaction {
  tx: Tx
  commit(): Promise<void>
  rollBack(): Promise<void>
}

/** A company whose log is empty. */
export async function emptyLog(): Promise<AuditLog> {
  const database = await createTestDatabase()
  const companyId = await importExample(database, 'globex')
  await database.asSuperuser(
    'alter table audit_entry disable trigger all; truncate audit_entry, audit_unsealed, audit_personal',
  )
  await database.asSuperuser('alter table audit_entry enable trigger all')
  return logOf(database, companyId)
}

export function logOf(database: TestDatabase, companyId: string): AuditLog {
  const inside = <T>(work: (tx: Tx) => Promise<T>, actor = system) =>
    inCompany(database, { companyId, actor }, work)
  const begun: OpenTransaction[] = []
  return {
    database,
    companyId,
    inside,
    record: (entry, actor) => inside((tx) => recordAudit(tx, { ...plain(companyId), ...entry }), actor),
    async seal() {
      await othersEnded(database)
      return inside(sealAudit)
    },
    async fill(count) {
      await inside((tx) =>
        tx.em.execute(
          `with entry as (
             insert into audit_entry (id, company_id, at, channel, action, subject_kind, subject_id, changes)
             select gen_random_uuid(), ?, ?, 'system', 'test.filled', 'company', ?, jsonb_build_object('n', n)
             from generate_series(1, ?) n returning company_id, id)
           insert into audit_unsealed select company_id, id from entry`,
          [companyId, tx.now, companyId, count],
        ),
      )
    },
    async verify(expected) {
      const all: AuditFault[] = []
      const onFault = (fault: AuditFault) => all.push(fault)
      return { ...(await inside((tx) => verifyAudit(tx, { expected, onFault }))), all }
    },
    async begin() {
      const transaction = await beginTransaction(inside)
      begun.push(transaction)
      return transaction
    },
    async endAll() {
      for (const transaction of begun.splice(0)) await transaction.rollBack().catch(() => {})
    },
    async sealed() {
      const rows = await database.asSuperuser<{ seq: string; id: string; action: string; xid: string }>(
        `select s.seq, e.id, e.action, e.xid::text as xid from audit_seal s join audit_entry e on e.id = s.entry_id
         where s.company_id = $1 order by s.seq`,
        [companyId],
      )
      return rows.map((row) => ({ ...row, seq: Number(row.seq) }))
    },
  }
}

export function plain(companyId: string): AuditedAction {
  return { action: 'test.done', subject: { kind: 'company', id: companyId } }
}

/** Other tests have transactions in other databases of this server, and sealing waits for all that run. */
async function othersEnded(database: TestDatabase): Promise<void> {
  const running = async () => {
    const rows = await database.asSuperuser<{ who: string }>(
      `select pid || ' ' || backend_xid as who from pg_stat_activity
       where backend_xid is not null and datname <> current_database()`,
    )
    return new Set(rows.map(({ who }) => who))
  }
  let before = await running()
  while (before.size > 0) {
    await new Promise((resolve) => setTimeout(resolve, 10))
    const now = await running()
    before = new Set([...before].filter((who) => now.has(who)))
  }
}

class RolledBack extends Error {}

async function beginTransaction(inside: AuditLog['inside']): Promise<OpenTransaction> {
  const begun = Promise.withResolvers<Tx>()
  const end = Promise.withResolvers<void>()
  const done = inside(async (tx) => {
    begun.resolve(tx)
    await end.promise
  })
  done.catch(begun.reject)
  return {
    tx: await begun.promise,
    async commit() {
      end.resolve()
      await done
    },
    async rollBack() {
      end.reject(new RolledBack())
      await done.catch((error) => {
        if (!(error instanceof RolledBack)) throw error
      })
    },
  }
}
