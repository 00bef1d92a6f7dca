import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  decideApproval,
  type MovedApproval,
  moveOpenApprovals,
  openRequest,
} from '../../../src/features/approvals/index.ts'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { by, level } from './plan-support.ts'
import { type Name, SmallCompany } from './small-company.ts'

let database: TestDatabase
let company: SmallCompany

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  company = await SmallCompany.create(database)
})

/** Leaves as an import of the organisation lets people leave: both in one transaction. */
function leave(name: Name): Promise<MovedApproval[]> {
  company.told.length = 0
  return company.as(null, async (tx) => {
    await tx.em.execute('update person set active = false where id = ?', [company.ids[name]])
    return moveOpenApprovals(tx, company.subjects, company.ids[name])
  })
}

async function approve(subjectId: string, ...names: Name[]): Promise<void> {
  for (const name of names) {
    const approvalId = await company.approvalOf(subjectId, name)
    await company.as(name, (tx) => decideApproval(tx, company.subjects, { approvalId, verdict: 'approve' }))
  }
}

describe('when somebody leaves', () => {
  test('whoever is next by the policy is asked instead, and the subject and the record are told', async () => {
    const subjectId = await company.open([level(5), level(1)])
    await company.addPerson('ed', { ...none, rank: 5, teamId: await teamOf('eve') })
    expect(await leave('eve')).toEqual([{ subjectId, wasAsked: true, to: ['ed'], status: 'open' }])
    expect(await company.steps(subjectId)).toEqual([['ed asked', 'eve moved'], ['alice waiting']])
    expect(company.told).toEqual([
      {
        event: 'asked_anew',
        subjectId,
        revision: 1,
        status: 'open',
        approvalId: null,
        personId: null,
        comment: null,
        commentId: null,
        onBehalfOfId: null,
        undoneApprovals: [],
        newAsks: [expect.objectContaining({ personId: expect.any(String), role: 'approver' })],
      },
    ])
    expect(await company.audit(subjectId)).toEqual(['approval.moved'])
  })

  test('in several requests and steps, all of them are moved; where nobody is there twice', async () => {
    const [one, two, decided] = [
      await company.open([level(6, { needed: 'all' }), by(`frank@${company.id}.example`)]),
      await company.open([by('manager', { description: 'x' }), level(6)], { submitter: 'grace' }),
      await company.open([level(6)]),
    ]
    await approve(decided, 'frank')
    const moved = await leave('frank')
    expect(moved.map(({ subjectId }) => subjectId).sort()).toEqual([one, two].sort())
    expect(await company.steps(one)).toEqual([
      ['frank moved', 'fred asked'],
      ['eve waiting', 'frank moved'],
    ])
    expect(await company.steps(two)).toEqual([['fay asked'], ['frank moved', 'fred waiting']])
    expect(await company.steps(decided)).toEqual([['frank approved', 'fred not_needed']])
  })

  test('what they decided stays, and so does what the others did', async () => {
    const subjectId = await company.open([level(6, { needed: 'all' }), level(5)])
    await approve(subjectId, 'frank')
    expect(await leave('frank')).toEqual([])
    await leave('fred')
    // Frank is not asked again: he had agreed. Nobody is left at that level, so the next one up joins.
    expect(await company.steps(subjectId)).toEqual([
      ['eve asked', 'frank approved', 'fred moved'],
      ['eve waiting'],
    ])
    expect((await company.request(subjectId)).steps[0]?.needed).toBe(2)
  })

  test('what they would have been asked later is told apart', async () => {
    await company.open([level(5), level(1)])
    expect(await leave('alice')).toMatchObject([{ wasAsked: false, to: ['fay'] }])
  })

  test('an all-of that waited for them alone is passed by those who agreed', async () => {
    const subjectId = await company.open([level(6, { needed: 'all' })])
    await approve(subjectId, 'frank')
    expect(await leave('fred')).toEqual([{ subjectId, wasAsked: true, to: ['frank'], status: 'approved' }])
    expect(company.told).toMatchObject([{ event: 'asked_anew', status: 'approved' }])
  })

  test('the number that must agree stays', async () => {
    const subjectId = await company.open([level(6, { needed: 2 })])
    await leave('fred')
    expect(await company.steps(subjectId)).toEqual([['eve asked', 'frank asked', 'fred moved']])
    expect((await company.request(subjectId)).steps[0]?.needed).toBe(2)
  })

  test('finance decides where nobody else may', async () => {
    const subjectId = await company.open([level(1)])
    await leave('alice')
    expect(await company.steps(subjectId)).toEqual([['alice moved', 'fay asked']])
  })

  test('a request that nobody else may decide ends, and its subject is told', async () => {
    const subjectId = await company.open([by('finance')])
    await company.setActive('adam', false)
    expect(await leave('fay')).toEqual([{ subjectId, wasAsked: true, to: [], status: 'withdrawn' }])
    expect(company.told).toMatchObject([{ event: 'stuck', status: 'withdrawn' }])
    expect(await company.steps(subjectId)).toEqual([['fay moved']])
  })

  test('a later step that nobody else may decide ends it too', async () => {
    const subjectId = await company.open([level(6), by('finance')])
    await company.setActive('adam', false)
    await leave('fay')
    expect(await company.steps(subjectId)).toEqual([['frank not_needed', 'fred not_needed'], ['fay moved']])
    expect((await company.request(subjectId)).status).toBe('withdrawn')
  })

  test('an optional step is asked of somebody else, or skipped', async () => {
    const optional = by('finance', { required: false })
    const subjectId = await company.open([optional, level(6)])
    await leave('fay')
    expect(await company.steps(subjectId)).toEqual([
      ['adam asked', 'fay moved'],
      ['frank asked', 'fred asked'],
    ])
    expect(await leave('adam')).toEqual([
      { subjectId, wasAsked: true, to: ['frank', 'fred'], status: 'open' },
    ])
    expect(company.told).toMatchObject([{ event: 'asked_anew', status: 'open' }])
  })

  test('two steps that they decided in one come apart again', async () => {
    const steps = [level(4, { description: 'AD agrees' }), level(1, { description: 'CTO agrees' })]
    const subjectId = await company.open(steps)
    expect((await company.request(subjectId)).steps).toMatchObject([{ description: 'AD agrees; CTO agrees' }])
    const [dora, clara] = [randomUUID(), randomUUID()]
    await company.addPerson('dora', { ...none, id: dora, rank: 4, teamId: await teamOf('eve') })
    await company.addPerson('clara', { ...none, id: clara, rank: 1, teamId: await teamOf('eve') })
    await leave('alice')
    expect(await company.steps(subjectId)).toEqual([['alice moved', 'dora asked'], ['clara waiting']])
    expect((await company.request(subjectId)).steps).toMatchObject([
      { description: 'AD agrees', position: 1 },
      { description: 'CTO agrees', position: 2 },
    ])
  })

  test('whoever is assigned to the category is looked up again', async () => {
    const categoryId = randomUUID()
    await database.asSuperuser(
      `insert into category (id, company_id, key, name, keywords, position) values ($1, $2, 'travel', 'Travel', '{}', 1)`,
      [categoryId, company.id],
    )
    for (const name of ['adam', 'alice'] as const) {
      await database.asSuperuser(
        'insert into assignment (id, company_id, category_id, person_id) values ($1, $2, $3, $4)',
        [randomUUID(), company.id, categoryId, company.ids[name]],
      )
    }
    await company.setActive('alice', false)
    const subjectId = await company.open([by('category')], { categoryId })
    expect(await company.steps(subjectId)).toEqual([['adam asked']])
    await company.setActive('alice', true)
    await leave('adam')
    expect(await company.steps(subjectId)).toEqual([['adam moved', 'alice asked']])
  })

  test('a request from before policies were kept beside it goes to finance', async () => {
    const subjectId = await company.open([level(1)])
    await database.asSuperuser('update approval_step set definition = null')
    await leave('alice')
    expect(await company.steps(subjectId)).toEqual([['alice moved', 'fay asked']])
  })

  test('they decide nothing any more, also when they come back; and can then be asked anew', async () => {
    const subjectId = await company.open([by('finance')])
    const old = await company.approvalOf(subjectId, 'fay')
    await leave('fay')
    await company.setActive('fay', true)
    const late = company.as('fay', (tx) =>
      decideApproval(tx, company.subjects, { approvalId: old, verdict: 'approve' }),
    )
    await expect(late).rejects.toMatchObject({ code: 'not_yours' })
    await leave('adam')
    expect(await company.steps(subjectId)).toEqual([['adam moved', 'fay asked', 'fay moved']])
    await approve(subjectId, 'fay')
    expect((await company.request(subjectId)).status).toBe('approved')
  })
})

/** How often each race is run; `RACES` sets another number. */
const rounds = Number(process.env.RACES ?? 20)

describe('at the same moment', () => {
  test('somebody leaves who was planned and is not asked yet: one is told to try again', async () => {
    const opening = company.as('grace', async (tx) => {
      const steps = await company.plan(tx, [by('admin')])
      await leave('adam')
      return openRequest(tx, {
        subject: { kind: 'expense', id: randomUUID() },
        submitterId: company.ids.grace,
        revision: 1,
        amountMinor: 100,
        steps,
      })
    })
    await expect(opening).rejects.toMatchObject({ code: 'approver_left', kind: 'transient' })
  })

  test('somebody leaves who is being asked: their leaving waits, and moves what is asked', async () => {
    const subjectId = randomUUID()
    let leaving: Promise<MovedApproval[]> | undefined
    await company.as('grace', async (tx) => {
      const steps = await company.plan(tx, [by('admin')])
      const subject = { kind: 'expense' as const, id: subjectId }
      await openRequest(tx, { subject, submitterId: company.ids.grace, revision: 1, amountMinor: 100, steps })
      await tx.em.flush()
      leaving = leave('adam')
      await setTimeout(50)
    })
    expect(await leaving).toEqual([{ subjectId, wasAsked: true, to: ['fay'], status: 'open' }])
    expect(await company.steps(subjectId)).toEqual([['adam moved', 'fay asked']])
  })

  test('somebody leaves and decides: it is decided or moved, never both or neither', async () => {
    let decided = 0
    for (let round = 0; round < rounds; round++) {
      const subjectId = await company.open([by('admin')])
      const approvalId = await company.approvalOf(subjectId, 'adam')
      const deciding = () =>
        company.as('adam', (tx) => decideApproval(tx, company.subjects, { approvalId, verdict: 'approve' }))
      const [decision] = await Promise.allSettled([deciding(), leave('adam')])
      const steps = await company.steps(subjectId)
      if (decision.status === 'fulfilled') {
        decided++
        expect(steps).toEqual([['adam approved']])
      } else {
        expect(decision.reason).toMatchObject({ kind: 'user' })
        expect(steps).toEqual([['adam moved', 'fay asked']])
      }
      await company.setActive('adam', true)
    }
    console.log(`${rounds} times somebody left while deciding: ${decided} decided, ${rounds - decided} moved`)
  })

  test('two who would stand in for each other leave: neither is waited for', async () => {
    for (let round = 0; round < rounds; round++) {
      const subjectId = await company.open([by('finance'), by('admin')])
      await Promise.all([leave('fay'), leave('adam')])
      expect((await company.request(subjectId)).status).toBe('withdrawn')
      await company.setActive('fay', true)
      await company.setActive('adam', true)
    }
  })
})

const none = { id: randomUUID(), teamId: null, rank: null, managerId: null, roles: [] }

async function teamOf(name: Name): Promise<string> {
  const [row] = await database.asSuperuser<{ team_id: string }>('select team_id from person where id = $1', [
    company.ids[name],
  ])
  return row?.team_id ?? ''
}
