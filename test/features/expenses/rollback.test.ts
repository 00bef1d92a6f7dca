import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Verdict } from '../../../src/features/approvals/index.ts'
import {
  discardExpense,
  editExpense,
  readDocument,
  submitExpense,
  undoable,
} from '../../../src/features/expenses/index.ts'
import { doWork } from '../../support/do-work.ts'
import { as, createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { adam, ann, bob, cas, fay, type Submitted, TwoSteps } from './two-steps.ts'

const hour = 3_600_000
let database: TestDatabase
let company: TwoSteps

beforeAll(async () => {
  database = await createTestDatabase()
  company = await TwoSteps.create(database)
})
afterAll(() => database.drop())
beforeEach(async () => {
  await database.asSuperuser('delete from outbox')
})

const submitted = (given?: Submitted) => company.submitted(given)
const view = (id: string, approvalId?: string) => company.view(id, approvalId)
const decide = (id: string, email: string, verdict?: Verdict) =>
  company.later(() => company.decide(id, email, verdict))
const undo = (approvalId: string, email: string, comment?: string) =>
  company.later(() => company.undo(approvalId, email, comment))
/** As Ann, a second later. */
const byAnn = (work: Parameters<typeof as>[2]) => company.later(() => as(database, ann, work))

/** Approved by both, with its statement. Answers with the approvals. */
async function approved(id: string): Promise<[bob: string, cas: string]> {
  const approvals: [string, string] = [await decide(id, bob), await decide(id, cas)]
  expect(await doWork(database, 'expense.document')).toEqual(['done'])
  return approvals
}

const documents = (id: string) =>
  database.asSuperuser<{ kind: string; number: string; round: number; id: string }>(
    'select kind, number, round, id from document where expense_id = $1 order by created_at, kind desc',
    [id],
  )
const mails = async (kind: string, id: string) =>
  (
    await database.asSuperuser<{
      to_address: string
      approval_id: string | null
      document_id: string | null
    }>(
      'select to_address, approval_id, document_id from outgoing_mail where kind = $1 and expense_id = $2 order by to_address',
      [kind, id],
    )
  ).map((mail) => ({ to: mail.to_address, approvalId: mail.approval_id, documentId: mail.document_id }))
const surfaces = (kind: string, id: string) =>
  database.asSuperuser<{ id: string; approval_id: string }>(
    'select id, approval_id from surface where kind = $1 and expense_id = $2 order by created_at, id',
    [kind, id],
  )

describe('taking back the approval of an approved expense', () => {
  test('makes it wait again, cancels its statement, and tells everybody who was mailed that', async () => {
    const id = await submitted()
    const [, last] = await approved(id)
    const { number } = await view(id)
    await undo(last, cas, 'Wrong button')
    expect(await view(id)).toMatchObject({
      status: 'awaiting_approval',
      requestStatus: 'open',
      completedAt: null,
      round: 1,
      steps: [
        { status: 'approved', approvers: [{ name: 'Bob', status: 'approved' }] },
        { status: 'open', approvers: [{ name: 'Cas', status: 'asked' }] },
      ],
    })
    expect(await doWork(database, 'expense.cancel_document')).toEqual(['done'])
    const [statement, cancellation] = await documents(id)
    expect([statement, cancellation]).toMatchObject([
      { kind: 'expense_statement', number, round: 1 },
      { kind: 'cancellation', number: `${number}-C`, round: 1 },
    ])
    const given = { approvalId: last, documentId: cancellation?.id }
    expect(await mails('cancellation', id)).toEqual([
      { to: ann, ...given },
      { to: fay, ...given },
    ])
    const issued = await company.inside((tx) => readDocument(tx, cancellation?.id ?? ''))
    expect(issued).toMatchObject({
      kind: 'cancellation',
      round: 1,
      cancels: { number },
      fileName: `${number}-C.pdf`,
      facts: {
        merchant: expect.stringMatching(/^Shop /),
        amount: { minor: 1200, currency: 'USD' },
        companyAmount: null,
      },
    })
    expect(issued.bytes.subarray(0, 5).toString()).toBe('%PDF-')
  })

  test('approved again it gets a statement of its own, and so on', async () => {
    const id = await submitted()
    const { number } = await view(id)
    let [, last] = await approved(id)
    for (const round of [2, 3]) {
      await undo(last, cas)
      last = await decide(id, cas)
      expect(await doWork(database, 'expense.document')).toEqual(['done'])
      expect(await view(id)).toMatchObject({ status: 'approved', round })
    }
    await doWork(database, 'expense.cancel_document')
    expect((await documents(id)).map((one) => one.number).sort()).toEqual([
      number,
      `${number}-2`,
      `${number}-2-C`,
      `${number}-3`,
      `${number}-C`,
    ])
    // The statement, each cancellation, and each statement anew.
    expect(await mails('document', id)).toHaveLength(6)
    expect(await mails('cancellation', id)).toHaveLength(4)
  })

  test('before its statement is written: it never is, and there is nothing to cancel', async () => {
    const id = await submitted()
    await decide(id, bob)
    await undo(await decide(id, cas), cas)
    expect(await doWork(database, 'expense.document')).toEqual(['done'])
    expect(await doWork(database, 'expense.cancel_document')).toEqual([])
    expect(await documents(id)).toEqual([])
    await decide(id, cas)
    expect(await doWork(database, 'expense.document')).toEqual(['done'])
    expect(await documents(id)).toMatchObject([{ number: `${(await view(id)).number}-2`, round: 2 }])
  })

  test('work that is done again writes and mails nothing twice', async () => {
    const id = await submitted()
    const [, last] = await approved(id)
    await undo(last, cas)
    await doWork(database, 'expense.cancel_document')
    const again = `insert into outbox (company_id, queue, job, payload, not_before, created_at)
      select company_id, queue, job, payload, not_before, created_at from outbox
      where job in ('expense.document', 'expense.cancel_document') and status = 'done'`
    await database.asSuperuser(again)
    for (const job of ['expense.document', 'expense.cancel_document'] as const) {
      expect(new Set(await doWork(database, job))).toEqual(new Set(['done']))
    }
    expect(await documents(id)).toHaveLength(2)
    expect(await mails('cancellation', id)).toHaveLength(2)
  })

  test('says what the statement said, also when the expense was changed before the cancellation is written', async () => {
    const id = await submitted()
    const [, last] = await approved(id)
    await undo(last, cas)
    await decide(id, cas, 'send_back')
    await byAnn((tx) => editExpense(tx, id, { amount: '99.00', merchant: 'Elsewhere' }))
    expect(await doWork(database, 'expense.cancel_document')).toEqual(['done'])
    const cancellation = (await documents(id)).find(({ kind }) => kind === 'cancellation')
    const { facts } = await company.inside((tx) => readDocument(tx, cancellation?.id ?? ''))
    expect(facts).toMatchObject({ amount: { minor: 1200 }, merchant: expect.stringMatching(/^Shop /) })
  })

  test('by an earlier approver undoes the later approval, and tells whose it was', async () => {
    const id = await submitted()
    const [first, second] = await approved(id)
    await undo(first, bob)
    expect(await view(id)).toMatchObject({
      status: 'awaiting_approval',
      steps: [
        { status: 'open', approvers: [{ name: 'Bob', status: 'asked' }] },
        { status: 'waiting', approvers: [{ name: 'Cas', status: 'waiting' }] },
      ],
    })
    expect(await mails('undone', id)).toEqual([{ to: cas, approvalId: second, documentId: null }])
    const { undone } = await view(id)
    expect(undone.map(({ approvalId, name, what, by }) => [approvalId, name, what, by])).toEqual([
      [first, 'Bob', 'approved', 'Bob'],
      [second, 'Cas', 'approved', 'Bob'],
    ])
  })
})

describe('who is told', () => {
  test('the submitter in their thread, in a new message; Bob by a fresh card and a fresh mail', async () => {
    const id = await submitted()
    const old = await decide(id, bob, 'reject')
    expect(await surfaces('slack.outcome', id)).toMatchObject([{ approval_id: old }])
    await undo(old, bob)
    expect(await surfaces('slack.undone', id)).toMatchObject([{ approval_id: old }])
    expect(await mails('undone', id)).toEqual([])
    const fresh = await company.approvalOf(id, bob, 'asked')
    expect((await surfaces('slack.approval', id)).map((card) => card.approval_id)).toEqual([old, fresh])
    expect((await mails('approval_request', id)).map(({ approvalId }) => approvalId).sort()).toEqual(
      [old, fresh].sort(),
    )
  })

  test('the submitter of an expense that came by mail, by mail', async () => {
    const id = await submitted({ source: 'email' })
    const old = await decide(id, bob, 'reject')
    await undo(old, bob)
    expect(await mails('undone', id)).toEqual([{ to: ann, approvalId: old, documentId: null }])
    expect(await surfaces('slack.undone', id)).toEqual([])
  })

  test('not the next approver who had not decided: their card changes, and asks anew when it is their turn', async () => {
    const id = await submitted()
    const first = await decide(id, bob)
    const asked = await company.approvalOf(id, cas, 'asked')
    await undo(first, bob)
    expect(await mails('undone', id)).toEqual([])
    expect((await view(id, asked)).undone.find(({ approvalId }) => approvalId === asked)).toMatchObject({
      name: 'Cas',
      what: null,
      by: 'Bob',
      freshId: await company.approvalOf(id, cas, 'waiting'),
    })
    await decide(id, bob)
    const fresh = await company.approvalOf(id, cas, 'asked')
    expect((await surfaces('slack.approval', id)).map((card) => card.approval_id)).toContain(fresh)
    expect((await mails('approval_request', id)).map(({ approvalId }) => approvalId)).toContain(fresh)
  })

  test('everybody, by the history', async () => {
    const id = await submitted()
    const [first] = await approved(id)
    await undo(first, bob, 'Wrong one')
    await decide(id, bob, 'send_back')
    const { history } = await view(id)
    expect(history.map(({ what, who, comment }) => [what, who, comment])).toEqual([
      ['submitted', 'Ann', null],
      ['approved', 'Bob', null],
      ['approved', 'Cas', null],
      ['approval taken back', 'Bob', 'Wrong one'],
      ['approval of Cas undone', 'Bob', null],
      ['sent back', 'Bob', 'No'],
    ])
    await byAnn((tx) => submitExpense(tx, id))
    // What was decided on an earlier revision stays in it.
    expect((await view(id)).history.map(({ what }) => what)).toEqual([
      ...history.map(({ what }) => what),
      'submitted',
    ])
  })
})

describe('a rejection or a send-back', () => {
  test.each(['reject', 'send_back'] as const)(
    '%s: taken back it waits for approval again',
    async (verdict) => {
      const id = await submitted()
      await decide(id, bob)
      await undo(await decide(id, cas, verdict), cas)
      expect(await view(id)).toMatchObject({
        status: 'awaiting_approval',
        completedAt: null,
        steps: [{ approvers: [{ status: 'approved' }] }, { approvers: [{ name: 'Cas', status: 'asked' }] }],
      })
      await decide(id, cas)
      expect(await view(id)).toMatchObject({ status: 'approved', round: 1 })
    },
  )

  test('is looked at again: others may have used up meanwhile what it fitted into', async () => {
    const trip: Submitted = { category: 'trips', amount: '80.00' }
    const first = await submitted(trip)
    const rejection = await decide(first, bob, 'reject')
    const second = await submitted(trip)
    const limits = async (id: string) =>
      (await view(id)).findings.filter(({ code }) => code === 'limit:trips').map(({ severity }) => severity)
    expect([await limits(first), await limits(second)]).toEqual([[], []])
    await undo(rejection, bob)
    expect(await doWork(database, 'expense.reassess')).toEqual(['done'])
    expect(await limits(first)).toEqual(['warning'])
  })

  test('stays where a limit refuses what is beyond it, and others have taken the rest', async () => {
    const tool: Submitted = { category: 'tools', amount: '80.00' }
    const first = await submitted(tool)
    const rejection = await decide(first, bob, 'reject')
    const { number } = await view(first)
    const second = await submitted(tool)
    const refusal = new RegExp(`^${number} cannot go back to its approvers\\. .*“?Tools`)
    await expect(undo(rejection, bob)).rejects.toMatchObject({
      code: 'request_outdated',
      message: expect.stringMatching(refusal),
    })
    expect((await view(first)).status).toBe('rejected')
    await decide(second, bob, 'reject')
    await undo(rejection, bob)
    expect((await view(first)).status).toBe('awaiting_approval')
  })
})

describe('is refused', () => {
  const outdated = { code: 'request_outdated', kind: 'user' }
  /** It cannot be taken back, and nobody is offered to. */
  async function expectRefused(id: string, approvalId: string, email: string, why: RegExp): Promise<void> {
    const before = await company.approvalsOf(id)
    await expect(undo(approvalId, email)).rejects.toMatchObject({
      ...outdated,
      message: expect.stringMatching(why),
    })
    expect(await company.approvalsOf(id)).toEqual(before)
    expect((await view(id, approvalId)).canUndo).toEqual([])
  }

  test('once it is settled', async () => {
    const id = await submitted()
    const [, last] = await approved(id)
    await database.asSuperuser(`update expense set status = 'settled' where id = $1`, [id])
    await expectRefused(id, last, cas, /it is settled by now/)
  })

  test('once the submitter began to change what was sent back', async () => {
    const id = await submitted()
    const approvalId = await decide(id, bob, 'send_back')
    expect(undoable(await view(id, approvalId), await company.personId(bob))).toMatchObject([{ approvalId }])
    await byAnn((tx) => editExpense(tx, id, { note: 'The other receipt' }))
    await expectRefused(id, approvalId, bob, /its submitter has begun to change it/)
  })

  test('once it was submitted again, or discarded', async () => {
    const [again, discarded] = [await submitted(), await submitted()]
    const [first, second] = [await decide(again, bob, 'send_back'), await decide(discarded, bob, 'send_back')]
    await byAnn((tx) => submitExpense(tx, again))
    await byAnn((tx) => discardExpense(tx, discarded))
    await expectRefused(again, first, bob, /it is waiting for approval by now/)
    await expectRefused(discarded, second, bob, /it is discarded by now/)
  })

  test('in a former revision, also when the newer one came to the same', async () => {
    const id = await submitted()
    const approvalId = await decide(id, bob, 'send_back')
    await byAnn((tx) => submitExpense(tx, id))
    await decide(id, bob, 'send_back')
    await expectRefused(id, approvalId, bob, /it is sent back by now/)
  })
})

test('nobody left who may decide a later step: it is blocked', async () => {
  const id = await submitted()
  const [first] = await approved(id)
  const others = [cas, fay, adam]
  await database.asSuperuser('update person set active = false where email = any($1)', [others])
  await undo(first, bob)
  await database.asSuperuser('update person set active = true where email = any($1)', [others])
  expect((await view(id)).status).toBe('blocked')
  expect((await view(id, first)).requestStatus).toBe('withdrawn')
  expect((await view(id)).undone).toEqual([])
})

test('what a person can take back, and until when, is in the view; and their card is refreshed when that is over', async () => {
  const id = await submitted()
  const approvalId = await decide(id, bob)
  const until = new Date(database.clock.now().getTime() + 24 * hour)
  const bobs = await company.personId(bob)
  expect(undoable(await view(id, approvalId), bobs)).toEqual([{ approvalId, until }])
  expect(undoable(await view(id, approvalId), await company.personId(cas))).toEqual([])
  const [card] = await surfaces('slack.approval', id)
  const renders = await database.asSuperuser<{ not_before: Date; merge_key: string | null }>(
    `select not_before, merge_key from outbox where job = 'surface.render' and payload ->> 'surfaceId' = $1 and status = 'pending'
     order by not_before desc`,
    [card?.id],
  )
  // The one at the end stands apart, so that what changes before is shown before.
  expect(renders[0]).toEqual({ not_before: until, merge_key: null })
  expect(renders[1]?.not_before.getTime()).toBeLessThanOrEqual(database.clock.now().getTime())
  database.clock.advance(24 * hour)
  expect(undoable(await view(id, approvalId), bobs)).toEqual([])
})

test('a statement and taking back its approval at the same moment: both documents, or none', async () => {
  const rounds = Number(process.env.RACES ?? 20)
  let written = 0
  for (let round = 0; round < rounds; round++) {
    const id = await submitted()
    await decide(id, bob)
    const last = await decide(id, cas)
    const work = doWork(database, 'expense.document')
    // Somewhere while the document is being drawn.
    await setTimeout((round * 53) % 300)
    await company.undo(last, cas)
    expect(await work).toEqual(['done'])
    const cancelled = await doWork(database, 'expense.cancel_document')
    const kinds = (await documents(id)).map(({ kind }) => kind).sort()
    expect(kinds).toEqual(cancelled.length === 0 ? [] : ['cancellation', 'expense_statement'])
    expect((await view(id)).status).toBe('awaiting_approval')
    written += cancelled.length
  }
  console.log(
    `${rounds} times a statement against taking back: ${written} cancelled, ${rounds - written} never written`,
  )
})
