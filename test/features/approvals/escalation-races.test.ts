import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  decideApproval,
  escalateAsk,
  moveOpenApprovals,
  undoDecision,
  type Verdict,
  withdrawRequest,
} from '../../../src/features/approvals/index.ts'
import { AppError } from '../../../src/kernel/errors.ts'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { everAsked, setClock } from './pass-time.ts'
import { level } from './plan-support.ts'
import { type Name, SmallCompany } from './small-company.ts'

/** How often each race is run; the figure of the README: `RACES=200 npm test -- test/features/approvals/escalation-races.test.ts`. */
const races = Number(process.env.RACES ?? 10)
const long = { timeout: races * 2000 + 30_000 }

let database: TestDatabase
let company: SmallCompany

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
/** Thursday at ten: whoever was asked on Monday at ten is due. */
beforeEach(async () => {
  company = await SmallCompany.create(database)
  setClock(database, '2026-11-19T10:00:00Z')
})

/** A request that was opened on Monday. */
async function opened(...steps: Parameters<SmallCompany['open']>[0]): Promise<string> {
  setClock(database, '2026-11-16T10:00:00Z')
  const subjectId = await company.open(steps)
  setClock(database, '2026-11-19T10:00:00Z')
  return subjectId
}

async function askOf(subjectId: string, name: Name): Promise<string> {
  const [ask] = await database.asSuperuser<{ id: string }>(
    `select k.id from approval_ask k join approval a on a.id = k.approval_id join approval_request r on r.id = a.request_id
     where r.subject_id = $1 and k.person_id = $2`,
    [subjectId, company.ids[name]],
  )
  return ask?.id ?? ''
}

const escalate = (askId: string) => company.as(null, (tx) => escalateAsk(tx, company.subjects, askId))
const decide = (name: Name, approvalId: string, verdict: Verdict = 'approve') =>
  company.as(name, (tx) =>
    decideApproval(tx, company.subjects, { approvalId, verdict, comment: 'Said in a race' }),
  )

/** All at once, each in a connection of its own. What is refused to people is answered with the refusal. */
async function race(...moves: Promise<unknown>[]): Promise<(AppError | null)[]> {
  const results = await Promise.allSettled(moves)
  return results.map((result) => {
    if (result.status === 'fulfilled') return null
    if (result.reason instanceof AppError && result.reason.kind === 'user') return result.reason
    throw result.reason
  })
}

async function repeat(what: string, once: () => Promise<string>): Promise<void> {
  const seen = new Map<string, number>()
  for (let round = 0; round < races; round++) {
    const result = await once()
    seen.set(result, (seen.get(result) ?? 0) + 1)
  }
  console.log(
    `${races} ${what}: ${[...seen]
      .map(([result, times]) => `${times} ${result}`)
      .sort()
      .join(', ')}`,
  )
}

test('a decision at the moment of the escalation holds, and nobody is left asked', long, () =>
  repeat('times a decision against the escalation', async () => {
    const subjectId = await opened(level(5))
    const approvalId = await company.approvalOf(subjectId, 'eve')
    const askId = await askOf(subjectId, 'eve')
    expect(await race(escalate(askId), decide('eve', approvalId))).toEqual([null, null])
    expect(await company.request(subjectId)).toMatchObject({ status: 'approved' })
    const asked = await everAsked(company, subjectId)
    const escalated = asked.length > 1
    expect(asked).toEqual(escalated ? ['(eve approver)', '(alice escalated)'] : ['(eve approver)'])
    const events = company.told.filter((one) => one.subjectId === subjectId).map(({ event }) => event)
    expect(events).toEqual(escalated ? ['escalated', 'decided'] : ['decided'])
    return escalated ? 'escalated just before' : 'not escalated'
  }),
)

test(
  'the approver and the next one up at one moment: one decides, the other is told who and when',
  long,
  () =>
    repeat('times the approver against the next one up', async () => {
      const subjectId = await opened(level(5))
      const approvalId = await company.approvalOf(subjectId, 'eve')
      await escalate(await askOf(subjectId, 'eve'))
      const [own, further] = await race(decide('eve', approvalId), decide('alice', approvalId, 'reject'))
      expect([own, further].filter((problem) => problem === null)).toHaveLength(1)
      const winner = own ? 'alice' : 'eve'
      expect(own ?? further).toMatchObject({
        code: 'already_decided',
        details: { decidedBy: winner, decidedAt: database.clock.now() },
      })
      expect(await company.request(subjectId)).toMatchObject({ status: own ? 'rejected' : 'approved' })
      expect(await everAsked(company, subjectId)).toEqual(['(eve approver)', '(alice escalated)'])
      return `decided by ${winner}`
    }),
)

test('two who are asked in one step are due at one moment: one next one up is asked, once', long, () =>
  repeat('times two escalations of one step', async () => {
    const subjectId = await opened(level(6))
    const [frank, fred] = [await askOf(subjectId, 'frank'), await askOf(subjectId, 'fred')]
    expect(await race(escalate(frank), escalate(fred), escalate(frank))).toEqual([null, null, null])
    expect(await everAsked(company, subjectId)).toEqual(['frank approver', 'fred approver', 'eve escalated'])
    return 'escalated once'
  }),
)

test('the next one up leaves at that moment: nobody who left is asked', long, () =>
  repeat('times the escalation against the leaving of the next one up', async () => {
    await company.setActive('alice', true)
    const subjectId = await opened(level(5))
    const leave = company.as(null, async (tx) => {
      await tx.em.execute('update person set active = false where id = ?', [company.ids.alice])
      await moveOpenApprovals(tx, company.subjects, company.ids.alice)
    })
    expect(await race(escalate(await askOf(subjectId, 'eve')), leave)).toEqual([null, null])
    const asked = (await everAsked(company, subjectId)).filter((one) => !one.startsWith('('))
    expect(asked).toEqual(['eve approver', 'fay escalated'])
    const approvalId = await company.approvalOf(subjectId, 'eve')
    await decide('eve', approvalId)
    return 'finance is asked'
  }),
)

test('the submitter withdraws at that moment: nobody is left asked', long, () =>
  repeat('times the escalation against withdrawing', async () => {
    const subjectId = await opened(level(5))
    const askId = await askOf(subjectId, 'eve')
    const withdraw = company.as('grace', (tx) => withdrawRequest(tx, subjectId))
    expect(await race(escalate(askId), withdraw)).toEqual([null, null])
    const asked = await everAsked(company, subjectId)
    expect(asked.every((one) => one.startsWith('('))).toBe(true)
    return asked.length > 1 ? 'escalated just before' : 'not escalated'
  }),
)

test('a decision taken back at that moment: somebody is asked who can decide', long, () =>
  repeat('times the escalation against taking back', async () => {
    const subjectId = await opened(level(6, { needed: 'all' }))
    const frank = await company.approvalOf(subjectId, 'frank')
    await decide('frank', frank)
    const undo = company.as('frank', (tx) => undoDecision(tx, company.subjects, { approvalId: frank }))
    expect(await race(escalate(await askOf(subjectId, 'fred')), undo)).toEqual([null, null])
    const asked = (await everAsked(company, subjectId)).filter((one) => !one.startsWith('('))
    expect(asked.sort()).toEqual(['eve escalated', 'frank approver', 'fred approver'])
    await decide('frank', await company.approvalOf(subjectId, 'frank'))
    await decide('eve', await company.approvalOf(subjectId, 'fred'))
    expect(await company.request(subjectId)).toMatchObject({ status: 'approved' })
    return 'approved in the end'
  }),
)

test('after all races nothing that is closed is asked', async () => {
  const left = await database.asSuperuser(
    `select k.id from approval_ask k join approval a on a.id = k.approval_id join approval_request r on r.id = a.request_id
     where k.ended_at is null and (a.status <> 'asked' or r.status <> 'open')`,
  )
  expect(left).toEqual([])
})
