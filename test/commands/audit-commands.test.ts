import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Actor, acrossCompanies } from '../../src/database/index.ts'
import { personByEmail } from '../../src/features/people/index.ts'
import { type AuditLog, emptyLog } from '../features/audit/audit-log.ts'
import { type Printed, runOn } from '../support/run-command.ts'
import { importExample } from '../support/test-database.ts'

let log: AuditLog
const globex = ['--company', 'Globex']
const minute = 60_000

/** Three sealed entries and one that waits. The clock begins at 16:00 in Berlin, where Globex is. */
beforeAll(async () => {
  log = await emptyLog()
  const { database, companyId } = log
  const homer = await acrossCompanies(database, (tx) => personByEmail(tx, 'homer.simpson@globex.example'))
  const actor: Actor = { personId: homer?.id ?? '', channel: 'slack' }
  await database.asSuperuser(
    `insert into expense (id, company_id, number, kind, status, revision, submitter_id, paid_by, source, correlation_id,
       created_at, updated_at)
     values ($1, $2, 'EXP-2026-0007', 'receipt', 'draft', 1, $3, 'person', 'slack', 'c', now(), now())`,
    [companyId, companyId, homer?.id],
  )
  const subject = { kind: 'expense' as const, id: companyId }
  await log.record({ action: 'expense.drafted', subject, changes: { receipts: 1 } }, actor)
  database.clock.advance(minute)
  const personal = { merchant: '=HYPERLINK("x")', note: 'two\nlines' }
  await log.record({ action: 'expense.edited', subject, changes: { fields: ['note'] }, personal }, actor)
  database.clock.advance(8 * 60 * minute)
  await log.record(
    { action: 'expense.submitted', subject, changes: { from: 'draft', to: 'submitted' } },
    actor,
  )
  await log.seal()
  await log.record({ action: 'policy.changed', changes: { version: 2 } })
  await importExample(database, 'company')
})
afterAll(() => log.database.drop())

/** What `audit …` prints, and with which code it ends. */
const audit = (...words: string[]): Promise<Printed> => runOn(log.database.url, 'audit', ...words)

describe('audit verify', () => {
  test('says how many hold, how many wait, and the head; it seals nothing', async () => {
    const { out, err, code } = await audit('verify', ...globex)
    expect({ err, code }).toEqual({ err: '', code: 0 })
    expect(out).toMatch(
      /^Globex: 3 entries verified; 1 entry not sealed yet, the oldest of 21 Nov 2026, 00:01 GMT\+1\nhead 3:[0-9a-f]{64}\n$/,
    )
    expect((await audit('verify', ...globex)).out).toBe(out)
    const head = out.trim().split(' ').at(-1) ?? ''
    expect(await audit('verify', ...globex, '--head', head)).toEqual({ out, err: '', code: 0 })
  })

  test('says what is wrong in plain words, and fails', async () => {
    expect(await audit('verify', ...globex, '--head', `9:${'ab'.repeat(32)}`)).toEqual({
      out: 'seal 9, the expected head, is gone; the last one is 3\n',
      err: 'The audit log of Globex is not as it was written.\n',
      code: 1,
    })
    expect(await audit('verify', ...globex, '--head', '9')).toMatchObject({
      out: '',
      err: expect.stringMatching(/^A head looks like/),
      code: 1,
    })
    const [, second, third] = await log.sealed()
    const change = (from: string, to: string) =>
      log.database.withoutForeignKeys('update audit_entry set action = $2 where action = $1', [from, to])
    await change('expense.edited', 'expense.read')
    await change('expense.submitted', 'expense.kept')
    expect(await audit('verify', ...globex)).toEqual({
      out: `entry ${second?.id}, number 2, is not what was sealed\nentry ${third?.id}, number 3, is not what was sealed\n`,
      err: `The audit log of Globex is not as it was written. The first of 2 faults: entry ${second?.id}, number 2, is not what was sealed.\n`,
      code: 1,
    })
    await change('expense.read', 'expense.edited')
    await change('expense.kept', 'expense.submitted')
  })

  test('wants to know which company, where there are several', async () => {
    expect(await audit('verify')).toMatchObject({
      out: '',
      err: expect.stringMatching(/^Say which company/),
      code: 1,
    })
  })
})

describe('audit list', () => {
  test('prints a line for each entry, at the company’s time', async () => {
    const { out } = await audit('list', ...globex)
    expect(out.split('\n')).toEqual([
      '2026-11-20 16:00:00  Homer Simpson (slack)       expense.drafted           EXP-2026-0007   receipts: 1',
      '2026-11-20 16:01:00  Homer Simpson (slack)       expense.edited            EXP-2026-0007   fields: ["note"], note: two lines, merchant: =HYPERLINK("x")',
      '2026-11-21 00:01:00  Homer Simpson (slack)       expense.submitted         EXP-2026-0007   to: submitted, from: draft',
      '2026-11-21 00:01:00  Outlay (system)             policy.changed            Globex          version: 2',
      '',
    ])
  })

  test('is narrowed by person, expense, action and the company’s days', async () => {
    const lines = async (...words: string[]) =>
      (await audit('list', ...globex, ...words)).out.trim().split('\n').length
    expect(await lines('--person', 'Homer.Simpson@globex.example')).toBe(3)
    expect(await lines('--expense', 'EXP-2026-0007', '--action', 'expense.edited')).toBe(1)
    expect(await lines('--to', '2026-11-20')).toBe(2)
    expect(await lines('--from', '2026-11-21', '--to', '2026-11-21')).toBe(2)
    expect((await audit('list', ...globex, '--from', '2027-01-01')).out).toBe('There is no such entry.\n')
  })

  test('says what it does not know', async () => {
    const wrong = async (...words: string[]) => (await audit('list', ...globex, ...words)).err
    expect(await wrong('--person', 'frank.miller@techcorp.example')).toBe(
      'There is nobody with the address frank.miller@techcorp.example.\n',
    )
    expect(await wrong('--expense', 'EXP-1')).toBe('There is no expense “EXP-1”.\n')
    expect(await wrong('--from', 'yesterday')).toMatch(/^“yesterday” is not a date/)
    expect(await audit('list', ...globex, '--action', 'expense.draftd')).toEqual({
      out: '',
      err: 'No entry has the action “expense.draftd”. Did you mean “expense.drafted”?\n',
      code: 1,
    })
    // One that is known, and was not done in this time.
    expect(
      await audit('list', ...globex, '--action', 'expense.drafted', '--from', '2027-01-01'),
    ).toMatchObject({ out: 'There is no such entry.\n', code: 0 })
  })

  test('shows names, numbers and money in what changed; as JSON ids and minor units', async () => {
    const { id } =
      (await acrossCompanies(log.database, (tx) => personByEmail(tx, 'hank.scorpio@globex.example'))) ?? {}
    const changes = {
      delegation: '0198f1a2-0000-7000-8000-000000000000',
      delegate: id,
      request: log.companyId,
      upTo: 10000,
      shares: [{ amountMinor: 5050, currency: 'JPY' }],
      from: '2026-11-20',
    }
    const subject = { kind: 'company' as const, id: log.companyId }
    await log.record({ action: 'delegation.added', subject, changes })
    const words = [
      'list',
      ...globex,
      '--action',
      'delegation.added',
      '--person',
      'hank.scorpio@globex.example',
    ]
    const { out } = await audit(...words)
    for (const pair of [
      'delegate: Hank Scorpio',
      'request: EXP-2026-0007',
      'upTo: EUR 100.00',
      '"amount":"JPY 5,050"',
      'from: 2026-11-20',
      `delegation: ${changes.delegation}`,
    ])
      expect(out).toContain(pair)
    expect(out).not.toContain(id)
    expect(JSON.parse((await audit(...words, '--json')).out)).toMatchObject({ changes })
    expect((await audit(...words, '--csv')).out).toContain(`""upTo"":10000`)
  })

  test('as JSON prints one object a line', async () => {
    const { out } = await audit('list', ...globex, '--json', '--action', 'expense.edited')
    expect(JSON.parse(out)).toMatchObject({
      seq: 2,
      at: '2026-11-20T15:01:00.000Z',
      actor: { name: 'Homer Simpson' },
      personal: { note: 'two\nlines' },
    })
    expect((await audit('list', ...globex, '--json', '--action', 'no.action')).out).toBe('')
  })

  test('as CSV prints a table at the company’s time, and starts no formula', async () => {
    await log.database.withoutForeignKeys(`update person set name = $1 where name = 'Homer Simpson'`, [
      '@Homer',
    ])
    const { out } = await audit('list', ...globex, '--csv', '--action', 'expense.drafted')
    const [entry] = await log.sealed()
    expect(out).toBe(
      'number,at,person,on behalf of,channel,action,subject kind,subject,changes,personal values,entry\r\n' +
        `1,2026-11-20T16:00:00+01:00,'@Homer,,slack,expense.drafted,expense,EXP-2026-0007,"{""receipts"":1}",,${entry?.id}\r\n`,
    )
  })
})
