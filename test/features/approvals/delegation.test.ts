import { describe, expect, test } from 'vitest'
import type { JobName } from '../../../jobs/catalog.ts'
import {
  addSteps,
  decideApproval,
  passOn,
  passOnAnew,
  withdrawRequest,
} from '../../../src/features/approvals/index.ts'
import { endDelegation } from '../../../src/features/people/index.ts'
import { doWork } from '../../support/do-work.ts'
import { afterwards, Delegating, december, fromToday } from './delegation-support.ts'
import { everAsked, setClock } from './pass-time.ts'
import { by, level } from './plan-support.ts'

const world = Delegating.forEachTest()

describe('what is open', () => {
  test('is asked of the delegate when it begins, and of the principal again when it ends', async () => {
    const [one, two] = [await world.company.open([level(5)]), await world.company.open([level(5)])]
    const other = await world.company.open([level(6)])
    await world.delegate('eve', 'frank')
    await world.relay()
    expect(await world.company.asked(one)).toEqual(['eve'])
    world.company.told.length = 0
    await world.begin()
    expect(await world.company.asked(one)).toEqual(['frank for eve'])
    expect(await world.company.asked(two)).toEqual(['frank for eve'])
    expect(await world.company.asked(other)).toEqual(['frank', 'fred'])
    const approval = await world.approvalIn(one, 'eve')
    expect(world.company.told).toMatchObject(
      [one, two].map((subjectId) => ({
        subjectId,
        event: 'passed_on',
        status: 'open',
        newAsks: [{ personId: world.company.ids.frank, role: 'delegate' }],
      })),
    )
    expect(world.company.told[0]?.newAsks[0]?.approvalId).toBe(approval.id)
    expect(approval.asks).toEqual([
      {
        personId: world.company.ids.frank,
        name: 'frank',
        role: 'delegate',
        onBehalfOf: 'eve',
        because: `you decide for eve until Dec 14, 2026, and ${approval.because}`,
        reason: {
          kind: 'delegate',
          facts: { principal: 'eve', until: '2026-12-14', reason: approval.reason },
        },
        askedAt: new Date(december),
        remindedAt: null,
      },
    ])
    const listed = await world.waitingFor('frank')
    expect(listed.map(({ onBehalfOf, subjectId }) => [subjectId, onBehalfOf])).toEqual([
      [one, 'eve'],
      [two, 'eve'],
      [other, null],
    ])
    expect(await world.waitingFor('eve')).toEqual([])

    world.company.told.length = 0
    await world.begin(afterwards)
    expect(await world.company.asked(one)).toEqual(['eve'])
    expect(await world.waitingFor('eve')).toHaveLength(2)
    expect(world.company.told).toMatchObject([
      { event: 'passed_on', newAsks: [{ personId: world.company.ids.eve, role: 'approver' }] },
      { event: 'passed_on' },
    ])
    expect(await everAsked(world.company, one)).toEqual([
      '(eve approver)',
      '(frank delegate)',
      'eve approver',
    ])
  })

  test('is told once in all, to both: when it is made, begins and ends', async () => {
    await world.company.open([level(5)])
    await world.company.open([level(5)])
    await world.delegate('eve', 'frank')
    await world.relay()
    expect((await world.mails()).sort()).toEqual(['made to eve', 'made to frank'])
    await world.begin()
    expect((await world.mails()).slice(2).sort()).toEqual(['begins to eve', 'begins to frank'])
    await world.begin(afterwards)
    expect((await world.mails()).slice(4).sort()).toEqual(['ended to eve', 'ended to frank'])
    await world.begin('2027-01-15T00:00:00Z')
    expect(await world.mails()).toHaveLength(6)
    const rows = await world.database.asSuperuser<{ action: string }>(
      `select action from audit_entry where company_id = $1 and action like 'delegation.%' order by at, id`,
      [world.company.id],
    )
    expect(rows.map(({ action }) => action)).toEqual([
      'delegation.added',
      'delegation.began',
      'delegation.ended',
    ])
    expect(
      await world.database.asSuperuser(
        `select 1 from outbox where status <> 'done' and job = 'delegation.turn'`,
      ),
    ).toEqual([])
  })

  test('that begins at once is told as begun, whoever made it', async () => {
    await world.delegate('eve', 'frank', { actor: 'adam' })
    await world.delegate('alice', 'fay', { ...fromToday, actor: 'alice' })
    await world.relay()
    expect((await world.mails()).sort()).toEqual([
      'begins to alice',
      'begins to fay',
      'made to eve',
      'made to frank',
    ])
  })

  test('opened meanwhile is asked of the delegate at once, in each step as its turn comes', async () => {
    await world.delegate('eve', 'fay', fromToday)
    await world.relay()
    const { subjectId, newAsks } = await world.company.openWithStatus([level(6), level(5)])
    expect(newAsks.map(({ role }) => role)).toEqual(['approver', 'approver'])
    world.company.told.length = 0
    await world.decide(subjectId, 'frank', 'frank')
    expect(await world.company.asked(subjectId)).toEqual(['fay for eve'])
    expect(world.company.told).toMatchObject([
      { event: 'decided', newAsks: [{ personId: world.company.ids.fay, role: 'delegate' }] },
    ])
    const opened = await world.company.openWithStatus([level(5)])
    expect(opened.newAsks).toMatchObject([{ personId: world.company.ids.fay, role: 'delegate' }])
  })

  test('says until when, also where one delegation to the same person follows another', async () => {
    const subjectId = await world.company.open([level(5)])
    await world.delegate('eve', 'frank')
    await world.delegate('eve', 'frank', { from: '2026-12-15', to: '2026-12-20' })
    await world.begin()
    await world.begin(afterwards)
    const { asks } = await world.approvalIn(subjectId, 'eve')
    expect(asks).toMatchObject([
      { name: 'frank', because: expect.stringMatching(/^you decide for eve until Dec 20, 2026, and the/) },
    ])
    expect(await everAsked(world.company, subjectId)).toEqual(['(eve approver)', 'frank delegate'])
  })

  test('stays with the delegate’s successor when one delegation follows another', async () => {
    const subjectId = await world.company.open([level(5)])
    await world.delegate('eve', 'frank')
    await world.delegate('eve', 'fred', { from: '2026-12-15', to: '2026-12-20' })
    await world.begin()
    await world.begin(afterwards)
    expect(await world.company.asked(subjectId)).toEqual(['fred for eve'])
  })

  test('comes back at once when it is ended early, by principal or admin', async () => {
    const subjectId = await world.company.open([level(5)])
    for (const actor of ['eve', 'adam'] as const) {
      const id = await world.delegate('eve', 'frank', fromToday)
      await world.relay()
      expect(await world.company.asked(subjectId)).toEqual(['frank for eve'])
      await world.company.as(actor, (tx) => endDelegation(tx, id))
      await world.relay()
      expect(await world.company.asked(subjectId)).toEqual(['eve'])
    }
  })

  test('that was taken back or decided in the meantime asks nobody', async () => {
    await world.delegate('eve', 'frank')
    const [one, two] = [await world.company.open([level(5)]), await world.company.open([level(5)])]
    await world.company.as('grace', (tx) => withdrawRequest(tx, one))
    await world.decide(two, 'eve', 'eve')
    world.company.told.length = 0
    await world.begin()
    expect(world.company.told).toEqual([])
    expect(await world.company.asked(one)).toEqual([])
    expect(await world.waitingFor('frank')).toEqual([])
    expect(await everAsked(world.company, one)).toEqual(['(eve approver)'])
  })

  test('goes through steps that are added, and to a delegate who is made an approver, once', async () => {
    await world.delegate('eve', 'fay', fromToday)
    const subjectId = await world.company.open([level(5)])
    await world.company.as(null, async (tx) =>
      addSteps(tx, world.company.subjects, subjectId, await world.company.plan(tx, [by('finance')])),
    )
    await world.decide(subjectId, 'fay', 'eve')
    expect(await world.company.asked(subjectId)).toEqual(['fay'])
    await world.decide(subjectId, 'fay', 'fay')
    expect((await world.company.request(subjectId)).status).toBe('approved')
  })
})

describe('however much is open', () => {
  const doing = (job: JobName) => doWork(world.database, job, world.company.subjects)
  const toSync = () =>
    world.database.asSuperuser<{ subject_id: string }>(
      `select r.subject_id from outbox o join approval_request r on r.id::text = o.payload ->> 'requestId'
       where o.job = 'approval.sync_asks' and o.status = 'pending' order by r.id`,
    )

  test('a turn asks for each request to be looked at on its own, and for no other', async () => {
    const [one, two] = [await world.company.open([level(5)]), await world.company.open([level(5)])]
    await world.company.open([level(6)])
    await world.delegate('eve', 'frank')
    setClock(world.database, december)
    await doing('delegation.turn')
    expect(await toSync()).toEqual([{ subject_id: one }, { subject_id: two }])
    expect(await world.company.asked(one)).toEqual(['eve'])
    await world.company.as(null, (tx) => passOnAnew(tx))
    expect(await toSync(), 'asked for again').toHaveLength(2)
    expect(await doing('approval.sync_asks')).toEqual(['done', 'done'])
    expect(await world.company.asked(two)).toEqual(['frank for eve'])
  })

  test('others are asked and decide meanwhile', async () => {
    const [open, other] = [
      await world.company.open([level(5)]),
      await world.company.open([level(6), level(5)]),
    ]
    const id = await world.delegate('eve', 'frank')
    setClock(world.database, december)
    await world.company.as(null, async (tx) => {
      await passOn(tx, id)
      await world.decide(other, 'fred', 'fred')
    })
    expect(await world.company.asked(other)).toEqual(['frank for eve'])
    await world.relay()
    expect(await world.company.asked(open)).toEqual(['frank for eve'])
  })

  test('what is decided before its turn to be looked at is left alone', async () => {
    const subjectId = await world.company.open([level(5)])
    await world.delegate('eve', 'frank')
    setClock(world.database, december)
    await doing('delegation.turn')
    await world.decide(subjectId, 'eve', 'eve')
    world.company.told.length = 0
    expect(await doing('approval.sync_asks')).toEqual(['done'])
    expect(world.company.told).toEqual([])
  })
})

describe('by clocks that differ', () => {
  /** The relay’s clock is ahead of that of the worker, or was. */
  const handOut = () =>
    world.database.asSuperuser(`update outbox set not_before = $1 where job = 'delegation.turn'`, [
      world.database.clock.now(),
    ])

  test.each([50, 1000])('a beginning and an end that come %i ms early are not lost', async (early) => {
    const subjectId = await world.company.open([level(5)])
    await world.delegate('eve', 'frank')
    await world.relay()
    for (const [at, turn, asked] of [
      [december, 'begins', ['frank for eve']],
      [afterwards, 'ended', ['eve']],
    ] as const) {
      setClock(world.database, new Date(new Date(at).getTime() - early))
      await handOut()
      await world.relay()
      await handOut()
      await world.relay()
      expect(await world.mails()).not.toContain(`${turn} to eve`)
      await world.begin(at)
      expect(await world.mails()).toContain(`${turn} to eve`)
      expect(await world.company.asked(subjectId)).toEqual(asked)
    }
  })

  test('whoever asks the principal from before it began is put right a minute later', async () => {
    const subjectId = await world.company.open([level(6), level(5)])
    const approvalId = await world.company.approvalOf(subjectId, 'fred')
    await world.delegate('eve', 'frank')
    await world.relay()
    await world.company.as('fred', async (tx) => {
      await decideApproval(tx, world.company.subjects, { approvalId, verdict: 'approve' })
      await world.begin()
    })
    expect(await world.company.asked(subjectId)).toEqual(['eve'])
    await world.begin('2026-12-01T00:01:00Z')
    expect(await world.company.asked(subjectId)).toEqual(['frank for eve'])
  })
})

describe('ended before it began', () => {
  test('is called off: who heard of it hears that, and nobody that they decided', async () => {
    const id = await world.delegate('eve', 'frank')
    await world.relay()
    await world.company.as('eve', (tx) => endDelegation(tx, id))
    await world.relay()
    await world.begin(afterwards)
    expect((await world.mails()).sort()).toEqual([
      'called_off to eve',
      'called_off to frank',
      'made to eve',
      'made to frank',
    ])
    const recorded = await world.database.asSuperuser(
      `select action from audit_entry where company_id = $1 and action like 'delegation.%' order by at, id`,
      [world.company.id],
    )
    expect(recorded).toEqual([{ action: 'delegation.added' }, { action: 'delegation.ended_early' }])
  })

  test('and before anybody heard of it, nobody hears of it', async () => {
    const id = await world.delegate('eve', 'frank')
    await world.company.as('eve', (tx) => endDelegation(tx, id))
    await world.relay()
    expect(await world.mails()).toEqual([])
  })
})

describe('when the relay is late', () => {
  test('a former delegate is refused, and told why; the principal decides', async () => {
    const subjectId = await world.company.open([level(5)])
    await world.delegate('eve', 'frank')
    await world.begin()
    setClock(world.database, afterwards)
    expect(await world.company.asked(subjectId)).toEqual(['frank for eve'])
    expect(await world.mayDecide(subjectId, 'eve')).toEqual(['eve'])
    await expect(world.decide(subjectId, 'frank', 'eve')).rejects.toMatchObject({
      code: 'not_yours',
      message: 'You no longer decide for eve, so this request is not yours to decide.',
    })
    await world.decide(subjectId, 'eve', 'eve')
  })

  test('a new delegate decides all the same', async () => {
    const subjectId = await world.company.open([level(5)])
    await world.delegate('eve', 'frank')
    setClock(world.database, december)
    expect(await world.company.asked(subjectId)).toEqual(['eve'])
    expect(await world.mayDecide(subjectId, 'eve')).toEqual(['eve', 'frank'])
    await world.decide(subjectId, 'frank', 'eve')
    await world.relay()
    expect(await everAsked(world.company, subjectId)).toEqual(['(eve approver)'])
  })

  test('by weeks, nobody hears of a beginning that is over, and nothing moves', async () => {
    const subjectId = await world.company.open([level(5)])
    await world.delegate('eve', 'frank')
    await world.begin(afterwards)
    expect(await world.company.asked(subjectId)).toEqual(['eve'])
    expect((await world.mails()).sort()).toEqual(['ended to eve', 'ended to frank'])
    expect(await everAsked(world.company, subjectId)).toEqual(['eve approver'])
  })
})

describe('when somebody leaves', () => {
  test('a delegate: what they stood in for comes back at once, and both hear of the end', async () => {
    await world.delegate('eve', 'frank', fromToday)
    await world.relay()
    const subjectId = await world.company.open([level(5)])
    world.company.told.length = 0
    expect(await world.leave('frank')).toEqual([])
    expect(await world.company.asked(subjectId)).toEqual(['eve'])
    expect(await world.mayDecide(subjectId, 'eve')).toEqual(['eve'])
    expect(world.company.told).toMatchObject([
      { event: 'passed_on', subjectId, newAsks: [{ personId: world.company.ids.eve, role: 'approver' }] },
    ])
    await world.relay()
    expect((await world.mails()).filter((mail) => mail.startsWith('ended'))).toEqual(['ended to eve'])
    await expect(world.decide(subjectId, 'frank', 'eve')).rejects.toMatchObject({ code: 'person_inactive' })
  })

  test('a principal: their approvals move on, and the delegate decides for nobody any more', async () => {
    await world.delegate('eve', 'frank', fromToday)
    await world.relay()
    const subjectId = await world.company.open([level(5), level(1)])
    expect(await world.company.asked(subjectId)).toEqual(['frank for eve'])
    const [moved] = await world.leave('eve')
    expect(moved).toMatchObject({ subjectId, to: ['alice'] })
    expect(await world.company.asked(subjectId)).toEqual(['alice'])
    await expect(world.decide(subjectId, 'frank', 'eve')).rejects.toMatchObject({ code: 'not_yours' })
    await world.relay()
    expect((await world.mails()).filter((mail) => mail.startsWith('ended'))).toEqual(['ended to frank'])
  })

  test('whoever takes their place may have a delegate who is asked instead', async () => {
    await world.delegate('alice', 'fay', fromToday)
    const subjectId = await world.company.open([level(5)])
    await world.leave('eve')
    expect(await world.company.asked(subjectId)).toEqual(['fay for alice'])
  })
})
