import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import pg from 'pg'
import { inject } from 'vitest'
import {
  type Actor,
  acrossCompanies,
  type Database,
  inCompany,
  openDatabase,
  type Tx,
} from '../../src/database/index.ts'
import { allEntities } from '../../src/features/all-entities.ts'
import { loadRates, parseRates } from '../../src/features/expenses/index.ts'
import { importOrganisation, parseOrganisation } from '../../src/features/organisation/index.ts'
import { personByEmail } from '../../src/features/people/index.ts'
import type { Clock } from '../../src/kernel/clock.ts'
import { subjects } from '../../src/subjects.ts'

/** A clock that stands still until it is moved. */
export class TestClock implements Clock {
  #now: Date
  constructor(now = '2026-11-20T15:00:00Z') {
    this.#now = new Date(now)
  }
  now(): Date {
    return new Date(this.#now)
  }
  set(now: string | Date): void {
    this.#now = new Date(now)
  }
  advance(milliseconds: number): void {
    this.#now = new Date(this.#now.getTime() + milliseconds)
  }
}

export interface TestDatabase extends Database {
  clock: TestClock
  url: string
  /** Runs SQL as the superuser, past every wall. */
  asSuperuser<Row extends pg.QueryResultRow>(sql: string, parameters?: unknown[]): Promise<Row[]>
  /** The same with foreign keys left out. */
  withoutForeignKeys(sql: string, parameters: unknown[]): Promise<void>
  drop(): Promise<void>
}

/** A fresh database of its own, cloned from the migrated template; or one without any table. */
export async function createTestDatabase(template: 'outlay' | 'template0' = 'outlay'): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`
  await admin((client) => client.query(`create database ${name} template ${template} owner outlay`))
  const at = (base: string) => base.replace(/\/[^/]*$/, `/${name}`)
  const url = at(inject('databaseUrl'))
  const clock = new TestClock()
  const database = await openDatabase({ url, entities: allEntities, clock })
  const superuser = new pg.Pool({ connectionString: at(inject('adminUrl')), max: 2 })
  // At the end of the run the server goes away under idle connections.
  superuser.on('error', () => {})
  return {
    ...database,
    clock,
    url,
    asSuperuser: async <Row extends pg.QueryResultRow>(sql: string, parameters: unknown[] = []) =>
      (await superuser.query<Row>(sql, parameters)).rows,
    async withoutForeignKeys(sql, parameters) {
      const client = await superuser.connect()
      try {
        await client.query('set session_replication_role = replica')
        await client.query(sql, parameters)
      } finally {
        await client.query('reset session_replication_role')
        client.release()
      }
    },
    async drop() {
      await database.close()
      await superuser.end()
      await admin((client) => client.query(`drop database ${name} with (force)`))
    },
  }
}

async function admin(work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: inject('adminUrl') })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

const system: Actor = { personId: null, channel: 'system' }

/** Imports an example company and returns its id. */
export async function importExample(
  database: Database,
  file: 'company' | 'globex' = 'company',
): Promise<string> {
  const path = `config/${file}.example.yaml`
  const organisation = parseOrganisation(await readFile(path, 'utf8'), path)
  const { companyId } = await importOrganisation(database, organisation, { actor: system, subjects })
  if (file === 'company') {
    const rates = parseRates(
      await readFile('config/rates.example.csv', 'utf8'),
      organisation.company.currency,
    )
    await inCompany(database, { companyId, actor: system }, (tx) => loadRates(tx, rates))
  }
  return companyId
}

/** Runs a use case as the person with this address, as a channel would. */
export async function as<T>(database: Database, email: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  const person = await acrossCompanies(database, (tx) => personByEmail(tx, email))
  if (!person) throw new Error(`there is no ${email}`)
  const actor: Actor = { personId: person.id, channel: 'slack' }
  return inCompany(database, { companyId: person.companyId, actor }, work)
}
