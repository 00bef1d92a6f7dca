import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { decideApproval, undoDecision, type Verdict } from '../../../src/features/approvals/index.ts'
import { addDelegation, endDelegation } from '../../../src/features/people/index.ts'
import { AppError } from '../../../src/kernel/errors.ts'
import { doTurns } from '../../support/do-work.ts'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { expectSoundRecord } from './delegation-support.ts'
import { level } from './plan-support.ts'
import { type Name, SmallCompany } from './small-company.ts'

/**
 * How often each race is run. In the suite a few; the figure of the README:
 * `RACES=200 npm test -- test/features/approvals/delegation-races.test.ts`.
 */
const races = Number(process.env.RACES ?? 10)

let database: TestDatabase
let company: SmallCompany

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  await database.asSuperuser('truncate outbox')
  company = await SmallCompany.create(database)
})

/** Frank decides for Eve from today on. */
const delegate = () =>
  company.as('eve', async (tx) => {
    const [principalId, delegateId] = [company.ids.eve, company.ids.frank]
    const days = { from: '2026-11-20', to: '2026-11-30', upTo: null }
    return (await addDelegation(tx, { principalId, delegateId, ...days })).id
  })
const relay = () => doTurns(database, company.subjects)

/** What kept this from happening; null: it happened. */
async function problemOf(attempt: Promise<unknown>): Promise<AppError | null> {
  try {
    await attempt
    return null
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}

const decide = (approvalId: string, by: Name, verdict: Verdict = 'approve') =>
  problemOf(
    company.as(by, (tx) =>
      decideApproval(tx, company.subjects, { approvalId, verdict, comment: 'Said in a race' }),
    ),
  )

/** One decision is made and recorded, in whose place, and told once; nobody is asked any more. */
async function expectDecidedOnce(subjectId: string, by: Name, status: string): Promise<void> {
  const request = await company.request(subjectId)
  expect(request.status).toBe(status)
  const [approval] = request.steps[0]?.approvals ?? []
  const onBehalfOf = by === 'frank' ? 'eve' : null
  expect(approval).toMatchObject({ status, asks: [], decided: { by, onBehalfOf } })
  const recorded = await database.asSuperuser(
    `select actor_id, on_behalf_of_id from audit_entry where subject_id = $1 and action = 'approval.decided'`,
    [subjectId],
  )
  expect(recorded).toEqual([
    { actor_id: company.ids[by], on_behalf_of_id: onBehalfOf && company.ids[onBehalfOf] },
  ])
  const told = company.told.filter((one) => one.subjectId === subjectId && one.event === 'decided')
  expect(told).toHaveLength(1)
}

async function repeat(what: string, once: () => Promise<string>): Promise<void> {
  const seen = new Map<string, number>()
  for (let round = 0; round < races; round++) {
    const result = await once()
    seen.set(result, (seen.get(result) ?? 0) + 1)
  }
  await expectSoundRecord(company)
  const counts = [...seen].map(([result, times]) => `${times} ${result}`).sort()
  console.log(`${races} ${what}: ${counts.join(', ')}, 0 stuck`)
}

const timeout = races * 2000 + 30_000

test('delegate and principal approve at the same moment: one of them did, the other is told who, for whom and when', {
  timeout,
}, async () => {
  await delegate()
  await repeat('times delegate against principal', async () => {
    const subjectId = await company.open([level(5)])
    const approvalId = await company.approvalOf(subjectId, 'eve')
    const [byFrank, byEve] = await Promise.all([decide(approvalId, 'frank'), decide(approvalId, 'eve')])
    expect([byFrank, byEve].filter((problem) => problem === null)).toHaveLength(1)
    const words = byFrank
      ? /^eve already approved this, Nov 20/
      : /^frank \(for eve\) already approved this, Nov 20/
    expect(byFrank ?? byEve).toMatchObject({ code: 'already_decided', message: expect.stringMatching(words) })
    await expectDecidedOnce(subjectId, byFrank ? 'eve' : 'frank', 'approved')
    return `decided by the ${byFrank ? 'principal' : 'delegate'}`
  })
})

test('the delegate approves and the principal rejects: one holds', { timeout }, async () => {
  await delegate()
  await repeat('times approve by the delegate against reject by the principal', async () => {
    const subjectId = await company.open([level(5)])
    const approvalId = await company.approvalOf(subjectId, 'eve')
    const [yes, no] = await Promise.all([decide(approvalId, 'frank'), decide(approvalId, 'eve', 'reject')])
    expect([yes, no].filter((problem) => problem === null)).toHaveLength(1)
    expect(yes ?? no).toMatchObject({ code: 'already_decided' })
    const status = yes ? 'rejected' : 'approved'
    await expectDecidedOnce(subjectId, yes ? 'eve' : 'frank', status)
    return status
  })
})

test('the delegate presses twice: it is one decision, and no mistake', { timeout }, async () => {
  await delegate()
  await repeat('double approvals by a delegate', async () => {
    const subjectId = await company.open([level(5)])
    const approvalId = await company.approvalOf(subjectId, 'eve')
    const results = await Promise.all([decide(approvalId, 'frank'), decide(approvalId, 'frank')])
    expect(results).toEqual([null, null])
    await expectDecidedOnce(subjectId, 'frank', 'approved')
    return 'decided once'
  })
})

test('the delegate takes back while the principal decides the next one: each is one thing', {
  timeout,
}, async () => {
  await delegate()
  await repeat('times taking back against the principal', async () => {
    const subjectId = await company.open([level(5)])
    const approvalId = await company.approvalOf(subjectId, 'eve')
    await decide(approvalId, 'frank')
    const [back, late] = await Promise.all([
      problemOf(company.as('frank', (tx) => undoDecision(tx, company.subjects, { approvalId }))),
      decide(approvalId, 'eve', 'reject'),
    ])
    expect(back).toBeNull()
    expect(['already_decided', 'undone']).toContain(late?.code)
    expect(await company.asked(subjectId)).toEqual(['frank for eve'])
    return `told ${late?.code === 'undone' ? 'that it was taken back' : 'who decided'}`
  })
})

test('it ends while the delegate decides: it is decided, or refused and asked of the principal again', {
  timeout,
}, async () => {
  await repeat('times the end of a delegation against its delegate', async () => {
    const id = await delegate()
    await relay()
    const subjectId = await company.open([level(5)])
    const approvalId = await company.approvalOf(subjectId, 'eve')
    const end = async () => {
      await company.as('eve', (tx) => endDelegation(tx, id))
      return relay()
    }
    const [problem, outcomes] = await Promise.all([decide(approvalId, 'frank'), end()])
    expect(new Set(outcomes)).toEqual(new Set(['done']))
    if (!problem) {
      await expectDecidedOnce(subjectId, 'frank', 'approved')
      return 'decided'
    }
    expect(problem).toMatchObject({ code: 'not_yours' })
    expect(await company.asked(subjectId)).toEqual(['eve'])
    // What is open in the end would be passed on again in each further round.
    await decide(approvalId, 'eve')
    return 'asked of the principal'
  })
})

test('it begins or ends while a step is opened: in the end, a minute later at the latest, the right one is asked', {
  timeout,
}, async () => {
  const lookAgain = () => {
    database.clock.advance(60_000)
    return relay()
  }
  await repeat('times a beginning and an end against what opens a step', async () => {
    const subjectId = await company.open([level(6), level(5)])
    const approvalId = await company.approvalOf(subjectId, 'fred')
    const begin = async () => {
      const id = await delegate()
      await relay()
      return id
    }
    const [problem, id] = await Promise.all([decide(approvalId, 'fred'), begin()])
    expect(problem).toBeNull()
    await lookAgain()
    expect(await company.asked(subjectId)).toEqual(['frank for eve'])
    const other = await company.open([level(6), level(5)])
    const first = await company.approvalOf(other, 'fred')
    const end = async () => {
      await company.as('adam', (tx) => endDelegation(tx, id))
      await relay()
    }
    const [late] = await Promise.all([decide(first, 'fred'), end()])
    expect(late).toBeNull()
    await lookAgain()
    expect(await company.asked(other)).toEqual(['eve'])
    expect(await company.asked(subjectId)).toEqual(['eve'])
    await decide(await company.approvalOf(subjectId, 'eve'), 'eve')
    await decide(await company.approvalOf(other, 'eve'), 'eve')
    return 'asked of the right one'
  })
})
