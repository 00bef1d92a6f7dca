import { describe, expect, test } from 'vitest'
import {
  decideApproval,
  hasApproval,
  listDecisions,
  subjectOfApproval,
  undoDecision,
} from '../../../src/features/approvals/index.ts'
import { endDelegation } from '../../../src/features/people/index.ts'
import { Delegating, fromToday } from './delegation-support.ts'
import { everAsked } from './pass-time.ts'
import { by, level } from './plan-support.ts'
import { type Name, SmallCompany } from './small-company.ts'

const world = Delegating.forEachTest()

describe('a delegate', () => {
  test.each([
    ['approve', 'approved'],
    ['reject', 'rejected'],
    ['send_back', 'sent_back'],
  ] as const)('can %s, and both names are kept everywhere', async (verdict, status) => {
    await world.delegate('eve', 'frank', fromToday)
    const subjectId = await world.company.open([level(5)])
    const approvalId = await world.decide(subjectId, 'frank', 'eve', verdict)
    const request = await world.company.request(subjectId)
    expect(request.status).toBe(status)
    const [approval] = request.steps[0]?.approvals ?? []
    expect(approval).toMatchObject({ approver: 'eve', status, asks: [], mayDecide: [] })
    expect(approval?.decided).toMatchObject({ byId: world.company.ids.frank, by: 'frank', onBehalfOf: 'eve' })
    const rows = await world.database.asSuperuser(
      'select approver_id, decided_by from approval where id = $1',
      [approvalId],
    )
    expect(rows).toEqual([{ approver_id: world.company.ids.eve, decided_by: world.company.ids.frank }])
    const entries = await world.database.asSuperuser(
      `select actor_id, on_behalf_of_id from audit_entry where subject_id = $1 and action = 'approval.decided'`,
      [subjectId],
    )
    expect(entries).toEqual([{ actor_id: world.company.ids.frank, on_behalf_of_id: world.company.ids.eve }])
    const listed = await world.company.as(null, (tx) => listDecisions(tx, subjectId))
    expect(listed).toMatchObject([{ who: 'frank', onBehalfOf: 'eve', verdict: status, undone: null }])
    await expect(world.decide(subjectId, 'eve', 'eve')).rejects.toMatchObject({
      code: 'already_decided',
      message: expect.stringMatching(/^frank \(for eve\) already (approved|rejected|sent back) this, Nov 20/),
      details: { decidedBy: 'frank', decidedFor: 'eve', decision: status },
    })
    // Again the same way is no mistake.
    await world.decide(subjectId, 'frank', 'eve', verdict)
  })

  test('asks the submitter, and it is recorded for whom', async () => {
    await world.delegate('eve', 'frank', fromToday)
    const subjectId = await world.company.open([level(5)])
    await world.decide(subjectId, 'frank', 'eve', 'ask')
    const entries = await world.database.asSuperuser(
      `select actor_id, on_behalf_of_id from audit_entry where subject_id = $1 and action = 'approval.asked'`,
      [subjectId],
    )
    expect(entries).toEqual([{ actor_id: world.company.ids.frank, on_behalf_of_id: world.company.ids.eve }])
  })

  test('does not keep the principal from deciding', async () => {
    await world.delegate('eve', 'frank', fromToday)
    const subjectId = await world.company.open([level(5)])
    expect(await world.mayDecide(subjectId, 'eve')).toEqual(['eve', 'frank'])
    const approvalId = await world.decide(subjectId, 'eve', 'eve')
    expect((await world.company.request(subjectId)).steps[0]?.approvals[0]?.decided).toMatchObject({
      by: 'eve',
      onBehalfOf: null,
    })
    const late = world.company.as('frank', (tx) =>
      decideApproval(tx, world.company.subjects, { approvalId, verdict: 'reject', comment: 'No' }),
    )
    await expect(late).rejects.toThrow(/^eve already approved this/)
    expect(await everAsked(world.company, subjectId)).toEqual(['(frank delegate)'])
  })

  test('never decides for a delegate: it goes one hop', async () => {
    await world.delegate('eve', 'frank', fromToday)
    await world.delegate('frank', 'fred', fromToday)
    const subjectId = await world.company.open([level(5)])
    expect(await world.company.asked(subjectId)).toEqual(['frank for eve'])
    expect(await world.mayDecide(subjectId, 'eve')).toEqual(['eve', 'frank'])
    await expect(world.decide(subjectId, 'fred', 'eve')).rejects.toMatchObject({ code: 'not_yours' })
  })

  test('who submitted it is never asked, and is refused: the principal is asked', async () => {
    await world.delegate('eve', 'grace', fromToday)
    const subjectId = await world.company.open([level(5)])
    expect(await world.company.asked(subjectId)).toEqual(['eve'])
    expect(await world.mayDecide(subjectId, 'eve')).toEqual(['eve'])
    await expect(world.decide(subjectId, 'grace', 'eve')).rejects.toMatchObject({ code: 'own_expense' })
    const other = await world.company.open([level(5)], { submitter: 'frank' })
    expect(await world.company.asked(other)).toEqual(['grace for eve'])
  })

  test('is asked only for what is worth no more than the cap', async () => {
    await world.delegate('eve', 'frank', { ...fromToday, upTo: '500.00' })
    const opened = async (amountMinor: number) => world.company.open([level(5)], { amountMinor })
    const [at, above] = [await opened(50_000), await opened(50_001)]
    expect(await world.company.asked(at)).toEqual(['frank for eve'])
    expect(await world.company.asked(above)).toEqual(['eve'])
    expect(await world.mayDecide(above, 'eve')).toEqual(['eve'])
    await expect(world.decide(above, 'frank', 'eve')).rejects.toMatchObject({ code: 'not_yours' })
    await world.decide(at, 'frank', 'eve')
  })

  test('who reports to the submitter is not asked, and is refused: the principal is asked', async () => {
    // Eve manages Frank and Fred; further down they are hers as well.
    await world.database.asSuperuser('update person set manager_id = $2 where id = $1', [
      world.company.ids.grace,
      world.company.ids.fred,
    ])
    await world.delegate('alice', 'grace', fromToday)
    const ofEve = await world.company.open([level(1)], { submitter: 'eve' })
    expect(await world.company.asked(ofEve)).toEqual(['alice'])
    expect(await world.mayDecide(ofEve, 'alice')).toEqual(['alice'])
    await expect(world.decide(ofEve, 'grace', 'alice')).rejects.toMatchObject({ code: 'not_yours' })
    const ofFrank = await world.company.open([level(1)], { submitter: 'frank' })
    expect(await world.company.asked(ofFrank)).toEqual(['grace for alice'])
  })

  test('whom the principal chose themself decides nothing for which they would have to prove that it is them', async () => {
    await world.database.asSuperuser('update company set step_up_over_minor = 50000 where id = $1', [
      world.company.id,
    ])
    const opened = async (amountMinor: number) => world.company.open([level(5)], { amountMinor })
    const id = await world.delegate('eve', 'frank', { ...fromToday, upTo: '9000.00' })
    const [at, above] = [await opened(50_000), await opened(50_001)]
    expect(await world.company.asked(at)).toEqual(['frank for eve'])
    expect(await world.company.asked(above)).toEqual(['eve'])
    expect(await world.mayDecide(above, 'eve')).toEqual(['eve'])
    await expect(world.decide(above, 'frank', 'eve')).rejects.toMatchObject({ code: 'not_yours' })

    await world.company.as('eve', (tx) => endDelegation(tx, id))
    await world.delegate('eve', 'frank', { ...fromToday, upTo: '9000.00', actor: 'adam' })
    await world.relay()
    expect(await world.company.asked(above)).toEqual(['frank for eve'])
    expect(await world.mayDecide(above, 'eve')).toEqual(['eve', 'frank'])
    await expect(world.decide(above, 'frank', 'eve')).rejects.toMatchObject({ code: 'step_up_required' })
  })

  test('of one company decides nothing in another', async () => {
    await world.delegate('eve', 'frank', fromToday)
    const other = await SmallCompany.create(world.database)
    const subjectId = await other.open([level(5)])
    expect(await other.asked(subjectId)).toEqual(['eve'])
    const approvalId = await other.approvalOf(subjectId, 'eve')
    await expect(
      world.company.as('frank', (tx) =>
        decideApproval(tx, world.company.subjects, { approvalId, verdict: 'approve' }),
      ),
    ).rejects.toMatchObject({ code: 'approval_unknown' })
  })

  test('looks at what it is about, and so does the principal; others do not', async () => {
    await world.delegate('eve', 'frank', fromToday)
    const subjectId = await world.company.open([level(5), by('finance')])
    const look = async (name: Name) =>
      world.company.as(name, (tx) => hasApproval(tx, subjectId, world.company.ids[name]))
    expect(await Promise.all((['eve', 'frank', 'fred', 'fay'] as const).map(look))).toEqual([
      true,
      true,
      false,
      false,
    ])
    const approvalId = await world.company.approvalOf(subjectId, 'eve')
    const subject = await world.company.as('frank', (tx) => subjectOfApproval(tx, approvalId))
    const { eve, frank } = world.company.ids
    expect(subject).toEqual({
      subjectId,
      approverId: eve,
      mayDecide: [eve, frank],
      mayLook: [eve, frank],
    })
    await world.decide(subjectId, 'eve', 'eve')
    // Whoever was asked may still look at it.
    expect(await world.company.as('frank', (tx) => subjectOfApproval(tx, approvalId))).toMatchObject({
      mayDecide: [],
      mayLook: [eve, frank],
    })
    expect(await look('frank')).toBe(true)
  })
})

describe('one person counts once in a step', () => {
  test('a delegate of two decides for one; for the other, that one is asked themself', async () => {
    await world.delegate('frank', 'fay', fromToday)
    await world.delegate('fred', 'fay', fromToday)
    const subjectId = await world.company.open([level(6, { needed: 'all' })])
    expect(await world.company.asked(subjectId)).toEqual(['fay for frank', 'fay for fred'])
    await world.decide(subjectId, 'fay', 'frank')
    expect(await world.company.asked(subjectId)).toEqual(['fred'])
    expect(await world.mayDecide(subjectId, 'fred')).toEqual(['fred'])
    await expect(world.decide(subjectId, 'fay', 'fred')).rejects.toMatchObject({
      code: 'counted_already',
      message: expect.stringContaining('counts once in a step'),
    })
    await world.decide(subjectId, 'fred', 'fred')
    expect((await world.company.request(subjectId)).status).toBe('approved')
  })

  test('an approver is not asked in the place of another of the step', async () => {
    await world.delegate('frank', 'fred', fromToday)
    const subjectId = await world.company.open([level(6, { needed: 'all' })])
    expect(await world.company.asked(subjectId)).toEqual(['frank', 'fred'])
    await expect(world.decide(subjectId, 'fred', 'frank')).rejects.toMatchObject({ code: 'counted_already' })
    await world.decide(subjectId, 'fred', 'fred')
    await expect(world.decide(subjectId, 'fred', 'frank')).rejects.toMatchObject({ code: 'counted_already' })
    await world.decide(subjectId, 'frank', 'frank')
    expect((await world.company.request(subjectId)).status).toBe('approved')
  })

  test('whoever counts for another is not found when somebody leaves: the next one is', async () => {
    await world.delegate('frank', 'eve', fromToday)
    const subjectId = await world.company.open([level(6, { needed: 2 })])
    await world.decide(subjectId, 'eve', 'frank')
    await world.leave('fred')
    expect(await world.company.steps(subjectId)).toEqual([['alice asked', 'frank approved', 'fred moved']])
    await world.decide(subjectId, 'alice', 'alice')
    expect((await world.company.request(subjectId)).status).toBe('approved')
  })
})

describe('taking back', () => {
  const undo = (approvalId: string, name: Name) =>
    world.company.as(name, (tx) => undoDecision(tx, world.company.subjects, { approvalId }))

  test('is for the one who decided: the delegate, also when they no longer stand in', async () => {
    const id = await world.delegate('eve', 'frank', fromToday)
    const subjectId = await world.company.open([level(5), by('finance')])
    const approvalId = await world.decide(subjectId, 'frank', 'eve')
    await expect(undo(approvalId, 'eve')).rejects.toMatchObject({ code: 'not_yours' })
    const [approval] = (await world.company.request(subjectId)).steps[0]?.approvals ?? []
    expect(approval?.undoableUntil).toEqual(new Date('2026-11-21T15:00:00Z'))
    await world.company.as('eve', (tx) => endDelegation(tx, id))
    world.database.clock.advance(1000)
    await undo(approvalId, 'frank')
    await undo(approvalId, 'frank')
    expect(await world.company.asked(subjectId)).toEqual(['eve'])
    const listed = await world.company.as(null, (tx) => listDecisions(tx, subjectId))
    expect(listed).toMatchObject([
      { who: 'frank', onBehalfOf: 'eve', undone: null },
      { who: 'frank', onBehalfOf: 'eve', undone: { name: 'frank', isOwn: true } },
    ])
    const [entry] = await world.database.asSuperuser(
      `select actor_id, on_behalf_of_id from audit_entry where subject_id = $1 and action = 'approval.undone'`,
      [subjectId],
    )
    expect(entry).toEqual({ actor_id: world.company.ids.frank, on_behalf_of_id: world.company.ids.eve })
    expect((await world.company.request(subjectId)).undone).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({
          id: approvalId,
          approver: 'eve',
          by: 'frank',
          decided: expect.objectContaining({ by: 'frank', onBehalfOf: 'eve' }),
        }),
      ]),
    )
  })

  test('asks the delegate anew as long as they stand in', async () => {
    await world.delegate('eve', 'frank', fromToday)
    const subjectId = await world.company.open([level(5)])
    await undo(await world.decide(subjectId, 'frank', 'eve'), 'frank')
    expect(await world.company.asked(subjectId)).toEqual(['frank for eve'])
    await world.decide(subjectId, 'frank', 'eve', 'reject')
    expect((await world.company.request(subjectId)).status).toBe('rejected')
  })

  test('of an approval by the principal asks the delegate anew, and of a later step as well', async () => {
    await world.delegate('fay', 'adam', fromToday)
    const subjectId = await world.company.open([level(5), by('finance')])
    const first = await world.decide(subjectId, 'eve', 'eve')
    await world.decide(subjectId, 'fay', 'fay')
    await undo(first, 'eve')
    expect(await world.company.asked(subjectId)).toEqual(['eve'])
    await world.decide(subjectId, 'eve', 'eve')
    expect(await world.company.asked(subjectId)).toEqual(['adam for fay'])
    await world.decide(subjectId, 'adam', 'fay')
    expect((await world.company.request(subjectId)).status).toBe('approved')
  })
})
