import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Actor, acrossCompanies } from '../../../src/database/index.ts'
import { type AuditFilter, listAudit, nameIds, requireAction } from '../../../src/features/audit/index.ts'
import { personByEmail } from '../../../src/features/people/index.ts'
import { importExample } from '../../support/test-database.ts'
import { type AuditLog, emptyLog, logOf } from './audit-log.ts'

let log: AuditLog
let homer: string
let hank: string
let expense: string
let start: Date
const minute = 60_000

const person = async (email: string) => {
  const found = await acrossCompanies(log.database, (tx) => personByEmail(tx, email))
  if (!found) throw new Error(`there is no ${email}`)
  return found.id
}

/** Seven entries, a minute apart: two of Homer's, one of Hank's for him, one about him, three of the system. */
beforeAll(async () => {
  log = await emptyLog()
  const { database, companyId } = log
  homer = await person('homer.simpson@globex.example')
  hank = await person('hank.scorpio@globex.example')
  const [drafted] = await database.asSuperuser<{ id: string }>(
    `insert into expense (id, company_id, number, kind, status, revision, submitter_id, paid_by, source, correlation_id,
       created_at, updated_at)
     values (gen_random_uuid(), $1, 'EXP-2026-0007', 'receipt', 'draft', 1, $2, 'person', 'slack', 'c', now(), now()) returning id`,
    [companyId, homer],
  )
  expense = drafted?.id ?? ''
  const document = database.newId()
  await database.withoutForeignKeys(
    `insert into document (id, company_id, kind, expense_id, revision, round, number, sha256, facts, created_at)
     values ($1, $2, 'expense_statement', $3, 1, 1, 'EXP-2026-0007', 'x', '{}', now())`,
    [document, companyId, expense],
  )
  start = database.clock.now()
  const by = (personId: string, channel: Actor['channel']): Actor => ({ personId, channel })
  const about = { kind: 'expense' as const, id: expense }
  await log.record({ action: 'organisation.imported' })
  database.clock.advance(minute)
  await log.record(
    { action: 'expense.drafted', subject: about, changes: { receipts: 1 } },
    by(homer, 'slack'),
  )
  database.clock.advance(minute)
  const edited = { action: 'expense.edited', subject: about, personal: { note: 'Doughnuts' } }
  await log.record(edited, by(homer, 'web'))
  database.clock.advance(minute)
  await log.record({ action: 'expense.submitted', subject: about, onBehalfOfId: homer }, by(hank, 'email'))
  database.clock.advance(minute)
  await log.record({ action: 'document.issued', subject: { kind: 'document', id: document } })
  database.clock.advance(minute)
  await log.record({ action: 'person.changed', subject: { kind: 'person', id: homer } })
  database.clock.advance(minute)
  await log.seal()
  await log.record({ action: 'policy.changed' })
})
afterAll(() => log.database.drop())

const list = (filter: Partial<AuditFilter> = {}) =>
  log.inside((tx) => listAudit(tx, { limit: 100, ...filter }))
const actions = async (filter: Partial<AuditFilter>) => (await list(filter)).map(({ action }) => action)
const at = (minutes: number) => new Date(start.getTime() + minutes * minute)

test('entries are listed oldest first, with who, for whom, by which channel, about what, and what changed', async () => {
  const lines = await list()
  expect(lines).toMatchObject([
    { seq: 1, actor: null, channel: 'system', subject: { kind: 'company', name: 'Globex' }, personal: null },
    {
      seq: 2,
      at: at(1),
      actor: { name: 'Homer Simpson' },
      subject: { name: 'EXP-2026-0007' },
      changes: { receipts: 1 },
    },
    { seq: 3, channel: 'web', personal: { note: 'Doughnuts' }, erased: false },
    { seq: 4, actor: { id: hank }, onBehalfOf: { id: homer, name: 'Homer Simpson' }, channel: 'email' },
    { seq: 5, action: 'document.issued', subject: { kind: 'document', name: 'EXP-2026-0007' } },
    { seq: 6, subject: { kind: 'person', name: 'Homer Simpson' } },
    { seq: null, action: 'policy.changed', correlationId: null },
  ])
})

describe('a list can be narrowed', () => {
  test('to a person: what they did, what was done for them and with them', async () => {
    expect(await actions({ person: homer })).toEqual([
      'expense.drafted',
      'expense.edited',
      'expense.submitted',
      'person.changed',
    ])
    expect(await actions({ person: hank })).toEqual(['expense.submitted'])
  })

  test('to an expense, by number or id, with its documents', async () => {
    const all = ['expense.drafted', 'expense.edited', 'expense.submitted', 'document.issued']
    expect(await actions({ expense: 'EXP-2026-0007' })).toEqual(all)
    expect(await actions({ expense })).toEqual(all)
    await expect(list({ expense: 'EXP-2026-9999' })).rejects.toMatchObject({ code: 'expense_unknown' })
  })

  test('to an action', async () => {
    expect(await actions({ action: 'expense.edited' })).toEqual(['expense.edited'])
    expect(await actions({ action: 'expense' })).toEqual([])
  })

  test('to a time, from its first instant up to the last, which is left out', async () => {
    expect(await actions({ from: at(1), to: at(3) })).toEqual(['expense.drafted', 'expense.edited'])
  })

  test('by several at once', async () => {
    expect(await actions({ person: homer, expense, from: at(3) })).toEqual(['expense.submitted'])
  })
})

test('pages follow one another, whatever is written in between', async () => {
  const first = await list({ limit: 3 })
  expect(first).toHaveLength(3)
  const second = await list({ limit: 3, after: first.at(-1)?.id })
  const third = await list({ limit: 3, after: second.at(-1)?.id })
  expect([...first, ...second, ...third].map(({ id }) => id)).toEqual((await list()).map(({ id }) => id))
  expect(await list({ limit: 3, after: third.at(-1)?.id })).toEqual([])
})

test('erased values are said to be erased', async () => {
  await log.inside((tx) =>
    tx.em.execute(
      'delete from audit_personal where entry_id in (select id from audit_entry where action = ?)',
      ['expense.edited'],
    ),
  )
  expect(await list({ action: 'expense.edited' })).toMatchObject([{ personal: null, erased: true }])
})

test('another company sees none of it', async () => {
  const other = logOf(log.database, await importExample(log.database, 'company'))
  const lines = await other.inside((tx) => listAudit(tx, { limit: 100 }))
  expect(lines.length).toBeGreaterThan(0)
  expect(lines.every(({ subject }) => subject.name === 'TechCorp Solutions')).toBe(true)
  for (const filter of [{ person: homer }, { action: 'expense.edited' }]) {
    expect(await other.inside((tx) => listAudit(tx, { ...filter, limit: 100 }))).toEqual([])
  }
  await expect(other.inside((tx) => listAudit(tx, { expense, limit: 1 }))).rejects.toMatchObject({
    code: 'expense_unknown',
  })
})

describe('what changed', () => {
  const deep = { approval: 'a', moved: [{ to: '' }] }
  beforeAll(async () => {
    deep.moved = [{ to: hank }]
    const subject = { kind: 'expense' as const, id: expense }
    await log.record({ action: 'approval.escalated', subject, changes: { from: homer, to: hank } })
    await log.record({ action: 'approval.undone', subject, changes: deep })
    await log.record({ action: 'expense.edited', subject, changes: { request: expense } })
  })

  test('is found by whoever stands in it, at any depth, within what else is asked for', async () => {
    expect(await actions({ person: hank })).toEqual([
      'expense.submitted',
      'approval.escalated',
      'approval.undone',
    ])
    expect(await actions({ person: homer, action: 'approval.escalated' })).toEqual(['approval.escalated'])
    expect(await actions({ person: hank, to: at(4) })).toEqual(['expense.submitted'])
  })

  test('names people and expenses of the company, and nobody of another', async () => {
    const lines = await list({ from: at(6) })
    const names = await log.inside((tx) => nameIds(tx, lines))
    expect(names).toEqual(
      new Map([
        [homer, 'Homer Simpson'],
        [hank, 'Hank Scorpio'],
        [expense, 'EXP-2026-0007'],
      ]),
    )
    const [other] = await log.database.asSuperuser<{ id: string }>(
      `select id from company where name = 'TechCorp Solutions'`,
    )
    const elsewhere = logOf(log.database, other?.id ?? '')
    expect(await elsewhere.inside((tx) => nameIds(tx, lines))).toEqual(new Map())
    expect(await log.inside((tx) => nameIds(tx, []))).toEqual(new Map())
  })
})

test('an action that no entry has is refused with the nearest, or with all', async () => {
  const refused = async (action: string) => log.inside((tx) => requireAction(tx, action))
  await expect(refused('expense.submitted')).resolves.toBeUndefined()
  await expect(refused('expense.submited')).rejects.toMatchObject({
    code: 'action_unknown',
    message: 'No entry has the action “expense.submited”. Did you mean “expense.submitted”?',
  })
  await expect(refused('x')).rejects.toMatchObject({
    message: expect.stringMatching(/“x”\. So far there are: approval\.escalated, .*, policy\.changed\.$/),
  })
})
