import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  decideApproval,
  listDecisions,
  moveOpenApprovals,
  openRequest,
  undoDecision,
  type Verdict,
  withdrawRequest,
} from '../../../src/features/approvals/index.ts'
import { addDelegation } from '../../../src/features/people/index.ts'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { everAsked, passTime, setClock } from './pass-time.ts'
import { by, level } from './plan-support.ts'
import { type Name, SmallCompany } from './small-company.ts'

const hour = 3_600_000
let database: TestDatabase
let company: SmallCompany

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  company = await SmallCompany.create(database)
})

async function decide(subjectId: string, name: Name, verdict: Verdict = 'approve'): Promise<string> {
  const approvalId = await company.approvalOf(subjectId, name)
  await company.as(name, (tx) =>
    decideApproval(tx, company.subjects, { approvalId, verdict, comment: `${name} says ${verdict}` }),
  )
  return approvalId
}

const undo = (approvalId: string, name: Name, comment?: string) =>
  company.as(name, (tx) => undoDecision(tx, company.subjects, { approvalId, comment }))

const undone = async (subjectId: string) =>
  (await company.request(subjectId)).undone
    .map(({ approver, what, by }) => `${approver} ${what} (${by})`)
    .sort()

const setHours = (hours: number) =>
  database.asSuperuser('update company set rollback_hours = $2 where id = $1', [company.id, hours])

describe('taking back', () => {
  test('asks the same people anew, keeps what was, and tells the subject and the record', async () => {
    const subjectId = await company.open([level(6), level(5)])
    const approvalId = await decide(subjectId, 'frank')
    database.clock.advance(1000)
    company.told.length = 0
    await undo(approvalId, 'frank', ' Wrong one\u0000 ')
    expect(await company.steps(subjectId)).toEqual([['frank asked', 'fred asked'], ['eve waiting']])
    expect(await undone(subjectId)).toEqual([
      'eve null (frank)',
      'frank approved (frank)',
      'fred null (frank)',
    ])
    const request = await company.request(subjectId)
    const own = request.undone.find(({ id }) => id === approvalId)
    expect(own).toEqual({
      id: approvalId,
      approverId: company.ids.frank,
      approver: 'frank',
      what: 'approved',
      decided: {
        byId: company.ids.frank,
        by: 'frank',
        onBehalfOf: null,
        at: new Date(database.clock.now().getTime() - 1000),
        channel: 'slack',
        comment: 'frank says approve',
      },
      byId: company.ids.frank,
      by: 'frank',
      at: database.clock.now(),
      channel: 'slack',
      comment: 'Wrong one',
      freshId: await company.approvalOf(subjectId, 'frank'),
    })
    expect(own?.freshId).not.toBe(approvalId)
    expect(company.told).toMatchObject([
      { event: 'undoing', status: 'open', approvalId, undoneApprovals: [] },
      {
        event: 'undone',
        subjectId,
        revision: 1,
        status: 'open',
        approvalId,
        personId: company.ids.frank,
        comment: 'Wrong one',
      },
    ])
    expect(new Set(company.told[1]?.undoneApprovals)).toEqual(new Set(request.undone.map(({ id }) => id)))
    expect(await company.audit(subjectId)).toEqual(['approval.decided', 'approval.undone'])
  })

  test('opens a closed request again, and it can come to the same end', async () => {
    const subjectId = await company.open([level(6), level(5)])
    const approvalId = await decide(subjectId, 'frank')
    await decide(subjectId, 'eve')
    expect((await company.request(subjectId)).status).toBe('approved')
    await undo(approvalId, 'frank')
    expect(await company.request(subjectId)).toMatchObject({ status: 'open' })
    const [row] = await database.asSuperuser('select closed_at from approval_request where subject_id = $1', [
      subjectId,
    ])
    expect(row).toEqual({ closed_at: null })
    await decide(subjectId, 'frank')
    expect(await company.steps(subjectId)).toEqual([['frank approved', 'fred not_needed'], ['eve asked']])
    await decide(subjectId, 'eve')
    expect((await company.request(subjectId)).status).toBe('approved')
  })

  test.each(['reject', 'send_back'] as const)('works for “%s” as well', async (verdict) => {
    const subjectId = await company.open([level(6), level(5)])
    const approvalId = await decide(subjectId, 'fred', verdict)
    await undo(approvalId, 'fred')
    expect(await company.steps(subjectId)).toEqual([['frank asked', 'fred asked'], ['eve waiting']])
    await decide(subjectId, 'frank')
    expect(await company.steps(subjectId)).toEqual([['frank approved', 'fred not_needed'], ['eve asked']])
  })

  test('again and again keeps every time', async () => {
    const subjectId = await company.open([by('finance')])
    for (let time = 0; time < 3; time++) await undo(await decide(subjectId, 'fay'), 'fay')
    expect(await undone(subjectId)).toEqual(Array(3).fill('fay approved (fay)'))
    expect(await company.steps(subjectId)).toEqual([['fay asked']])
  })

  test('done twice is no mistake, also for what fell with it', async () => {
    const subjectId = await company.open([level(6), by(`frank@${company.id}.example`)])
    const first = await decide(subjectId, 'fred')
    const second = await decide(subjectId, 'frank')
    await undo(first, 'fred')
    await undo(first, 'fred')
    expect(await company.audit(subjectId)).toHaveLength(3)
    await expect(undo(second, 'frank')).rejects.toMatchObject({
      code: 'undone',
      message: expect.stringMatching(/^fred took back a decision, /),
      details: { undoneBy: 'fred', undoneAt: database.clock.now() },
    })
  })
})

describe('is refused', () => {
  test('when the time is over, to the millisecond; each company has its own', async () => {
    const subjectId = await company.open([by('finance')])
    const approvalId = await decide(subjectId, 'fay')
    database.clock.advance(24 * hour)
    await expect(undo(approvalId, 'fay')).rejects.toMatchObject({
      code: 'too_late',
      message: expect.stringMatching(/^This could be taken back until .*3:00/),
      details: { until: database.clock.now() },
    })
    await setHours(25)
    database.clock.advance(hour - 1)
    await undo(approvalId, 'fay')
  })

  test('to everybody where the company allows no time', async () => {
    await setHours(0)
    const subjectId = await company.open([by('finance')])
    const approvalId = await decide(subjectId, 'fay')
    await expect(undo(approvalId, 'fay')).rejects.toMatchObject({
      code: 'too_late',
      message: 'A decision cannot be taken back here.',
    })
  })

  test('to anybody else, for what is not decided or not there, and with too many words', async () => {
    const subjectId = await company.open([level(6), level(5)])
    const asked = await company.approvalOf(subjectId, 'fred')
    await expect(undo(asked, 'fred')).rejects.toMatchObject({ code: 'not_decided' })
    const approvalId = await decide(subjectId, 'frank')
    for (const name of ['fred', 'grace', 'adam'] as const) {
      await expect(undo(approvalId, name)).rejects.toMatchObject({ code: 'not_yours' })
    }
    await expect(undo(randomUUID(), 'frank')).rejects.toMatchObject({ code: 'approval_unknown' })
    await expect(undo(approvalId, 'frank', 'x'.repeat(2001))).rejects.toMatchObject({
      code: 'comment_too_long',
    })
    await company.setActive('frank', false)
    await expect(undo(approvalId, 'frank')).rejects.toMatchObject({ code: 'person_inactive' })
    expect(await undone(subjectId)).toEqual([])
  })

  test('when somebody else’s decision ended the request', async () => {
    const subjectId = await company.open([level(6, { needed: 'all' })])
    const approvalId = await decide(subjectId, 'frank')
    await decide(subjectId, 'fred', 'reject')
    await expect(undo(approvalId, 'frank')).rejects.toMatchObject({ code: 'closed' })
  })

  test('when the subject cannot go along: then nothing is changed', async () => {
    const subjectId = await company.open([level(6)])
    const approvalId = await decide(subjectId, 'frank')
    const subjects = {
      expense: async () => {
        throw new Error('no')
      },
    }
    await expect(company.as('frank', (tx) => undoDecision(tx, subjects, { approvalId }))).rejects.toThrow(
      'no',
    )
    expect(await company.steps(subjectId)).toEqual([['frank approved', 'fred not_needed']])
  })
})

test('what can be taken back is known with the time until when, for each decision', async () => {
  const subjectId = await company.open([level(6, { needed: 'all' }), by('finance')])
  const can = async () =>
    (await company.request(subjectId)).steps
      .flatMap(({ approvals }) => approvals)
      .flatMap(({ approver, undoableUntil }) => (undoableUntil ? [[approver, undoableUntil]] : []))
  expect(await can()).toEqual([])
  const first = new Date(database.clock.now().getTime() + 24 * hour)
  await decide(subjectId, 'frank')
  database.clock.advance(hour)
  await decide(subjectId, 'fred')
  const second = new Date(first.getTime() + hour)
  expect(new Map((await can()) as [string, Date][])).toEqual(
    new Map([
      ['frank', first],
      ['fred', second],
    ]),
  )
  database.clock.advance(23 * hour)
  expect(await can()).toEqual([['fred', second]])
  await setHours(0)
  expect(await can()).toEqual([])
})

test('an undone approval decides nothing, and whoever presses its buttons is told', async () => {
  const subjectId = await company.open([level(6), level(5)])
  const old = await decide(subjectId, 'frank')
  const asked = await company.approvalOf(subjectId, 'eve')
  await undo(old, 'frank')
  const press = (name: Name, approvalId: string) =>
    company.as(name, (tx) => decideApproval(tx, company.subjects, { approvalId, verdict: 'approve' }))
  await expect(press('frank', old)).rejects.toMatchObject({
    code: 'undone',
    message: expect.stringMatching(/^You took back a decision, /),
  })
  await expect(press('eve', asked)).rejects.toThrow(/^frank took back a decision, .* asked anew/)
  // Nothing is decided any more, so the submitter may take the whole request back.
  await company.as('grace', (tx) => withdrawRequest(tx, subjectId))
  expect((await company.request(subjectId)).status).toBe('withdrawn')
  await expect(undo(old, 'frank')).resolves.toBeUndefined()
})

describe('somebody who left since', () => {
  test('is not asked anew: others are, as the policy asks for', async () => {
    const subjectId = await company.open([level(6), by('finance')])
    const approvalId = await decide(subjectId, 'frank')
    await decide(subjectId, 'fay')
    await company.setActive('fay', false)
    await company.setActive('fred', false)
    await undo(approvalId, 'frank')
    expect(await company.steps(subjectId)).toEqual([
      ['frank asked', 'fred moved'],
      ['adam waiting', 'fay moved'],
    ])
    await decide(subjectId, 'frank')
    await decide(subjectId, 'adam')
    expect((await company.request(subjectId)).status).toBe('approved')
  })

  test('and whom nobody can stand in for: the request ends, and its subject is told', async () => {
    const subjectId = await company.open([level(6), by('finance')])
    const approvalId = await decide(subjectId, 'frank')
    await decide(subjectId, 'fay')
    await company.setActive('fay', false)
    await company.setActive('adam', false)
    await undo(approvalId, 'frank')
    expect(company.told.at(-1)).toMatchObject({ event: 'undone', status: 'withdrawn' })
    expect((await company.request(subjectId)).status).toBe('withdrawn')
  })

  test('at the same moment: either they are replaced by the leaving or by the taking back', async () => {
    for (let round = 0; round < Number(process.env.RACES ?? 20); round++) {
      const subjectId = await company.open([level(6), by('finance')])
      const approvalId = await decide(subjectId, 'frank')
      await decide(subjectId, 'fay')
      const leave = company.as(null, async (tx) => {
        await tx.em.execute('update person set active = false where id = ?', [company.ids.fay])
        return moveOpenApprovals(tx, company.subjects, company.ids.fay)
      })
      await Promise.all([leave, undo(approvalId, 'frank')])
      expect((await company.steps(subjectId))[1]).toEqual(['adam waiting', 'fay moved'])
      await company.setActive('fay', true)
    }
  })
})

test('whoever decided as the next one up may decide it again', async () => {
  await database.asSuperuser('truncate outbox')
  setClock(database, '2026-11-23T10:00:00Z')
  const subjectId = await company.open([level(5)])
  await passTime(company, '2026-11-26T10:00:00Z')
  expect(await company.asked(subjectId)).toEqual(['alice up', 'eve'])
  const approvalId = await company.approvalOf(subjectId, 'eve')
  const decideIt = (id: string, verdict: Verdict) =>
    company.as('alice', (tx) =>
      decideApproval(tx, company.subjects, { approvalId: id, verdict, comment: 'Wrong receipt' }),
    )
  await decideIt(approvalId, 'approve')
  company.told.length = 0
  await expect(undo(approvalId, 'eve')).rejects.toMatchObject({ code: 'not_yours' })
  await undo(approvalId, 'alice')
  expect(await company.asked(subjectId)).toEqual(['alice up', 'eve'])
  const freshId = await company.approvalOf(subjectId, 'eve')
  expect(company.told.at(-1)).toMatchObject({
    event: 'undone',
    newAsks: [
      { approvalId: freshId, personId: company.ids.alice, role: 'escalated' },
      { approvalId: freshId, personId: company.ids.eve, role: 'approver' },
    ],
  })
  await decideIt(freshId, 'reject')
  const listed = await company.as(null, (tx) => listDecisions(tx, subjectId))
  expect(listed.map(({ who, onBehalfOf, verdict, undone }) => [who, onBehalfOf, verdict, undone])).toEqual([
    ['alice', 'eve', 'approved', null],
    ['alice', 'eve', 'approved', { name: 'alice', isOwn: true }],
    ['alice', 'eve', 'rejected', null],
  ])
})

test('who was the next one up and has left since is not asked anew', async () => {
  setClock(database, '2026-11-16T10:00:00Z')
  const subjectId = await company.open([level(5)])
  await passTime(company, '2026-11-19T10:00:00Z')
  const approvalId = await decide(subjectId, 'eve')
  await company.setActive('alice', false)
  company.told.length = 0
  await undo(approvalId, 'eve')
  expect(company.told.at(-1)).toMatchObject({ event: 'undone', newAsks: [{ personId: company.ids.eve }] })
  expect(company.told.at(-1)?.newAsks).toHaveLength(1)
  expect(await everAsked(company, subjectId)).toEqual(['(eve approver)', '(alice escalated)', 'eve approver'])
})

test('nor who has decided in the step meanwhile, in the place of somebody else', async () => {
  setClock(database, '2026-11-16T10:00:00Z')
  const subjectId = await company.open([level(6, { needed: 'all' })])
  await passTime(company, '2026-11-19T10:00:00Z')
  const { eve, fred, frank } = company.ids
  const days = { from: '2026-11-19', to: '2026-11-20', upTo: null }
  await company.as('fred', (tx) => addDelegation(tx, { principalId: fred, delegateId: eve, ...days }))
  const approvalId = await company.approvalOf(subjectId, 'fred')
  await company.as('eve', (tx) => decideApproval(tx, company.subjects, { approvalId, verdict: 'approve' }))
  const own = await decide(subjectId, 'frank')
  expect((await company.request(subjectId)).status).toBe('approved')
  await undo(own, 'frank')
  expect(company.told.at(-1)).toMatchObject({ event: 'undone', newAsks: [{ personId: frank }] })
  expect(company.told.at(-1)?.newAsks).toHaveLength(1)
  expect(await company.asked(subjectId)).toEqual(['frank'])
})

test('a newer request about the same subject is never opened beside an older one', async () => {
  const subjectId = await company.open([by('finance')])
  const approvalId = await decide(subjectId, 'fay', 'send_back')
  await company.as('grace', async (tx) => {
    const steps = await company.plan(tx, [by('admin')])
    const subject = { kind: 'expense' as const, id: subjectId }
    await openRequest(tx, { subject, submitterId: company.ids.grace, revision: 2, amountMinor: 100, steps })
  })
  // Subjects refuse before it comes to that; this one does not.
  await expect(undo(approvalId, 'fay')).rejects.toThrow('approval_request_open')
})

test('every decision and taking back of all requests is listed, oldest first, with whose it was', async () => {
  const subjectId = await company.open([by('admin', { required: false }), level(6), level(5)])
  const tick = () => database.clock.advance(1000)
  await decide(subjectId, 'adam', 'reject')
  tick()
  const approvalId = await decide(subjectId, 'frank')
  tick()
  await decide(subjectId, 'eve')
  tick()
  await undo(approvalId, 'frank', 'Sorry')
  tick()
  await decide(subjectId, 'fred', 'send_back')
  const listed = await company.as(null, (tx) => listDecisions(tx, subjectId))
  expect(
    listed.map(({ who, verdict, isOptional, undone, comment }) => [
      who,
      verdict,
      isOptional,
      undone,
      comment,
    ]),
  ).toEqual([
    ['adam', 'rejected', true, null, 'adam says reject'],
    ['frank', 'approved', false, null, 'frank says approve'],
    ['eve', 'approved', false, null, 'eve says approve'],
    ['frank', 'approved', false, { name: 'frank', isOwn: true }, 'Sorry'],
    ['frank', 'approved', false, { name: 'eve', isOwn: false }, null],
    ['fred', 'sent_back', false, null, 'fred says send_back'],
  ])
})
