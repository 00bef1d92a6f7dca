import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  addSteps,
  commentOn,
  type Decision,
  decideApproval,
  decideSeveral,
  listComments,
  listWaiting,
  withdrawRequest,
} from '../../../src/features/approvals/index.ts'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { by, level } from './plan-support.ts'
import { type Name, SmallCompany } from './small-company.ts'

let database: TestDatabase
let company: SmallCompany

beforeAll(async () => {
  database = await createTestDatabase()
  company = await SmallCompany.create(database)
})
afterAll(() => database.drop())

async function decide(subjectId: string, name: Name, decision: Partial<Decision> = {}): Promise<void> {
  const approvalId = await company.approvalOf(subjectId, name)
  await company.as(name, (tx) =>
    decideApproval(tx, company.subjects, { approvalId, verdict: 'approve', ...decision }),
  )
}

describe('opening', () => {
  test('a request without steps is approved at once', async () => {
    const { subjectId, status } = await company.openWithStatus([])
    expect(status).toBe('approved')
    expect(await company.request(subjectId)).toMatchObject({ status: 'approved', steps: [] })
  })

  test('keeps what the policy asked for beside each step', async () => {
    const steps = [level(6, { description: 'Manager confirms' }), by('finance', { needed: 1 })]
    const subjectId = await company.open(steps)
    const kept = await database.asSuperuser(
      `select definition from approval_step s join approval_request r on r.id = s.request_id
       where r.subject_id = $1 order by position`,
      [subjectId],
    )
    expect(kept).toEqual(steps.map((step) => ({ definition: { steps: [step], categoryId: null } })))
  })
})

describe('a question', () => {
  test('goes to the submitter, is kept, and decides nothing', async () => {
    const subjectId = await company.open([level(6), level(5)])
    const before = await company.steps(subjectId)
    company.told.length = 0
    await decide(subjectId, 'frank', { verdict: 'ask', comment: ' Which client?\u0000 ' })
    expect(await company.steps(subjectId)).toEqual(before)
    const comments = await company.as(null, (tx) => listComments(tx, subjectId))
    const approvalId = await company.approvalOf(subjectId, 'frank')
    expect(comments).toEqual([
      {
        id: expect.any(String),
        kind: 'question',
        personId: company.ids.frank,
        who: 'frank',
        approvalId,
        text: 'Which client?',
        at: database.clock.now(),
        channel: 'slack',
      },
    ])
    expect(company.told).toEqual([
      {
        event: 'commented',
        subjectId,
        revision: 1,
        status: 'open',
        approvalId,
        personId: company.ids.frank,
        comment: null,
        commentId: comments[0]?.id,
        onBehalfOfId: null,
        undoneApprovals: [],
        newAsks: [],
      },
    ])
    expect(await company.audit(subjectId)).toEqual(['approval.asked'])
    await decide(subjectId, 'frank')
    expect(await company.steps(subjectId)).toEqual([['frank approved', 'fred not_needed'], ['eve asked']])
  })

  test('is refused like a decision: before one’s turn, after it, and to the submitter', async () => {
    const subjectId = await company.open([level(6), level(5)])
    const ask = { verdict: 'ask', comment: 'Why?' } as const
    await expect(decide(subjectId, 'eve', ask)).rejects.toMatchObject({ code: 'not_asked' })
    const approvalId = await company.approvalOf(subjectId, 'frank')
    const own = company.as('grace', (tx) => decideApproval(tx, company.subjects, { approvalId, ...ask }))
    await expect(own).rejects.toMatchObject({ code: 'own_expense' })
    await decide(subjectId, 'fred', { verdict: 'reject', comment: 'No' })
    await expect(decide(subjectId, 'frank', ask)).rejects.toMatchObject({
      code: 'already_decided',
      message: expect.stringMatching(/^fred already rejected this, /),
    })
    expect(await company.as(null, (tx) => listComments(tx, subjectId))).toEqual([])
  })

  test.each(['ask', 'reject', 'send_back'] as const)('%s wants words, and not too many', async (verdict) => {
    const subjectId = await company.open([level(6)])
    for (const comment of [undefined, '', ' \n\u0000 ']) {
      await expect(decide(subjectId, 'frank', { verdict, comment })).rejects.toMatchObject({
        code: 'comment_required',
        field: 'comment',
      })
    }
    await expect(decide(subjectId, 'frank', { verdict, comment: 'x'.repeat(2001) })).rejects.toMatchObject({
      code: 'comment_too_long',
      field: 'comment',
    })
    await decide(subjectId, 'frank', { verdict, comment: 'x'.repeat(2000) })
  })
})

describe('a decision', () => {
  test('tells the subject what became of the request', async () => {
    const subjectId = await company.open([level(6), level(5)])
    company.told.length = 0
    await decide(subjectId, 'frank')
    await decide(subjectId, 'eve', { verdict: 'send_back', comment: 'Receipt is unreadable' })
    expect(company.told).toMatchObject([
      { event: 'decided', status: 'open', personId: company.ids.frank, comment: null, commentId: null },
      { event: 'decided', status: 'sent_back', personId: company.ids.eve, comment: 'Receipt is unreadable' },
    ])
  })

  test('made again the same way is no mistake; the other way, one is told what one decided', async () => {
    const subjectId = await company.open([level(6)])
    await decide(subjectId, 'frank')
    await decide(subjectId, 'frank')
    await expect(decide(subjectId, 'frank', { verdict: 'reject', comment: 'No' })).rejects.toMatchObject({
      code: 'already_decided',
      message: expect.stringMatching(/^frank already approved this/),
    })
    expect(await company.audit(subjectId)).toEqual(['approval.decided'])
  })

  test('in all-of, the loser hears of the rejection that ended it and not of the approval before', async () => {
    const subjectId = await company.open([level(6, { needed: 'all' }), level(5)])
    await decide(subjectId, 'fred')
    database.clock.advance(1000)
    await decide(subjectId, 'frank', { verdict: 'reject', comment: 'No' })
    await expect(decide(subjectId, 'eve')).rejects.toThrow('frank already rejected this')
    await expect(decide(subjectId, 'fred', { verdict: 'reject', comment: 'No' })).rejects.toThrow(
      'fred already approved this',
    )
  })

  test('on what was taken back says that there is nothing to decide', async () => {
    const subjectId = await company.open([level(6)])
    await company.as('grace', (tx) => withdrawRequest(tx, subjectId))
    await expect(decide(subjectId, 'frank')).rejects.toMatchObject({
      code: 'already_decided',
      message: expect.stringContaining('nothing to decide'),
    })
  })
})

describe('several decisions at once', () => {
  const who = (name: Name) => ({
    companyId: company.id,
    actor: { personId: company.ids[name], channel: 'web' as const },
  })

  test('are each one decision: what fails is told, in the order given, and holds up nothing', async () => {
    const [one, two, three] = [
      await company.open([level(6)]),
      await company.open([level(6)]),
      await company.open([level(5)]),
    ]
    await decide(two, 'fred', { verdict: 'reject', comment: 'No' })
    const ids = [
      await company.approvalOf(two, 'frank'),
      await company.approvalOf(one, 'frank'),
      await company.approvalOf(three, 'eve'),
      randomUUID(),
    ]
    const decisions = [...ids, ids[1] ?? ''].map((approvalId) => ({
      approvalId,
      verdict: 'approve' as const,
    }))
    const results = await decideSeveral(database, who('frank'), company.subjects, decisions)
    expect(results.map(({ approvalId, problem }) => [approvalId, problem?.code ?? null])).toEqual([
      [ids[0], 'already_decided'],
      [ids[1], null],
      [ids[2], 'not_yours'],
      [ids[3], 'approval_unknown'],
    ])
    expect((await company.request(one)).status).toBe('approved')
    expect(await company.audit(one)).toEqual(['approval.decided'])
  })

  test('one that breaks does not hide what became of the others', async () => {
    const [one, two] = [await company.open([level(6)]), await company.open([level(6)])]
    const ids = [await company.approvalOf(one, 'frank'), await company.approvalOf(two, 'frank')]
    const subjects = {
      expense: async (_tx: unknown, { subjectId }: { subjectId: string }) => {
        if (subjectId === one) throw new TypeError('broken')
      },
    }
    const decisions = ids.map((approvalId) => ({ approvalId, verdict: 'approve' as const }))
    const results = await decideSeveral(database, who('frank'), subjects, decisions)
    expect(results.map(({ problem }) => problem?.code ?? null)).toEqual(['decision_failed', null])
    expect((await company.request(one)).status).toBe('open')
    expect((await company.request(two)).status).toBe('approved')
  })

  test('are at most fifty', async () => {
    const decisions = Array.from({ length: 51 }, () => ({
      approvalId: randomUUID(),
      verdict: 'approve' as const,
    }))
    await expect(decideSeveral(database, who('frank'), company.subjects, decisions)).rejects.toMatchObject({
      code: 'too_many_decisions',
    })
  })
})

describe('comments', () => {
  const say = (subjectId: string, name: Name, text: string) =>
    company.as(name, (tx) =>
      commentOn(tx, company.subjects, { subject: { kind: 'expense', id: subjectId }, text }),
    )

  test('are kept in order with questions, and the subject is told', async () => {
    const subjectId = await company.open([level(6)])
    await decide(subjectId, 'frank', { verdict: 'ask', comment: 'Which client?' })
    database.clock.advance(1000)
    company.told.length = 0
    await say(subjectId, 'grace', ' Initech\nin Austin ')
    const comments = await company.as(null, (tx) => listComments(tx, subjectId))
    expect(comments.map(({ kind, who, text, approvalId }) => [kind, who, text, approvalId !== null])).toEqual(
      [
        ['question', 'frank', 'Which client?', true],
        ['comment', 'grace', 'Initech\nin Austin', false],
      ],
    )
    expect(company.told).toMatchObject([
      { event: 'commented', status: 'open', revision: 1, approvalId: null, commentId: comments[1]?.id },
    ])
    expect(await company.audit(subjectId)).toEqual(['approval.asked', 'comment.added'])
  })

  test('can be made where nobody was asked yet', async () => {
    const subjectId = randomUUID()
    await say(subjectId, 'adam', 'I add an approver')
    expect(company.told.at(-1)).toMatchObject({ event: 'commented', subjectId, revision: 0 })
  })

  test('want words, not too many, and somebody who works here', async () => {
    const subjectId = await company.open([level(6)])
    await expect(say(subjectId, 'grace', ' \u0000')).rejects.toMatchObject({
      code: 'comment_required',
      field: 'comment',
    })
    await expect(say(subjectId, 'grace', 'x'.repeat(2001))).rejects.toMatchObject({
      code: 'comment_too_long',
    })
    const nobody = company.as(null, (tx) =>
      commentOn(tx, company.subjects, { subject: { kind: 'expense', id: subjectId }, text: 'x' }),
    )
    await expect(nobody).rejects.toMatchObject({ code: 'nobody_acts' })
  })
})

test('what waits for somebody is listed page by page, without what waits for others or is not their turn', async () => {
  const own = await SmallCompany.create(database)
  const ids: string[] = []
  for (let index = 0; index < 5; index++) {
    database.clock.advance(1000)
    ids.push(await own.open([level(6), level(5)]))
  }
  const page = (name: Name, after?: string) =>
    own.as(name, (tx) => listWaiting(tx, own.ids[name], { limit: 2, ...(after ? { after } : {}) }))
  expect(await page('eve')).toEqual([])
  const seen: string[] = []
  for (let rows = await page('frank'); rows.length > 0; rows = await page('frank', rows.at(-1)?.approvalId)) {
    seen.push(...rows.map(({ subjectId }) => subjectId))
    expect(rows[0]).toMatchObject({ subjectKind: 'expense', askedAt: expect.any(Date) })
  }
  expect(seen).toEqual(ids)
  const [first = ''] = ids
  const approvalId = await own.approvalOf(first, 'frank')
  await own.as('frank', (tx) => decideApproval(tx, own.subjects, { approvalId, verdict: 'approve' }))
  expect((await page('eve')).map(({ subjectId, askedAt }) => [subjectId, askedAt])).toEqual([
    [first, database.clock.now()],
  ])
  expect((await page('frank'))[0]?.subjectId).toBe(ids[1])
})

describe('added steps', () => {
  const add = (subjectId: string, ...steps: Parameters<typeof company.plan>[1]) =>
    company.as(null, async (tx) => addSteps(tx, company.subjects, subjectId, await company.plan(tx, steps)))

  test('of a whole plan: only what is not asked already, at the end', async () => {
    const subjectId = await company.open([level(6), level(5)])
    company.told.length = 0
    await add(subjectId, level(6), level(5), by('finance', { description: 'Finance looks at it' }))
    expect(await company.steps(subjectId)).toEqual([
      ['frank asked', 'fred asked'],
      ['eve waiting'],
      ['fay waiting'],
    ])
    expect(company.told).toMatchObject([{ event: 'asked_anew', status: 'open', approvalId: null }])
    await add(subjectId, level(6), level(5), by('finance', { description: 'Finance looks at it' }))
    expect(await company.steps(subjectId)).toHaveLength(3)
    expect(company.told).toHaveLength(1)
    expect(await company.audit(subjectId)).toEqual(['approval.steps_added'])
    for (const name of ['frank', 'eve'] as const) await decide(subjectId, name)
    expect((await company.request(subjectId)).status).toBe('open')
    await decide(subjectId, 'fay')
    expect((await company.request(subjectId)).status).toBe('approved')
  })

  test('that would ask the same people again are not added, unless more of them must agree', async () => {
    const subjectId = await company.open([level(6)])
    await add(subjectId, level(6, { scope: 'company', description: 'Again' }))
    expect(await company.steps(subjectId)).toHaveLength(1)
    await add(subjectId, level(6, { needed: 'all' }))
    expect(await company.steps(subjectId)).toHaveLength(2)
  })

  test('change nothing when no request is open', async () => {
    const subjectId = await company.open([level(6)])
    await decide(subjectId, 'frank')
    company.told.length = 0
    await add(subjectId, by('finance'))
    await add(randomUUID(), by('finance'))
    expect(company.told).toEqual([])
    expect(await company.steps(subjectId)).toHaveLength(1)
  })
})
