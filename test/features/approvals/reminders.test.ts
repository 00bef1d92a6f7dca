import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { moveDueWork } from '../../../jobs/relay.ts'
import { runJob } from '../../../jobs/worker.ts'
import {
  decideApproval,
  escalateAsk,
  openRequest,
  remindAsked,
} from '../../../src/features/approvals/index.ts'
import { openWorkplace } from '../../support/do-work.ts'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { passTime, setClock, waiting } from './pass-time.ts'
import { by, level } from './plan-support.ts'
import { SmallCompany } from './small-company.ts'

let database: TestDatabase
let company: SmallCompany

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
/** Friday afternoon. Everybody works in UTC, Monday to Friday from 9 to 17. */
beforeEach(async () => {
  await database.asSuperuser('truncate outbox')
  setClock(database, '2026-11-20T15:00:00Z')
  company = await SmallCompany.create(database)
})
const set = (settings: string) =>
  database.asSuperuser(`update company set ${settings} where id = $1`, [company.id])
const reminders = (subjectId: string) =>
  company.told.filter((one) => one.subjectId === subjectId && one.event === 'reminded')
const remindedAt = async (subjectId: string) =>
  (await company.request(subjectId)).steps.flatMap(({ approvals }) =>
    approvals.flatMap(({ asks }) => asks.map(({ remindedAt }) => remindedAt?.toISOString() ?? null)),
  )

describe('whoever has not answered', () => {
  test('is reminded once after a working day, at that time of the day', async () => {
    const subjectId = await company.open([level(5)])
    await passTime(company, '2026-11-23T14:59:59Z')
    expect(reminders(subjectId)).toEqual([])
    await passTime(company, '2026-11-23T15:00:00Z')
    const approvalId = await company.approvalOf(subjectId, 'eve')
    expect(reminders(subjectId)).toMatchObject([{ approvalId, personId: company.ids.eve, newAsks: [] }])
    expect(await remindedAt(subjectId)).toEqual(['2026-11-23T15:00:00.000Z'])
    await passTime(company, '2026-11-24T17:00:00Z')
    expect(reminders(subjectId)).toHaveLength(1)
    expect(await company.audit(subjectId)).toEqual(['approval.reminded'])
  })

  test('is reminded by their own clock, and not on their holidays', async () => {
    await database.asSuperuser(
      `update person set time_zone = 'America/New_York', holidays = 'US' where id = $1`,
      [company.ids.eve],
    )
    setClock(database, '2026-11-25T20:00:00Z')
    const subjectId = await company.open([level(5)])
    // Wednesday, 15:00 in New York; Thursday is Thanksgiving.
    await passTime(company, '2026-11-30T12:00:00Z')
    expect(await remindedAt(subjectId)).toEqual(['2026-11-27T20:00:00.000Z'])
  })

  test('is left in peace when they have answered', async () => {
    const subjectId = await company.open([level(5)])
    const approvalId = await company.approvalOf(subjectId, 'eve')
    await company.as('eve', (tx) => decideApproval(tx, company.subjects, { approvalId, verdict: 'approve' }))
    await passTime(company, '2026-11-30T17:00:00Z')
    expect(company.told.map(({ event }) => event)).toEqual(['decided'])
    expect(await waiting(company)).toEqual([])
  })

  test('is left in peace about a step that holds up nothing', async () => {
    await company.open([level(6), level(5, { required: false })])
    expect((await waiting(company)).map(({ name }) => name)).not.toContain('eve')
  })

  test('is never reminded where the company sets 0, also not of what waited before', async () => {
    const subjectId = await company.open([level(5)])
    await set('remind_after_days = 0')
    await company.open([level(5)])
    expect((await waiting(company)).map(({ job }) => job)).toEqual([
      'approval.remind',
      'approval.escalate',
      'approval.escalate',
    ])
    await passTime(company, '2026-11-24T09:00:00Z')
    expect(reminders(subjectId)).toEqual([])
  })

  test('is reminded after half a day where the company sets that', async () => {
    await set('remind_after_days = 0.5')
    const subjectId = await company.open([level(5)])
    await passTime(company, '2026-11-23T11:00:00Z')
    expect(await remindedAt(subjectId)).toEqual(['2026-11-23T11:00:00.000Z'])
  })
})

test('what somebody was asked before and is not any more waits for nobody who holds the request', async () => {
  const subjectId = await company.open([level(5)])
  const [ask] = await database.asSuperuser<{ id: string }>(
    'update approval_ask set ended_at = $2 where company_id = $1 returning id',
    [company.id, database.clock.now()],
  )
  await company.as(null, async (tx) => {
    await tx.em.execute('select 1 from approval_request where subject_id = ? for update', [subjectId])
    for (const follow of [remindAsked, escalateAsk])
      await company.as(null, (other) => follow(other, company.subjects, ask?.id ?? ''))
  })
  expect(company.told).toEqual([])
})

test.each([2, 12])('asking %i people takes as many statements as asking one', async (people) => {
  const statements = async () => {
    let count = 0
    const logger = database.orm.config.getLogger()
    const logQuery = logger.logQuery.bind(logger)
    logger.setDebugMode(['query'])
    logger.logQuery = () => {
      count += 1
    }
    await company.as('grace', async (tx) => {
      const steps = await company.plan(tx, [by('finance')])
      count = 0
      const subject = { kind: 'expense' as const, id: tx.newId() }
      const { newAsks } = await openRequest(tx, {
        subject,
        submitterId: company.ids.grace,
        revision: 1,
        amountMinor: 100,
        steps,
      })
      count += newAsks.length * 1000
    })
    Object.assign(logger, { logQuery })
    logger.setDebugMode(false)
    return count
  }
  const alone = (await statements()) - 1000
  for (let n = 1; n < people; n++) {
    const finance = { teamId: null, rank: null, managerId: null, roles: ['finance'] }
    await company.addPerson(`p${n}`, { id: randomUUID(), ...finance })
  }
  expect(await statements()).toBe(alone + people * 1000)
  expect(alone).toBeLessThan(20)
})

describe('no reminder is lost', () => {
  test('when the queue was emptied after it was handed over: the lease ends, and it is handed over again', async () => {
    const subjectId = await company.open([level(5)])
    setClock(database, '2026-11-23T15:00:00Z')
    const emptied = { add: async () => {} }
    expect(await moveDueWork(database, emptied)).toBe(1)
    expect(await moveDueWork(database, emptied)).toBe(0)
    database.clock.advance(46_000)
    const handed: (() => Promise<void>)[] = []
    const workplace = openWorkplace(database, company.subjects)
    const queue = {
      add: async (items: { name: string; work: Parameters<typeof runJob>[2] }[]) => {
        for (const { name, work } of items) handed.push(() => runJob(workplace, name, work))
      },
    }
    expect(await moveDueWork(database, queue)).toBe(1)
    for (const work of [...handed, ...handed]) await work()
    expect(reminders(subjectId)).toHaveLength(1)
  })

  test('when the program stood still over its time, and nobody is woken at night for it', async () => {
    const subjectId = await company.open([level(5)])
    // As if it had been started on Tuesday at three in the morning.
    setClock(database, '2026-11-24T03:00:00Z')
    await passTime(company, '2026-11-24T08:59:59Z')
    expect(reminders(subjectId)).toEqual([])
    await passTime(company, '2026-11-24T09:00:00Z')
    expect(await remindedAt(subjectId)).toEqual(['2026-11-24T09:00:00.000Z'])
  })

  test('and none is left of a question that was rolled back', async () => {
    const failed = company.as('grace', async (tx) => {
      await openRequest(tx, {
        subject: { kind: 'expense', id: tx.newId() },
        submitterId: company.ids.grace,
        revision: 1,
        amountMinor: 100,
        steps: await company.plan(tx, [level(5)]),
      })
      throw new Error('crash before commit')
    })
    await expect(failed).rejects.toThrow('crash before commit')
    expect(await waiting(company)).toEqual([])
  })
})
