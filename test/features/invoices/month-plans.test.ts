import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inCompany, type Tx } from '../../../src/database/index.ts'
import {
  closeMonth,
  listMonthNames,
  listUnpaid,
  monthOverview,
  summarizeUnpaid,
} from '../../../src/features/invoices/index.ts'
import { createTestDatabase, importExample, type TestDatabase } from '../../support/test-database.ts'

/**
 * What the months cost in a company of five years, as the program's role sees it, behind the company wall. The plans:
 * `EXPENSES=100000 npm test -- test/features/invoices/month-plans.test.ts`.
 */
const expenses = Number(process.env.EXPENSES ?? 30_000)
const months = 60
const each = Math.floor(expenses / months)
const undone = 12

let database: TestDatabase
let companyId: string
let fay: string

beforeAll(async () => {
  database = await createTestDatabase()
  companyId = await importExample(database, 'company')
  const [person] = await database.asSuperuser<{ id: string }>(
    `update person set roles = '{finance}' where email like 'grace%' returning id`,
  )
  fay = person?.id ?? ''
  const id = `('00000000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid`
  // Month by month; all but the last of them are closed, and what is in them is paid.
  const approvedAt = `timestamptz '2022-01-15 12:00Z' + make_interval(months => (i - 1) / ${each})`
  const month = `to_char(${approvedAt}, 'YYYY-MM')`
  const isClosed = `i <= ${each * (months - 1)}`
  const fill = (sql: string) => database.withoutForeignKeys(sql, [companyId, fay])
  await fill(
    `insert into expense (id, company_id, number, kind, status, revision, round, submitter_id, merchant_name, category_id,
       paid_by, date, amount_minor, currency, company_amount_minor, source, correlation_id, submitted_at, created_at,
       updated_at, completed_at)
     select ${id}, $1, 'EXP-2025-' || i, 'receipt', case when ${isClosed} then 'settled' else 'approved' end, 1, 1, $2,
       'Shop ' || i % 1000, (select id from category where company_id = $1 limit 1), 'person', (${approvedAt})::date,
       1000 + i % 5000, 'USD', 1000 + i % 5000, 'slack', 'x', now(), now(), now(), ${approvedAt}
     from generate_series(1, ${each * months}) i`,
  )
  await fill(
    `insert into month_close (id, company_id, month, closed_by, closed_at)
     select ${id}, $1, to_char(timestamptz '2022-01-15Z' + make_interval(months => i - 1), 'YYYY-MM'), $2, now()
     from generate_series(1, ${months - 1}) i`,
  )
  await database.withoutForeignKeys(
    `insert into month_entry (company_id, month, expense_id, round, position, kind, amount_minor, category, facts)
     select $1, ${month}, ${id}, 1, 0, 'approved', 1000 + i % 5000, 'Travel', '{"amountMinor": 1}'
     from generate_series(1, ${each * (months - 1)}) i`,
    [companyId],
  )
  await database.withoutForeignKeys(
    `insert into month_waiting (company_id, expense_id, kind, approved_at)
     select $1, ${id}, 'approved', ${approvedAt} from generate_series(${each * (months - 1) + 1}, ${each * months}) i`,
    [companyId],
  )
  // A few of the month before were taken back since.
  const takenBack = `generate_series(${each * (months - 2) + 1}, ${each * (months - 2) + undone}) i`
  await database.withoutForeignKeys(
    `with open as (update expense set status = 'awaiting_approval', completed_at = null
       where id in (select ${id} from ${takenBack}))
     insert into month_waiting (company_id, expense_id, kind, approved_at)
     select $1, ${id}, 'undone', ${approvedAt} from ${takenBack}`,
    [companyId],
  )
  await database.asSuperuser('analyze')
  database.clock.set('2027-01-10T12:00:00Z')
}, 300_000)
afterAll(() => database.drop())

interface Node {
  'Node Type': string
  'Relation Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  Plans?: Node[]
}

/** Runs a use case; answers with how many rows each of its statements looked at, by table, and in which way. */
async function looksAt(run: (tx: Tx) => Promise<unknown>): Promise<{ rows: number; scans: string[] }> {
  const actor = { personId: fay, channel: 'slack' as const }
  return inCompany(database, { companyId, actor }, async (tx) => {
    const execute = tx.em.execute.bind(tx.em)
    const visited: Node[] = []
    const visit = (node: Node): void => {
      if (node['Relation Name']) visited.push(node)
      node.Plans?.forEach(visit)
    }
    // The very statements of the use case, as they go to the database. One that writes is only planned and counted once.
    tx.em.execute = (async (sql: string, values: unknown[]) => {
      if (/^\s*(select|with)/.test(sql)) {
        await execute('savepoint before_explain')
        const [plan] = await execute<{ 'QUERY PLAN': { Plan: Node }[] }[]>(
          `explain (analyze, format json) ${sql}`,
          values,
        )
        await execute('rollback to savepoint before_explain')
        const root = plan?.['QUERY PLAN'][0]?.Plan
        if (root) visit(root)
        if (process.env.EXPENSES) console.log(await textOf(execute, sql, values))
      }
      return execute(sql, values)
    }) as typeof tx.em.execute
    await run(tx)
    const rows = visited.map(
      (node) => (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'],
    )
    const scans = visited
      .filter((node) => node['Node Type'] === 'Seq Scan')
      .map((node) => node['Relation Name'] ?? '')
    return { rows: Math.max(0, ...rows), scans }
  })
}

async function textOf(execute: Tx['em']['execute'], sql: string, values: unknown[]): Promise<string> {
  await execute('savepoint before_explain')
  const lines = await execute<{ 'QUERY PLAN': string }[]>(`explain (analyze, buffers off) ${sql}`, values)
  await execute('rollback to savepoint before_explain')
  return lines.map((line) => line['QUERY PLAN']).join('\n')
}

describe(`with ${months} months of expenses`, () => {
  const large = ['expense', 'month_entry']
  const cases: [what: string, run: (tx: Tx) => Promise<unknown>][] = [
    ['showing the month that closes next', (tx) => monthOverview(tx, '2026-12')],
    ['showing a closed month', (tx) => monthOverview(tx, '2024-05')],
    ['showing the month after the one that closes next', (tx) => monthOverview(tx, '2027-01')],
    ['naming all months', (tx) => listMonthNames(tx, { limit: months })],
    ['listing what is to be paid', (tx) => listUnpaid(tx, { limit: 40 })],
    ['summing up what is to be paid', (tx) => summarizeUnpaid(tx)],
    // Last: it changes things.
    ['closing a month', (tx) => closeMonth(tx, '2026-12')],
  ]
  test.each(cases)('%s looks at no more than what is in that month', async (_what, run) => {
    const { rows, scans } = await looksAt(run)
    expect(rows).toBeLessThanOrEqual(each + undone)
    expect(scans.filter((table) => large.includes(table))).toEqual([])
  })
})
