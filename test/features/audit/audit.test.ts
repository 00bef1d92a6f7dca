import { afterAll, beforeAll, expect, test } from 'vitest'
import { withCorrelation } from '../../../src/kernel/logger.ts'
import { type AuditLog, emptyLog } from './audit-log.ts'

let log: AuditLog
beforeAll(async () => {
  log = await emptyLog()
  const entry = { changes: { to: 1 }, personal: { name: 'Homer' } }
  await withCorrelation('delivery-7', () => log.record(entry))
  await log.seal()
  await log.record()
})
afterAll(() => log.database.drop())

test('an entry is written with its action, what it says of persons apart from it', async () => {
  const [entry] = await log.database.asSuperuser<Record<string, unknown>>(
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

const attempts = [
  `update audit_entry set action = 'x'`,
  'delete from audit_entry',
  'truncate audit_entry cascade',
  `update audit_seal set hash = 'x'`,
  'delete from audit_seal',
  'truncate audit_seal cascade',
  `update audit_personal set "values" = '{}'`,
  'truncate audit_personal cascade',
  'truncate company cascade',
]

test.each(attempts)('the program’s role has no permission to %s, though it owns the table', async (sql) => {
  const change = log.inside((tx) => tx.em.execute(sql))
  await expect(change).rejects.toThrow(/^permission denied for table audit_/m)
})

test.each(attempts.filter((sql) => /audit_(entry|seal)/.test(sql)))(
  'nobody else can %s either while the triggers stand',
  async (sql) => {
    await expect(log.database.asSuperuser(sql)).rejects.toThrow('the audit log is append-only')
    expect(await log.verify()).toMatchObject({ verified: 1, waiting: 1, faults: 0 })
  },
)

test('personal values can be erased by the program', async () => {
  await log.inside((tx) => tx.em.execute('delete from audit_personal'))
  expect(await log.verify()).toMatchObject({ verified: 1, erased: 1, faults: 0 })
})
