import { afterAll, beforeAll, expect, test } from 'vitest'
import { acrossCompanies, inCompany } from '../../../src/database/index.ts'
import { decideApproval, summarizeRequest, type Verdict } from '../../../src/features/approvals/index.ts'
import {
  draftExpense,
  editExpense,
  reactToApproval,
  submitExpense,
} from '../../../src/features/expenses/index.ts'
import { importOrganisation, parseOrganisation } from '../../../src/features/organisation/index.ts'
import { listCategories } from '../../../src/features/people/index.ts'
import { AppError } from '../../../src/kernel/errors.ts'
import { as, createTestDatabase, type TestDatabase } from '../../support/test-database.ts'

/** How often each race is run. In the suite a few; the figure of the README: `RACES=200 npm test -- test/features/approvals/races.test.ts`. */
const races = Number(process.env.RACES ?? 20)

const at = (name: string) => `${name}@races.example`
const [ann, bob, cas, fay, finn] = [at('ann'), at('bob'), at('cas'), at('fay'), at('finn')]
const subjects = { expense: reactToApproval }
const system = { personId: null, channel: 'system' as const }

const organisation = {
  company: { name: 'Races', currency: 'USD', time_zone: 'UTC' },
  teams: [{ name: 'Work' }],
  levels: [
    { rank: 1, name: 'Boss' },
    { rank: 2, name: 'Lead' },
    { rank: 3, name: 'Worker' },
  ],
  categories: ['steps', 'all', 'any'].map((key) => ({ key, name: key })),
  people: [
    { name: 'Ann', email: ann, team: 'Work', level: 3, manager: bob },
    { name: 'Bob', email: bob, team: 'Work', level: 2, manager: cas },
    { name: 'Cas', email: cas, team: 'Work', level: 1 },
    { name: 'Fay', email: fay, team: 'Work', roles: ['finance'] },
    { name: 'Finn', email: finn, team: 'Work', roles: ['finance'] },
  ],
  policies: [
    {
      key: 'steps',
      name: 'One after the other',
      when: { category: 'steps' },
      steps: [
        { level: 2, description: 'The lead agrees' },
        { level: 1, description: 'The boss agrees' },
      ],
    },
    {
      key: 'all',
      name: 'Everybody',
      when: { category: 'all' },
      steps: [{ approver: 'finance', needed: 'all', description: 'All of finance agree' }],
    },
    {
      key: 'any',
      name: 'Anybody',
      when: { category: 'any' },
      steps: [{ approver: 'finance', description: 'Somebody in finance agrees' }],
    },
  ],
}

let database: TestDatabase
let companyId: string
let deliveries = 0

beforeAll(async () => {
  database = await createTestDatabase()
  const parsed = parseOrganisation(JSON.stringify(organisation), 'races.yaml')
  companyId = (await importOrganisation(database, parsed, { actor: system, subjects })).companyId
})
afterAll(() => database.drop())

async function submitted(category: 'steps' | 'all' | 'any'): Promise<string> {
  return as(database, ann, async (tx) => {
    const { id } = await draftExpense(tx, {
      submitterId: tx.actor.personId ?? '',
      source: 'slack',
      deliveryKey: `races:${deliveries++}`,
      files: [],
    })
    const categoryId = (await listCategories(tx)).find(({ key }) => key === category)?.id ?? ''
    const merchant = `Shop ${deliveries}`
    await editExpense(tx, id, { merchant, amount: '12.00', currency: 'USD', date: '2026-11-03', categoryId })
    await submitExpense(tx, id)
    return id
  })
}

interface Move {
  by: string
  verdict?: Verdict
}

/** Both at once, from two connections. The approvals are looked up before, so that nothing but deciding is in the race. */
async function race(expenseId: string, moves: Move[]): Promise<(AppError | null)[]> {
  const ids = await approvalIds(expenseId)
  const results = await Promise.allSettled(
    moves.map(({ by, verdict = 'approve' }) =>
      as(database, by, (tx) =>
        decideApproval(tx, subjects, { approvalId: ids.get(by) ?? '', verdict, comment: 'Said in a race' }),
      ),
    ),
  )
  return results.map((result) => {
    if (result.status === 'fulfilled') return null
    if (result.reason instanceof AppError) return result.reason
    throw result.reason
  })
}

async function approvalIds(expenseId: string): Promise<Map<string, string>> {
  const rows = await database.asSuperuser<{ email: string; id: string }>(
    `select p.email, a.id from approval a join approval_request r on r.id = a.request_id join person p on p.id = a.approver_id
     where r.subject_id = $1`,
    [expenseId],
  )
  return new Map(rows.map(({ email, id }) => [email, id]))
}

interface Outcome {
  status: string
  /** How many decisions are on record. */
  decisions: number
  /** How many decisions the approvals hold. */
  decided: number
  documents: number
  /** Somebody is asked and the expense waits, or nobody is and it does not. */
  isStuck: boolean
}

async function outcome(expenseId: string): Promise<Outcome> {
  const count = async (sql: string) =>
    Number((await database.asSuperuser<{ count: string }>(sql, [expenseId]))[0]?.count)
  const [row] = await database.asSuperuser<{ status: string }>('select status from expense where id = $1', [
    expenseId,
  ])
  const request = await inCompany(database, { companyId, actor: system }, (tx) =>
    summarizeRequest(tx, expenseId),
  )
  const approvals = request?.steps.flatMap((step) => step.approvals) ?? []
  const asked = approvals.some(({ status }) => status === 'asked')
  const status = row?.status ?? ''
  return {
    status,
    decisions: await count(
      `select count(*) from audit_entry where subject_id = $1 and action = 'approval.decided'`,
    ),
    decided: approvals.filter(({ decided }) => decided !== null).length,
    documents: await count(
      `select count(*) from outbox where job = 'expense.document' and payload ->> 'expenseId' = $1::text`,
    ),
    isStuck: asked !== (status === 'awaiting_approval') || asked !== (request?.status === 'open'),
  }
}

/** The loser is told who decided what, and when. */
function expectTold(problem: AppError | null | undefined, decidedBy: string[]): void {
  expect(problem).toMatchObject({
    code: 'already_decided',
    kind: 'user',
    message: expect.stringMatching(/^(Fay|Finn|Bob|Cas) already (approved|rejected) this, .*2026/),
    details: { decidedAt: database.clock.now(), decision: expect.stringMatching(/^(approved|rejected)$/) },
  })
  expect(decidedBy).toContain(problem?.details?.decidedBy)
}

async function repeat(what: string, once: () => Promise<string>): Promise<void> {
  const seen = new Map<string, number>()
  for (let round = 0; round < races; round++) {
    const result = await once()
    seen.set(result, (seen.get(result) ?? 0) + 1)
  }
  const counts = [...seen].map(([result, times]) => `${times} ${result}`).sort()
  console.log(`${races} ${what}: ${counts.join(', ')}, 0 stuck`)
}

const long = races * 2000 + 30_000

test(
  'the last two approvals of an all-of at the same moment both count, and it is approved',
  { timeout: long },
  () =>
    repeat('times the last two of an all-of at one moment', async () => {
      const id = await submitted('all')
      expect(await race(id, [{ by: fay }, { by: finn }])).toEqual([null, null])
      expect(await outcome(id)).toEqual({
        status: 'approved',
        decisions: 2,
        decided: 2,
        documents: 1,
        isStuck: false,
      })
      return 'approved by both'
    }),
)

test(
  'the last two steps at the same moment: the second comes after the first or is told to wait',
  { timeout: long },
  () =>
    repeat('times the last two steps at one moment', async () => {
      const id = await submitted('steps')
      const [first, second] = await race(id, [{ by: bob }, { by: cas }])
      expect(first).toBeNull()
      if (second) {
        expect(second).toMatchObject({ code: 'not_asked', kind: 'user' })
        expect(await outcome(id)).toMatchObject({ status: 'awaiting_approval', decisions: 1, isStuck: false })
        expect(await race(id, [{ by: cas }])).toEqual([null])
      }
      expect(await outcome(id)).toEqual({
        status: 'approved',
        decisions: 2,
        decided: 2,
        documents: 1,
        isStuck: false,
      })
      return second ? 'told to wait for their turn and approved then' : 'approved in order'
    }),
)

const once = { decisions: 1, decided: 1, isStuck: false }

test('the same approval twice by the same person is one decision, and no mistake', { timeout: long }, () =>
  repeat('double approvals', async () => {
    const id = await submitted('any')
    expect(await race(id, [{ by: fay }, { by: fay }])).toEqual([null, null])
    expect(await outcome(id)).toEqual({ status: 'approved', documents: 1, ...once })
    return 'decided once'
  }),
)

test('two approvers of one step: one decides, the other is told who and when', { timeout: long }, () =>
  repeat('double approvals by two approvers', async () => {
    const id = await submitted('any')
    const [byFay, byFinn] = await race(id, [{ by: fay }, { by: finn }])
    expect([byFay, byFinn].filter((problem) => problem === null)).toHaveLength(1)
    expectTold(byFay ?? byFinn, [byFay ? 'Finn' : 'Fay'])
    expect(await outcome(id)).toEqual({ status: 'approved', documents: 1, ...once })
    return 'decided once'
  }),
)

test('approve against reject by the same person: one holds', { timeout: long }, () =>
  repeat('times approve against reject', async () => {
    const id = await submitted('any')
    const [yes, no] = await race(id, [{ by: fay }, { by: fay, verdict: 'reject' }])
    expect([yes, no].filter((problem) => problem === null)).toHaveLength(1)
    expectTold(yes ?? no, ['Fay'])
    const status = yes ? 'rejected' : 'approved'
    expect(await outcome(id)).toEqual({ status, documents: yes ? 0 : 1, ...once })
    return status
  }),
)

test('approve against reject by two approvers of one step: one holds', { timeout: long }, () =>
  repeat('times approve against reject by two approvers', async () => {
    const id = await submitted('any')
    const [yes, no] = await race(id, [{ by: fay }, { by: finn, verdict: 'reject' }])
    expect([yes, no].filter((problem) => problem === null)).toHaveLength(1)
    expectTold(yes ?? no, [yes ? 'Finn' : 'Fay'])
    const status = yes ? 'rejected' : 'approved'
    expect(await outcome(id)).toEqual({ status, documents: yes ? 0 : 1, ...once })
    return status
  }),
)

test('in an all-of a rejection ends it, whichever comes first', { timeout: long }, () =>
  repeat('times approve against reject in an all-of', async () => {
    const id = await submitted('all')
    const [yes, no] = await race(id, [{ by: fay }, { by: finn, verdict: 'reject' }])
    expect(no).toBeNull()
    if (yes) expectTold(yes, ['Finn'])
    expect(await outcome(id)).toEqual({
      status: 'rejected',
      decisions: yes ? 1 : 2,
      decided: yes ? 1 : 2,
      documents: 0,
      isStuck: false,
    })
    return 'rejected'
  }),
)

test('every decision of every race is in the record, and no other', async () => {
  const counts = await acrossCompanies(database, (tx) =>
    tx.em.execute<{ recorded: string; held: string }[]>(
      `select (select count(*) from audit_entry where action = 'approval.decided') as recorded,
         (select count(*) from approval where decided_at is not null) as held`,
    ),
  )
  expect(counts[0]?.recorded).toBe(counts[0]?.held)
})
