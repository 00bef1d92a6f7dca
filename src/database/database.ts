import { EventEmitter } from 'node:events'
import { DeadlockException, type EntityManager, MikroORM, type Options } from '@mikro-orm/postgresql'
import type { Clock } from '../kernel/clock.ts'
import { permanentError } from '../kernel/errors.ts'
import { type MakeId, uuidMaker } from '../kernel/ids.ts'
import { inTurn } from '../kernel/people-first.ts'
import { migrationOptions } from './migrations/index.ts'

/** Who does something, by which channel. It goes into every audit entry. */
export interface Actor {
  /** null: the system itself, such as a schedule. */
  personId: string | null
  channel: Channel
}

export type Channel = 'slack' | 'email' | 'api' | 'web' | 'cli' | 'system'

/** One transaction of one company: what every use case is given first. */
export interface Tx {
  em: EntityManager
  companyId: string
  actor: Actor
  /** The instant of this transaction (UTC); the same for everything that is done in it. */
  now: Date
  newId: MakeId
  /** Set by the outbox: there is work to relay after the commit. */
  wakesRelay: boolean
}

/** A transaction that sees every company. For the few that must: relay, sign-in look-up, migrations. */
export type SystemTx = Omit<Tx, 'companyId' | 'actor'>

export interface Database {
  orm: MikroORM
  clock: Clock
  newId: MakeId
  /** Emits `outbox` after each commit that put work into the outbox. */
  commits: EventEmitter<{ outbox: [] }>
  close(): Promise<void>
}

export interface DatabaseOptions {
  url: string
  entities: NonNullable<Options['entities']>
  clock: Clock
  /** Most connections at a time. */
  connections?: number
}

/**
 * Opens the database and refuses a role that row-level security would not bind.
 * @throws permanentError `database_unreachable`, `database_role_unsafe`
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const orm = await MikroORM.init({
    clientUrl: options.url,
    entities: options.entities,
    pool: { min: 0, max: options.connections ?? 16 },
    migrations: migrationOptions,
    forceUtcTimezone: true,
    // Ids without relations: the database checks foreign keys at commit, whatever the order of inserts.
    schemaGenerator: { disableForeignKeys: false },
  })
  const [role] = await orm.em
    .fork()
    .execute<{ unsafe: boolean; name: string }[]>(
      'select rolsuper or rolbypassrls as unsafe, rolname as name from pg_roles where rolname = current_user',
    )
    .catch(async (cause: unknown) => {
      await orm.close()
      const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
      throw permanentError('database_unreachable', `DATABASE_URL: the database does not answer (${why}).`, {
        cause,
      })
    })
  if (role?.unsafe !== false) {
    await orm.close()
    throw permanentError(
      'database_role_unsafe',
      `DATABASE_URL uses the role “${role?.name}”, which bypasses the walls between companies. ` +
        'Use a role that is neither superuser nor BYPASSRLS: create role outlay login password … nosuperuser nobypassrls.',
    )
  }
  const newId = uuidMaker(options.clock)
  return {
    orm,
    clock: options.clock,
    newId,
    commits: new EventEmitter(),
    close: () => orm.close(),
  }
}

/**
 * Brings the schema up to date. Safe to run from several processes at once: the second waits for the lock and finds
 * nothing left to do.
 */
export async function migrate(database: Database): Promise<void> {
  await database.orm.em.fork().transactional(async (em) => {
    await em.execute("select pg_advisory_xact_lock(hashtext('outlay.migrate'))")
    await database.orm.migrator.up()
  })
}

/**
 * Runs `work` in one transaction, in which only the rows of one company exist (PostgreSQL row-level security); after a
 * deadlock again from its beginning. State, audit entries and outgoing work commit together or not at all.
 */
export async function inCompany<T>(
  database: Database,
  who: { companyId: string; actor: Actor },
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  return run(database, "select set_config('outlay.company_id', ?, true)", [who.companyId], (base) =>
    work(Object.assign(base, who)),
  )
}

/**
 * Goes on in one company with a transaction that saw every company: from here on only the rows of that company exist.
 * What it read before it still knows, so it should have read nothing else. Never leads from one company into another.
 */
export async function narrowTo(tx: SystemTx, who: { companyId: string; actor: Actor }): Promise<Tx> {
  if ('companyId' in tx) throw new Error('this transaction is of one company already')
  await tx.em.execute(
    "select set_config('outlay.all_companies', '', true), set_config('outlay.company_id', ?, true)",
    [who.companyId],
  )
  return Object.assign(tx, who)
}

/** Runs `work` in one transaction that sees every company: the one door through the walls. */
export async function acrossCompanies<T>(database: Database, work: (tx: SystemTx) => Promise<T>): Promise<T> {
  return run(database, "select set_config('outlay.all_companies', 'on', true)", [], work)
}

function run<T>(
  database: Database,
  enter: string,
  parameters: string[],
  work: (tx: SystemTx) => Promise<T>,
): Promise<T> {
  return inTurn(() => attempt(database, enter, parameters, work))
}

async function attempt<T>(
  database: Database,
  enter: string,
  parameters: string[],
  work: (tx: SystemTx) => Promise<T>,
  triesLeft = 2,
): Promise<T> {
  const base: SystemTx = {
    em: database.orm.em.fork(),
    now: database.clock.now(),
    newId: database.newId,
    wakesRelay: false,
  }
  try {
    const result = await base.em.transactional(async (em) => {
      base.em = em
      await em.execute(enter, parameters)
      return work(base)
    })
    if (base.wakesRelay) database.commits.emit('outbox')
    return result
  } catch (error) {
    // PostgreSQL ended one of several that waited for each other; nothing of it is left, and now the way is free.
    if (error instanceof DeadlockException && triesLeft > 0)
      return attempt(database, enter, parameters, work, triesLeft - 1)
    throw error
  }
}

/** The name of the constraint that PostgreSQL saw violated, if that is what went wrong. */
export function violatedConstraint(error: unknown): string | null {
  return error instanceof Error && 'constraint' in error && typeof error.constraint === 'string'
    ? error.constraint
    : null
}
