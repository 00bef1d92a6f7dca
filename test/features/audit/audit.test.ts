import { afterAll, beforeAll, expect, test } from 'vitest'
import { inCompany } from '../../../src/database/index.ts'
import { recordAudit } from '../../../src/features/audit/index.ts'
import { withCorrelation } from '../../../src/kernel/logger.ts'
import { createTestDatabase, importExample, type TestDatabase } from '../../support/test-database.ts'

let database: TestDatabase
let companyId: string
const actor = { personId: null, channel: 'system' as const }
beforeAll(async () => {
  database = await createTestDatabase()
  companyId = await importExample(database, 'globex')
})
afterAll(() => database.drop())

const record = () =>
  inCompany(database, { companyId, actor }, (tx) =>
    recordAudit(tx, {
      action: 'test.done',
      subject: { kind: 'company', id: companyId },
      changes: { to: 1 },
      personal: { name: 'Homer' },
    }),
  )

test('an entry is written with its action, what it says of persons apart from it', async () => {
  await withCorrelation('delivery-7', record)
  const [entry] = await database.asSuperuser<Record<string, unknown>>(
    `select e.*, p."values" from audit_entry e left join audit_personal p on p.entry_id = e.id where action = 'test.done'`,
  )
  expect(entry).toMatchObject({
    channel: 'system',
    changes: { to: 1 },
    correlation_id: 'delivery-7',
    values: { name: 'Homer' },
  })
  expect(JSON.stringify(entry?.changes)).not.toContain('Homer')
})

test.each(['update audit_entry set action = $1', `delete from audit_entry where action <> $1`])(
  'the database itself refuses: %s',
  async (sql) => {
    await record()
    const change = inCompany(database, { companyId, actor }, (tx) => tx.em.execute(sql.replace('$1', "'x'")))
    await expect(change).rejects.toThrow('append-only')
  },
)

test('the program’s role cannot empty the table either', async () => {
  await record()
  await expect(
    inCompany(database, { companyId, actor }, (tx) => tx.em.execute('truncate audit_entry cascade')),
  ).rejects.toThrow()
  const [row] = await database.asSuperuser<{ n: number }>('select count(*)::int as n from audit_entry')
  expect(row?.n).toBeGreaterThan(0)
})
