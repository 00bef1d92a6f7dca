import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { recordAudit, sealAudit } from '../../../src/features/audit/index.ts'
import { importExample } from '../../support/test-database.ts'
import { type AuditLog, emptyLog, logOf, type OpenTransaction, plain } from './audit-log.ts'

let log: AuditLog
beforeAll(async () => {
  log = await emptyLog()
})
afterAll(async () => {
  await log.endAll()
  await log.database.drop()
})
beforeEach(() => emptied())

/** Without triggers, as no program could. */
async function emptied() {
  await log.endAll()
  await log.database.asSuperuser(
    `set session_replication_role = replica; truncate audit_entry, audit_unsealed, audit_personal, audit_seal;
     reset session_replication_role`,
  )
}

const write = ({ tx }: OpenTransaction, action: string) =>
  recordAudit(tx, { ...plain(log.companyId), action })
const actions = async () => (await log.sealed()).map(({ action }) => action)

describe('sealing', () => {
  test('gives each entry the next place, once', async () => {
    for (const action of ['a', 'b', 'c']) await log.record({ action })
    expect(await log.seal()).toBe(3)
    expect(await log.seal()).toBe(0)
    await log.record({ action: 'd' })
    expect(await log.seal()).toBe(1)
    expect(await log.sealed()).toMatchObject([
      { seq: 1, action: 'a' },
      { seq: 2, action: 'b' },
      { seq: 3, action: 'c' },
      { seq: 4, action: 'd' },
    ])
    expect(await log.verify()).toMatchObject({ verified: 4, waiting: 0, faults: 0, head: { seq: 4 } })
  })

  test('leaves what a running transaction wrote, and what began after it, until it ends', async () => {
    await log.record({ action: 'before' })
    const long = await log.begin()
    await write(long, 'long 1')
    await log.record({ action: 'after' })
    await log.seal()
    expect(await actions()).toEqual(['before'])
    expect(await log.verify()).toMatchObject({ verified: 1, waiting: 1, faults: 0 })
    await write(long, 'long 2')
    await long.commit()
    await log.seal()
    expect(await actions()).toEqual(['before', 'long 1', 'long 2', 'after'])
    expect(await log.verify()).toMatchObject({ verified: 4, waiting: 0, faults: 0 })
  })

  test('leaves what its own transaction wrote for the next time', async () => {
    const mine = await log.begin()
    await write(mine, 'mine')
    expect(await sealAudit(mine.tx)).toBe(0)
    await mine.commit()
    expect(await log.seal()).toBe(1)
  })

  test('takes entries that came with a dump from another server, whose transactions counted higher', async () => {
    await log.record({ action: 'restored' })
    await log.database.asSuperuser(
      `set session_replication_role = replica; update audit_entry set xid = '9000000000000'; reset session_replication_role`,
    )
    await log.record({ action: 'new' })
    expect(await log.seal()).toBe(2)
    await log.record({ action: 'newer' })
    expect(await log.seal()).toBe(1)
    expect(await log.verify()).toMatchObject({ verified: 3, waiting: 0, faults: 0 })
  })

  test('by ten at once gives one chain', async () => {
    for (let n = 0; n < 40; n++) await log.record()
    const sealed = await Promise.all(Array.from({ length: 10 }, () => log.seal()))
    expect(sealed.sort((a, b) => a - b)).toEqual([...Array(9).fill(0), 40])
    expect(await log.verify()).toMatchObject({ verified: 40, faults: 0 })
  })

  test('of thousands needs no more than some at a time', async () => {
    await log.fill(2500)
    expect(await log.seal()).toBe(2500)
    expect(await log.verify()).toMatchObject({ verified: 2500, waiting: 0, faults: 0, head: { seq: 2500 } })
  })

  test('goes on when something that is sealed is said to wait', async () => {
    await log.record()
    await log.seal()
    await log.database.asSuperuser(
      'insert into audit_unsealed select company_id, id from audit_entry where company_id = $1',
      [log.companyId],
    )
    await log.record()
    expect(await log.seal()).toBe(1)
  })

  test('is each company’s own: another one sees neither entries nor seals, and has its own chain', async () => {
    await log.record()
    await log.seal()
    const other = logOf(log.database, await importExample(log.database, 'company'))
    await other.seal()
    const own = await other.verify()
    expect(own).toMatchObject({ waiting: 0, faults: 0, head: { seq: own.verified } })
    expect(own.verified).toBeGreaterThan(0)
    for (const table of ['audit_entry', 'audit_seal', 'audit_personal', 'audit_unsealed']) {
      const sql = `select * from ${table} where company_id = ?`
      expect(await other.inside((tx) => tx.em.execute<unknown[]>(sql, [log.companyId]))).toEqual([])
    }
    expect(await log.verify()).toMatchObject({ verified: 1, faults: 0, head: { seq: 1 } })
  })
})

describe('any history', () => {
  const json = fc.dictionary(
    fc.string({ unit: 'grapheme' }),
    fc.jsonValue({ stringUnit: 'grapheme', maxDepth: 3 }),
    { maxKeys: 4 },
  )
  const which = fc.nat({ max: 3 })
  const step = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('write' as const),
        which,
        changes: json,
        personal: fc.option(json),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('commit' as const), which }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('rollBack' as const), which }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('seal' as const) }) },
  )

  type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

  /** @returns what each transaction that committed wrote; entries are numbered as they are written */
  async function play(steps: Step[]): Promise<string[][]> {
    const open = new Map<number, { transaction: OpenTransaction; written: string[] }>()
    const committed: string[][] = []
    const end = async (which: number, how: 'commit' | 'rollBack') => {
      const one = open.get(which)
      if (!one) return
      open.delete(which)
      await one.transaction[how]()
      if (how === 'commit') committed.push(one.written)
    }
    let count = 0
    for (const step of steps) {
      if (step.do === 'seal') {
        await log.seal()
        expect(await log.verify()).toMatchObject({ faults: 0, all: [] })
      } else if (step.do === 'write') {
        const one = open.get(step.which) ?? { transaction: await log.begin(), written: [] }
        open.set(step.which, one)
        count += 1
        const action = String(count)
        one.written.push(action)
        const { changes, personal } = step
        const entry = { ...plain(log.companyId), action, changes, personal: personal ?? undefined }
        await recordAudit(one.transaction.tx, entry)
      } else await end(step.which, step.do)
    }
    for (const which of [...open.keys()]) await end(which, 'commit')
    return committed
  }

  test('of transactions at once is sealed in the order of their beginnings, nothing twice, nothing skipped', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
        await emptied()
        const committed = await play(steps)
        await log.seal()
        const sealed = await actions()
        expect(sealed).toEqual(committed.toSorted(([a], [b]) => Number(a) - Number(b)).flat())
        expect(await log.verify()).toMatchObject({ verified: sealed.length, waiting: 0, faults: 0 })
      }),
      { numRuns: 20 },
    )
  })
})
