import { createHash } from 'node:crypto'
import fc from 'fast-check'
import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type AuditHead, parseAuditHead } from '../../../src/features/audit/index.ts'
import { withCorrelation } from '../../../src/kernel/logger.ts'
import { importExample } from '../../support/test-database.ts'
import { type AuditLog, emptyLog, logOf } from './audit-log.ts'

const tables = ['audit_entry', 'audit_seal', 'audit_personal', 'audit_unsealed'] as const
const count = 12

let log: AuditLog
let other: AuditLog
let head: AuditHead
let ids: string[]

/** Twelve sealed entries of every sort and one that waits, all kept aside; no trigger stands any more. */
beforeAll(async () => {
  log = await emptyLog()
  const { database } = log
  const people = await database.asSuperuser<{ id: string }>('select id from person order by email limit 2')
  const [actor, boss] = people.map(({ id }) => id)
  await withCorrelation('slack-7', async () => {
    for (let n = 0; n < count; n += 3) {
      await log.record({
        changes: { from: null, n, amounts: [n * 100, 1e21, -0.5], deep: { z: 1, a: 'ß"\\n' } },
      })
      await log.record({ personal: { comment: `Ja – "${n}"` }, ...(boss ? { onBehalfOfId: boss } : {}) })
      await log.record({ action: 'test.other', personal: {} }, { personId: actor ?? null, channel: 'slack' })
    }
  })
  await log.seal()
  await log.record()
  other = logOf(database, await importExample(database, 'company'))
  await other.seal()
  const sound = await log.verify()
  expect(sound).toMatchObject({ verified: count, waiting: 1, erased: 0, faults: 0, first: null })
  if (!sound.head) throw new Error('nothing is sealed')
  head = sound.head
  ids = (await log.sealed()).map(({ id }) => id)
  for (const table of tables) {
    await database.asSuperuser(`alter table ${table} disable trigger all`)
    await database.asSuperuser(`create table kept_${table} as table ${table}`)
  }
})
afterAll(() => log.database.drop())
beforeEach(() => asItWas())

async function asItWas() {
  for (const table of tables) {
    await log.database.asSuperuser(`delete from ${table}`)
    await log.database.asSuperuser(`insert into ${table} table kept_${table}`)
  }
}

const tamper = (sql: string, parameters: unknown[] = []) =>
  log.database.asSuperuser<pg.QueryResultRow>(sql, parameters)
const idAt = (seq: number) => ids[seq - 1] ?? ''
const found = async (expected?: AuditHead) =>
  (await log.verify(expected)).all.map(({ kind, seq, entryId }) => ({ kind, seq, entryId }))

/** The hash of a seal as the comment in sealed-entry.ts says it is made, without the program's code. */
async function hashAsDocumented(seq: number, changes = '{}'): Promise<string> {
  const [row] = await tamper(
    `select e.*, e.at::text, e.xid::text, encode(e.personal_hash, 'hex') as personal,
       encode(s.previous_hash, 'hex') as previous, s.sealed_at::text
     from audit_seal s join audit_entry e on e.id = s.entry_id where s.company_id = $1 and s.seq = $2`,
    [log.companyId, seq],
  )
  if (!row) throw new Error(`there is no seal ${seq}`)
  const utc = (text: string) => text.replace(/^(\S+) (\S+?)(\.\d+)?\+00$/, '$1T$2.000000Z')
  const string = (value: unknown) => JSON.stringify(value)
  const entry = `{"action":${string(row.action)},"actorId":${string(row.actor_id)},"at":${string(utc(row.at))},\
"changes":${changes},"channel":${string(row.channel)},"companyId":${string(row.company_id)},\
"correlationId":${string(row.correlation_id)},"id":${string(row.id)},"onBehalfOfId":${string(row.on_behalf_of_id)},\
"personalHash":${string(row.personal)},"subjectId":${string(row.subject_id)},"subjectKind":${string(row.subject_kind)},\
"xid":${string(row.xid)}}`
  const text = `{"entry":${entry},"previous":"${row.previous}","sealedAt":"${utc(row.sealed_at)}"}`
  return createHash('sha256').update(text).digest('hex')
}

test('the hash of a seal can be computed without the program', async () => {
  const rows = await tamper(
    `select encode(hash, 'hex') as hash from audit_seal where company_id = $1 order by seq limit 3`,
    [log.companyId],
  )
  const changes =
    '{"amounts":[0,1000000000000000000000,-0.5],"deep":{"a":"ß\\"\\\\n","z":1},"from":null,"n":0}'
  const computed = [await hashAsDocumented(1, changes), await hashAsDocumented(2), await hashAsDocumented(3)]
  expect(computed).toEqual(rows.map(({ hash }) => hash))
})

describe('what was done to the log is named where it was done:', () => {
  test('an entry that was changed', async () => {
    await tamper(`update audit_entry set action = 'test.undone' where id = any ($1)`, [[idAt(3), idAt(7)]])
    expect(await log.verify()).toMatchObject({
      verified: count - 2,
      faults: 2,
      first: { kind: 'changed', seq: 3, entryId: idAt(3) },
      all: [
        { seq: 3, text: `entry ${idAt(3)}, number 3, is not what was sealed` },
        { kind: 'changed', seq: 7 },
      ],
    })
  })

  test('an entry that was removed', async () => {
    await tamper('delete from audit_entry where id = $1', [idAt(5)])
    await tamper('delete from audit_personal where entry_id = $1', [idAt(5)])
    expect(await found()).toEqual([{ kind: 'removed', seq: 5, entryId: idAt(5) }])
  })

  test('entries that were removed with their seals', async () => {
    await tamper('delete from audit_entry where id = any ($1)', [[idAt(4), idAt(5)]])
    await tamper('delete from audit_personal where entry_id = any ($1)', [[idAt(4), idAt(5)]])
    await tamper('delete from audit_seal where seq in (4, 5) and company_id = $1', [log.companyId])
    const { all, head: newest } = await log.verify()
    expect(all).toMatchObject([{ kind: 'removed', seq: 4, text: 'seals 4 to 5 are missing' }])
    expect(newest).toEqual(head)
  })

  test('an entry that was removed with its seal, the others moved up', async () => {
    await tamper('delete from audit_entry where id = $1', [idAt(4)])
    await tamper('delete from audit_seal where seq = 4 and company_id = $1', [log.companyId])
    await tamper('update audit_seal set seq = seq - 1 where seq > 4 and company_id = $1', [log.companyId])
    expect(await found()).toEqual([{ kind: 'broken', seq: 4, entryId: idAt(5) }])
  })

  test('an entry that waited and was removed', async () => {
    const [waits] = await tamper('select entry_id as id from audit_unsealed where company_id = $1', [
      log.companyId,
    ])
    await tamper('delete from audit_entry where id = $1', [waits?.id])
    expect(await found()).toEqual([{ kind: 'removed', seq: null, entryId: waits?.id }])
  })

  test('an entry that was slipped in', async () => {
    const [row] = await tamper(
      `insert into audit_entry (id, company_id, at, actor_id, channel, action, subject_kind, subject_id, changes, xid)
       select gen_random_uuid(), company_id, at, actor_id, channel, action, subject_kind, subject_id, changes, xid
       from audit_entry where id = $1 returning id`,
      [idAt(2)],
    )
    expect(await found()).toEqual([{ kind: 'inserted', seq: null, entryId: row?.id }])
    expect(await log.seal(), 'sealing does not make it good').toBe(1)
    expect(await found()).toEqual([{ kind: 'inserted', seq: null, entryId: row?.id }])
  })

  test('entries whose seals were exchanged', async () => {
    await tamper(`update audit_seal set seq = 100 where seq = 5 and company_id = $1`, [log.companyId])
    await tamper(`update audit_seal set seq = 5 where seq = 6 and company_id = $1`, [log.companyId])
    await tamper(`update audit_seal set seq = 6 where seq = 100 and company_id = $1`, [log.companyId])
    expect(await log.verify()).toMatchObject({
      first: { kind: 'reordered', seq: 5, entryId: idAt(6) },
      all: [
        { text: 'seal 5 does not follow the one before it; seal 6 does' },
        { kind: 'reordered', seq: 6, entryId: idAt(5) },
        { kind: 'reordered', seq: 7, entryId: idAt(7) },
      ],
    })
  })

  test('entries that were exchanged below their seals', async () => {
    await tamper(
      `update audit_entry e set changes = o.changes, action = o.action, personal_hash = o.personal_hash
       from audit_entry o where o.id = case e.id when $1::uuid then $2::uuid else $1::uuid end and e.id in ($1, $2)`,
      [idAt(4), idAt(6)],
    )
    const faults = await found()
    expect(faults).toContainEqual({ kind: 'changed', seq: 4, entryId: idAt(4) })
    expect(faults).toContainEqual({ kind: 'changed', seq: 6, entryId: idAt(6) })
  })

  test('an entry that was changed and sealed anew: by the seal after it', async () => {
    await tamper(`update audit_entry set action = 'test.undone' where id = $1`, [idAt(8)])
    const hash = await hashAsDocumented(8)
    await tamper('update audit_seal set hash = $1 where entry_id = $2', [Buffer.from(hash, 'hex'), idAt(8)])
    expect(await found()).toEqual([{ kind: 'broken', seq: 9, entryId: idAt(9) }])
  })

  test('the newest entries, cut off with their seals: by the head that was expected', async () => {
    const cut = [idAt(11), idAt(12)]
    await tamper('delete from audit_seal where entry_id = any ($1)', [cut])
    await tamper('delete from audit_personal where entry_id = any ($1)', [cut])
    await tamper('delete from audit_entry where id = any ($1)', [cut])
    expect(await found()).toEqual([])
    expect(await log.verify(head)).toMatchObject({
      all: [{ kind: 'truncated', text: 'seal 12, the expected head, is gone; the last one is 10' }],
    })
  })

  test('the whole log, sealed anew: by the head that was expected', async () => {
    await tamper('delete from audit_seal where company_id = $1', [log.companyId])
    await tamper('delete from audit_unsealed where company_id = $1', [log.companyId])
    await tamper('insert into audit_unsealed select company_id, id from audit_entry where company_id = $1', [
      log.companyId,
    ])
    log.database.clock.advance(60_000)
    await log.seal()
    expect(await found()).toEqual([])
    expect(await found(head)).toEqual([{ kind: 'broken', seq: count, entryId: null }])
  })

  test('personal values that were changed, added or moved', async () => {
    await tamper(`update audit_personal set "values" = '{"comment": "Nein"}' where entry_id = $1`, [idAt(2)])
    await tamper('update audit_personal set entry_id = $1 where entry_id = $2', [idAt(1), idAt(3)])
    const faults = await found()
    expect(faults).toHaveLength(2)
    expect(faults).toContainEqual({ kind: 'personal', seq: null, entryId: idAt(1) })
    expect(faults).toContainEqual({ kind: 'personal', seq: null, entryId: idAt(2) })
  })
})

test('an expected head that the log went beyond is met', async () => {
  await log.seal()
  await log.record()
  await log.seal()
  const { head: newest } = await log.verify(head)
  expect(newest?.seq).toBe(count + 2)
  expect(await found(head)).toEqual([])
})

test('erasing personal values leaves every entry verifiable, and nothing to guess from', async () => {
  await tamper('delete from audit_personal where company_id = $1', [log.companyId])
  expect(await log.verify(head)).toMatchObject({ verified: count, erased: 8, faults: 0 })
  const hashes = await tamper('select distinct personal_hash from audit_entry where action = $1', [
    'test.other',
  ])
  expect(hashes, 'the same values four times, four hashes').toHaveLength(4)
})

test('verifying repairs nothing', async () => {
  await log.verify()
  expect(await log.verify()).toMatchObject({ verified: count, waiting: 1 })
})

test('a head is read as it is printed, and nothing else is', () => {
  const hash = 'ab'.repeat(32)
  expect(parseAuditHead(` 12:${hash.toUpperCase()}\n`)).toEqual({ seq: 12, hash })
  for (const wrong of ['', '12', `0:${hash}`, `12:${hash}0`, `12 ${hash}`, `-1:${hash}`]) {
    expect(() => parseAuditHead(wrong), wrong).toThrow('A head looks like')
  }
})

describe('any single byte of any value', () => {
  /** For each type: what is written over one byte of a value, and what is written where there was none. */
  const types: Record<string, { bytes: string; instead: string }> = {
    uuid: { bytes: '0123456789abcdef', instead: '00000000-0000-4000-8000-000000000000' },
    bytea: { bytes: '0123456789abcdef', instead: '\\x00' },
    timestamptz: { bytes: '0123456789', instead: '2026-01-01' },
    int8: { bytes: '0123456789', instead: '7' },
    xid8: { bytes: '0123456789', instead: '7' },
    text: { bytes: 'aZ9 .-', instead: 'x' },
    jsonb: { bytes: '0123456789az .-"{}[],', instead: '{"other": true}' },
  }
  const columns = () =>
    tamper(
      `select table_name as table, column_name as column, udt_name as type from information_schema.columns
       where table_name = any ($1) and table_schema = 'public' order by 1, 2`,
      [[...tables]],
    )

  /** @returns whether it is another value now */
  async function change(
    { table, column, type }: pg.QueryResultRow,
    at: { row: number; byte: number; to: number },
  ): Promise<boolean> {
    const microseconds = `to_char("${column}" at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS.US+00')`
    const value = type === 'timestamptz' ? microseconds : `"${column}"::text`
    // What waits is not sealed yet: nobody can say whether it was changed.
    const isSealed = table === 'audit_entry' ? 'and id in (select entry_id from audit_seal)' : ''
    const rows = await tamper(
      `select ctid::text as row, ${value} as text from ${table} where company_id = $1 ${isSealed} order by ctid`,
      [log.companyId],
    )
    const { row, text } = rows[at.row % rows.length] ?? {}
    const { bytes = '', instead } = types[type] ?? {}
    const byte = at.byte % (text?.length ?? 1)
    const changed =
      text === null ? instead : text.slice(0, byte) + bytes[at.to % bytes.length] + text.slice(byte + 1)
    const update = `update ${table} set "${column}" = $1::${type}
      where ctid = $2::tid and "${column}"::text is distinct from ($1::${type})::text returning 1`
    const write = async (to: unknown) => (await tamper(update, [to, row]).catch(() => [])).length === 1
    // Where the byte leaves no value of the type, the whole value is exchanged.
    return (await write(changed)) || (await write(instead))
  }

  test('that is changed is found', { timeout: 120_000 }, async () => {
    const { erased } = await log.verify()
    for (const where of await columns()) {
      const name = `${where.table}.${where.column}`
      let tried = 0
      await fc.assert(
        fc.asyncProperty(fc.record({ row: fc.nat(), byte: fc.nat(), to: fc.nat() }), async (at) => {
          if (!(await change(where, at))) return
          tried += 1
          const after = await log.verify(head)
          // Personal values that went to a company that does not exist are as good as erased.
          const found = after.faults > 0 || after.erased > erased || (await other.verify()).faults > 0
          expect(found, name).toBe(true)
          await asItWas()
        }),
        { numRuns: 20 },
      )
      expect(tried, name).toBeGreaterThan(0)
    }
  })
})

test('whatever is removed, inserted or exchanged, alone or together, is found', async () => {
  const seq = fc.integer({ min: 1, max: count })
  const act = fc.record({
    what: fc.constantFrom('remove entry', 'remove seal', 'remove both', 'insert', 'exchange', 'change'),
    seq,
    other: seq,
  })
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 3 }), async (acts) => {
      await asItWas()
      for (const one of acts) await perform(one)
      const isSame = (await everything('')) === (await everything('kept_'))
      const { faults } = await log.verify(head)
      expect(faults > 0).toBe(!isSame)
    }),
    { numRuns: 60 },
  )
})

/** All entries and seals as one text. */
async function everything(prefix: '' | 'kept_'): Promise<string> {
  const [row] = await tamper(
    `select (select string_agg(e::text, '' order by id) from ${prefix}audit_entry e)
       || (select string_agg(s::text, '' order by seq, company_id) from ${prefix}audit_seal s) as text`,
  )
  return String(row?.text)
}

async function perform({ what, seq, other }: { what: string; seq: number; other: number }): Promise<void> {
  const company = log.companyId
  const pair = [company, seq, other]
  const removeEntry = () => tamper('delete from audit_entry where id = $1', [idAt(seq)])
  const removeSeal = () => tamper('delete from audit_seal where company_id = $1 and seq = $2', [company, seq])
  switch (what) {
    case 'remove entry':
      await removeEntry()
      break
    case 'remove seal':
      await removeSeal()
      break
    case 'remove both':
      await removeEntry()
      await removeSeal()
      break
    case 'insert':
      await tamper(
        `insert into audit_entry (id, company_id, at, channel, action, subject_kind, subject_id, changes, xid)
         select gen_random_uuid(), company_id, at, channel, action, subject_kind, subject_id, changes, xid
         from kept_audit_entry where id = $1`,
        [idAt(seq)],
      )
      break
    case 'exchange':
      await tamper('update audit_seal set seq = seq + 1000 where company_id = $1 and seq in ($2, $3)', pair)
      await tamper(
        `update audit_seal set seq = case seq - 1000 when $2 then $3::bigint else $2::bigint end
         where company_id = $1 and seq > 1000`,
        pair,
      )
      break
    default:
      await tamper(`update audit_entry set changes = '{"n": -1}' where id = $1`, [idAt(seq)])
  }
}
