import { afterAll, beforeAll, expect, test } from 'vitest'
import { acrossCompanies, inCompany, narrowTo, openDatabase } from '../../src/database/index.ts'
import { allEntities } from '../../src/features/all-entities.ts'
import { everyRow } from '../support/every-row.ts'
import { createTestDatabase, importExample, type TestDatabase } from '../support/test-database.ts'

let database: TestDatabase
let techCorp: string
let globex: string
const actor = { personId: null, channel: 'system' as const }

beforeAll(async () => {
  database = await createTestDatabase()
  techCorp = await importExample(database, 'company')
  globex = await importExample(database, 'globex')
  await everyRow(database, techCorp)
})
afterAll(() => database.drop())

async function tables(): Promise<{ table: string; column: string }[]> {
  const rows = await database.asSuperuser<{ name: string }>(
    `select table_name as name from information_schema.tables
     where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> 'migration' order by 1`,
  )
  return rows.map(({ name }) => ({ table: name, column: name === 'company' ? 'id' : 'company_id' }))
}

test('every table holds rows of TechCorp, so that the next tests see what they claim to see', async () => {
  for (const { table, column } of await tables()) {
    const [row] = await database.asSuperuser<{ n: number }>(
      `select count(*)::int as n from ${table} where ${column} = $1`,
      [techCorp],
    )
    expect(row?.n, table).toBeGreaterThan(0)
  }
})

test('from the other company no table shows a row of TechCorp', async () => {
  for (const { table, column } of await tables()) {
    const rows = await inCompany(database, { companyId: globex, actor }, (tx) =>
      tx.em.execute<{ n: number }[]>(`select count(*)::int as n from ${table} where ${column} = ?`, [
        techCorp,
      ]),
    )
    expect(rows[0]?.n, table).toBe(0)
  }
})

test('a transaction of no company sees nothing at all', async () => {
  for (const { table } of await tables()) {
    const rows = await database.orm.em
      .fork()
      .execute<{ n: number }[]>(`select count(*)::int as n from ${table}`)
    expect(rows[0]?.n, table).toBe(0)
  }
})

test('whoever goes on in one company sees that one alone, and cannot go on in another', async () => {
  const seen = await acrossCompanies(database, async (tx) => {
    const narrowed = await narrowTo(tx, { companyId: globex, actor })
    await expect(narrowTo(tx, { companyId: techCorp, actor })).rejects.toThrow('of one company already')
    return narrowed.em.execute<{ id: string }[]>('select id from company')
  })
  expect(seen.map(({ id }) => id)).toEqual([globex])
})

test('the one door across companies sees both', async () => {
  const rows = await acrossCompanies(database, (tx) => tx.em.execute<unknown[]>('select id from company'))
  expect(rows).toHaveLength(2)
})

test('a row cannot be written into another company', async () => {
  const write = inCompany(database, { companyId: globex, actor }, (tx) =>
    tx.em.execute('insert into team (id, company_id, name) values (?, ?, ?)', [
      tx.newId(),
      techCorp,
      'Moles',
    ]),
  )
  await expect(write).rejects.toThrow(/row-level security/)
})

test('a reference cannot cross companies', async () => {
  const [frank] = await database.asSuperuser<{ id: string }>(
    `select id from person where email = 'frank.miller@techcorp.example'`,
  )
  const write = inCompany(database, { companyId: globex, actor }, (tx) =>
    tx.em.execute(`update person set manager_id = ?`, [frank?.id]),
  )
  await expect(write).rejects.toThrow(/foreign key/)
})

test('every table of a company stands behind the wall, also for its owner', async () => {
  const open = await database.asSuperuser<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
     and relname <> 'migration' and not (relrowsecurity and relforcerowsecurity)`,
  )
  expect(open).toEqual([])
})

test('a role that the wall does not bind is refused', async () => {
  const [row] = await database.asSuperuser<{ db: string }>('select current_database() as db')
  const { inject } = await import('vitest')
  const url = inject('adminUrl').replace(/\/[^/]*$/, `/${row?.db}`)
  const opened = openDatabase({ url, entities: allEntities, clock: database.clock })
  await expect(opened).rejects.toMatchObject({ code: 'database_role_unsafe' })
})
