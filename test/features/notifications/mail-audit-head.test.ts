import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inCompany, type Tx } from '../../../src/database/index.ts'
import { recordAudit, sealAudit } from '../../../src/features/audit/index.ts'
import { mailAuditHead } from '../../../src/features/notifications/index.ts'
import { createTestDatabase, importExample, type TestDatabase } from '../../support/test-database.ts'

let database: TestDatabase
let companyId: string

beforeAll(async () => {
  database = await createTestDatabase()
  database.clock.set('2026-11-29T12:00:00Z')
  companyId = await importExample(database)
})
afterAll(() => database.drop())

const inTx = <T>(work: (tx: Tx) => Promise<T>) =>
  inCompany(database, { companyId, actor: { personId: null, channel: 'system' } }, work)
const mails = () =>
  database.asSuperuser<{ to_address: string; details: unknown }>(
    `select to_address, details from outgoing_mail where kind = 'audit_head' order by created_at, id`,
  )

describe('the seal of the audit log by mail', () => {
  test('goes to finance once in a month that begins after the company did, by the company’s own calendar', async () => {
    await inTx(mailAuditHead)
    // Already December in UTC, still November in New York.
    database.clock.set('2026-12-01T04:00:00Z')
    await inTx(mailAuditHead)
    expect(await mails()).toEqual([])
    database.clock.set('2026-12-01T06:00:00Z')
    await inTx((tx) => recordAudit(tx, { action: 'test.done', subject: { kind: 'company', id: companyId } }))
    await inTx(sealAudit)
    await inTx(mailAuditHead)
    await inTx(mailAuditHead)
    expect(await mails()).toEqual([
      {
        to_address: 'fay.adams@techcorp.example',
        details: { head: { seq: expect.any(Number), hash: expect.stringMatching(/^[0-9a-f]{64}$/) } },
      },
    ])
    database.clock.set('2027-01-02T06:00:00Z')
    await inTx(mailAuditHead)
    expect(await mails()).toHaveLength(2)
  })
})
