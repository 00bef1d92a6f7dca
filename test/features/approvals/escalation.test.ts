import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { decideApproval, listWaiting, moveOpenApprovals } from '../../../src/features/approvals/index.ts'
import { addDelegation } from '../../../src/features/people/index.ts'
import { doTurns } from '../../support/do-work.ts'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { everAsked, passTime, setClock, waiting } from './pass-time.ts'
import { by, level } from './plan-support.ts'
import { type Name, SmallCompany } from './small-company.ts'

let database: TestDatabase
let company: SmallCompany

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
/** Monday morning. Everybody works in UTC, Monday to Friday from 9 to 17. */
beforeEach(async () => {
  await database.asSuperuser('truncate outbox')
  setClock(database, '2026-11-16T10:00:00Z')
  company = await SmallCompany.create(database)
})
const thursday = '2026-11-19T10:00:00Z'
const nextTuesday = '2026-11-24T10:00:00Z'
const nextFriday = '2026-11-27T10:00:00Z'

const told = (subjectId: string, event: string) =>
  company.told.filter((one) => one.subjectId === subjectId && one.event === event)
const decide = async (subjectId: string, name: Name, whose: Name) => {
  const approvalId = await company.approvalOf(subjectId, whose)
  await company.as(name, (tx) => decideApproval(tx, company.subjects, { approvalId, verdict: 'approve' }))
}

describe('when somebody does not answer', () => {
  test('the next one up is asked besides after three working days, and told why', async () => {
    const subjectId = await company.open([level(5)])
    await passTime(company, '2026-11-19T09:59:59Z')
    expect(await everAsked(company, subjectId)).toEqual(['eve approver'])
    await passTime(company, thursday)
    expect(await everAsked(company, subjectId)).toEqual(['eve approver', 'alice escalated'])
    const approvalId = await company.approvalOf(subjectId, 'eve')
    expect(told(subjectId, 'escalated')).toMatchObject([
      {
        approvalId,
        personId: company.ids.eve,
        newAsks: [{ approvalId, personId: company.ids.alice, role: 'escalated' }],
      },
    ])
    const { steps } = await company.request(subjectId)
    expect(steps[0]?.approvals[0]?.asks[1]?.because).toBe('eve has not answered since Mon, Nov 16')
    expect(await company.audit(subjectId)).toEqual(['approval.reminded', 'approval.escalated'])
    const inbox = await company.as('alice', (tx) => listWaiting(tx, company.ids.alice, { limit: 5 }))
    expect(inbox).toMatchObject([{ approvalId }])
  })

  test('either of them decides, and the other is asked no more', async () => {
    for (const name of ['eve', 'alice'] as const) {
      setClock(database, '2026-11-16T10:00:00Z')
      const subjectId = await company.open([level(5)])
      await passTime(company, thursday)
      await decide(subjectId, name, 'eve')
      expect(await company.request(subjectId)).toMatchObject({ status: 'approved' })
      expect(await everAsked(company, subjectId)).toEqual(['(eve approver)', '(alice escalated)'])
    }
    company.told.length = 0
    await passTime(company, '2026-12-18T10:00:00Z')
    expect(company.told).toEqual([])
    expect(await waiting(company)).toEqual([])
  })

  test('it climbs on, to finance and an admin, and then reminds the last one again and again', async () => {
    const subjectId = await company.open([level(5)])
    await passTime(company, '2026-12-07T10:00:00Z')
    expect(await everAsked(company, subjectId)).toEqual([
      'eve approver',
      'alice escalated',
      'fay escalated',
      'adam escalated',
    ])
    const before = told(subjectId, 'reminded').length
    const { adam } = company.ids
    await passTime(company, '2026-12-22T10:00:00Z')
    const again = told(subjectId, 'reminded').slice(before)
    expect(again.filter(({ personId }) => personId === adam).length).toBeGreaterThanOrEqual(3)
    expect(told(subjectId, 'escalated')).toHaveLength(3)
    expect(
      (await waiting(company)).some(({ job, name }) => job === 'approval.escalate' && name === 'adam'),
    ).toBe(true)
  })

  test('nobody is asked besides where the company sets 0', async () => {
    await database.asSuperuser('update company set escalate_after_days = 0 where id = $1', [company.id])
    const subjectId = await company.open([level(5)])
    await passTime(company, nextFriday)
    expect(await everAsked(company, subjectId)).toEqual(['eve approver'])
  })
})

describe('of several who are asked', () => {
  test('one next one up is enough where one answer is', async () => {
    const subjectId = await company.open([level(6)])
    await passTime(company, thursday)
    expect(await everAsked(company, subjectId)).toEqual(['frank approver', 'fred approver', 'eve escalated'])
    await passTime(company, nextTuesday)
    expect(await everAsked(company, subjectId)).toEqual([
      'frank approver',
      'fred approver',
      'eve escalated',
      'alice escalated',
    ])
  })

  test('each has a next one up of their own where all must answer', async () => {
    const subjectId = await company.open([level(6, { needed: 'all' })])
    await passTime(company, thursday)
    expect(await everAsked(company, subjectId)).toEqual([
      'frank approver',
      'fred approver',
      'eve escalated',
      'alice escalated',
    ])
  })

  test('whoever answered is not gone over, and the others’ next one up is asked', async () => {
    const subjectId = await company.open([level(6, { needed: 'all' })])
    await decide(subjectId, 'frank', 'frank')
    await passTime(company, thursday)
    expect(await everAsked(company, subjectId)).toEqual([
      '(frank approver)',
      'fred approver',
      'eve escalated',
    ])
    await decide(subjectId, 'eve', 'fred')
    expect(await company.request(subjectId)).toMatchObject({ status: 'approved' })
  })
})

describe('never asked is', () => {
  test('anybody at the submitter’s level or below it, or who reports to them', async () => {
    const subjectId = await company.open([by(`adam@${company.id}.example`)], { submitter: 'eve' })
    await database.asSuperuser('update person set level_rank = 7, manager_id = $2 where id = $1', [
      company.ids.adam,
      company.ids.grace,
    ])
    await database.asSuperuser('update person set manager_id = $2 where id = $1', [
      company.ids.fay,
      company.ids.fred,
    ])
    await passTime(company, '2026-12-18T10:00:00Z')
    expect(await everAsked(company, subjectId)).toEqual([
      'adam approver',
      'grace escalated',
      'alice escalated',
    ])
  })

  test('the submitter, although they manage whoever does not answer', async () => {
    const subjectId = await company.open([by(`frank@${company.id}.example`)], { submitter: 'eve' })
    await passTime(company, thursday)
    expect(await everAsked(company, subjectId)).toEqual(['frank approver', 'alice escalated'])
  })

  test('somebody who has left', async () => {
    const subjectId = await company.open([level(5)])
    await company.setActive('alice', false)
    await passTime(company, thursday)
    expect(await everAsked(company, subjectId)).toEqual(['eve approver', 'fay escalated'])
  })

  test('anybody about a step that holds up nothing', async () => {
    const subjectId = await company.open([level(6), level(5, { required: false })])
    await decide(subjectId, 'frank', 'frank')
    await passTime(company, nextFriday)
    expect(told(subjectId, 'escalated')).toEqual([])
  })
})

describe('somebody’s delegate', () => {
  const standIn = (principal: Name, delegate: Name) =>
    company.as(principal, (tx) =>
      addDelegation(tx, {
        principalId: company.ids[principal],
        delegateId: company.ids[delegate],
        from: '2026-11-16',
        to: '2026-12-31',
        upTo: null,
      }),
    )

  test('who does not answer either: the next one above the one they stand in for is asked', async () => {
    await standIn('eve', 'adam')
    const subjectId = await company.open([level(5)])
    await passTime(company, thursday)
    expect(await everAsked(company, subjectId)).toEqual(['adam delegate', 'alice escalated'])
    const { steps } = await company.request(subjectId)
    expect(steps[0]?.approvals[0]?.asks[1]?.because).toBe('adam, for eve, has not answered since Mon, Nov 16')
  })

  test('is asked besides the next one up, and the climb goes on once from both', async () => {
    await standIn('alice', 'fred')
    const subjectId = await company.open([level(5)])
    await passTime(company, thursday)
    expect(await everAsked(company, subjectId)).toEqual(['eve approver', 'alice escalated', 'fred delegate'])
    expect(told(subjectId, 'escalated')[0]?.newAsks.map(({ role }) => role)).toEqual([
      'escalated',
      'delegate',
    ])
    await passTime(company, nextTuesday)
    expect(await everAsked(company, subjectId)).toEqual([
      'eve approver',
      'alice escalated',
      'fred delegate',
      'fay escalated',
    ])
  })

  test('and the next one up they stand in for go on up once also where all must answer', async () => {
    await standIn('eve', 'adam')
    const subjectId = await company.open([level(6, { needed: 'all' })])
    await passTime(company, nextTuesday)
    const approvalId = await company.approvalOf(subjectId, 'frank')
    const about = (event: string) => told(subjectId, event).filter((one) => one.approvalId === approvalId)
    expect(about('escalated').map(({ newAsks }) => newAsks.map(({ personId }) => personId))).toEqual([
      [company.ids.eve, company.ids.adam],
      [company.ids.fay],
    ])
    expect(about('reminded').map(({ personId }) => personId)).toEqual([
      company.ids.frank,
      company.ids.eve,
      company.ids.adam,
    ])
  })

  test('is the one who is reminded, and not the one they stand in for since', async () => {
    const subjectId = await company.open([level(5)])
    await passTime(company, '2026-11-16T12:00:00Z')
    await standIn('eve', 'fred')
    await doTurns(database, company.subjects)
    await passTime(company, '2026-11-17T11:00:00Z')
    expect(told(subjectId, 'reminded')).toEqual([])
    await passTime(company, '2026-11-17T12:00:00Z')
    expect(told(subjectId, 'reminded')).toMatchObject([{ personId: company.ids.fred }])
  })
})

describe('when the next one up leaves', () => {
  test('the one after that is asked in their place', async () => {
    const subjectId = await company.open([level(5)])
    await passTime(company, thursday)
    await company.as(null, async (tx) => {
      await moveOpenApprovals(tx, company.subjects, company.ids.alice)
      await tx.em.execute('update person set active = false where id = ?', [company.ids.alice])
    })
    expect(await everAsked(company, subjectId)).toEqual([
      'eve approver',
      '(alice escalated)',
      'fay escalated',
    ])
    expect(told(subjectId, 'escalated').at(-1)?.newAsks).toMatchObject([
      { personId: company.ids.fay, role: 'escalated' },
    ])
  })
})
