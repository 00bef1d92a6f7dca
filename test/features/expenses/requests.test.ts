import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  closeSpendRequest,
  discardExpense,
  listHeldRequests,
  listSpendRequests,
  reassessExpense,
  routeExpense,
  submitExpense,
} from '../../../src/features/expenses/index.ts'
import { showSurface } from '../../../src/features/notifications/index.ts'
import { subjects } from '../../../src/subjects.ts'
import { as, createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import {
  ann,
  askedIn,
  bob,
  cas,
  documentsAsked,
  drawing,
  found,
  Kinds,
  messageOf,
  tim,
} from './kinds-company.ts'

let database: TestDatabase
let company: Kinds

beforeAll(async () => {
  database = await createTestDatabase()
  company = await Kinds.create(database)
})
afterAll(() => database.drop())

const close = (id: string, by = ann) => as(database, by, (tx) => closeSpendRequest(tx, id))

describe('a request to spend', () => {
  test('has a number of its own, is dated today until somebody says when, and may be for next year', async () => {
    const id = await company.draft({ kind: 'request', changes: { date: '2027-03-01' } })
    const view = await company.view(id)
    expect(view).toMatchObject({
      kind: 'request',
      number: expect.stringMatching(/^REQ-2026-\d+$/),
      date: '2027-03-01',
    })
    await expect(company.edit(id, { date: '2028-03-01' })).rejects.toMatchObject({ code: 'date_in_future' })
    for (const past of ['2026-11-18', '1999-01-01']) {
      await expect(company.edit(id, { date: past })).rejects.toMatchObject({
        code: 'date_in_past',
        field: 'date',
        message: 'This is for money that is not spent yet. Please give today or a later day.',
      })
    }
    await company.edit(id, { date: '2026-11-20' })
    await expect(company.edit(id, { requestId: id })).rejects.toMatchObject({ code: 'field_not_for_kind' })
  })

  test('is approved as an expense would be, without a receipt; it has no document, and its submitter is told', async () => {
    const request = await company.submitted({
      kind: 'request',
      source: 'email',
      changes: { amount: '1000.00' },
    })
    expect(found(request)).toEqual(['info policy_applies'])
    expect(askedIn(request)).toEqual([['Bob']])
    await company.decide(request.id, bob)
    const approved = await company.view(request.id)
    expect(approved).toMatchObject({
      status: 'approved',
      drawn: { used: { minor: 0 }, left: { minor: 100_000, currency: 'USD' }, expenses: [] },
    })
    expect(await documentsAsked(database, request.id)).toBe(0)
    expect(await company.mailsAbout(request.id, 'approved_request')).toEqual([{ to: ann }])
  })

  test('from Slack is answered in its thread', async () => {
    const id = await company.draft({ kind: 'request' })
    await as(database, ann, async (tx) => {
      const personId = tx.actor.personId ?? ''
      await showSurface(tx, { kind: 'slack.expense', expenseId: id, personId })
      await submitExpense(tx, id)
    })
    const approvalId = await company.decide(id, bob)
    const outcomes = await database.asSuperuser(
      `select approval_id as "approvalId" from surface where expense_id = $1 and kind = 'slack.outcome'`,
      [id],
    )
    expect(outcomes).toEqual([{ approvalId }])
    expect(await company.mailsAbout(id, 'approved_request')).toEqual([])
  })

  test('is no spending, and nobody’s duplicate', async () => {
    const same = { merchant: 'Hardware & Co', amount: '1400.00', date: '2026-11-20' }
    await company.approvedRequest('20.00')
    const request = await company.submitted({ kind: 'request', category: 'tools', changes: same })
    await company.decide(request.id, tim)
    const bought = await company.submitted({ category: 'tools', changes: same })
    // With the request counted it would be beyond the 1,500.00 of the month.
    expect(found(bought)).toEqual(['info policy_applies'])
    const again = await company.submitted({
      kind: 'request',
      category: 'tools',
      changes: { ...same, amount: '90.00' },
    })
    expect(found(again)).toEqual(['info policy_applies'])
  })
})

describe('undoing a rejection', () => {
  test('says anew what a request pays for: others may have drawn on it since', async () => {
    const request = await company.approvedRequest('1000.00')
    const expense = await company.draft(drawing(request.id, '700.00', { receipt: 'unread' }))
    await company.submit(expense)
    await company.inside((tx) => routeExpense(tx, expense))
    expect(messageOf(await company.view(expense), 'request_covers')).toContain('USD 300.00 of it is left')
    const approvalId = await company.decide(expense, bob, 'reject')
    expect((await company.submitted(drawing(request.id, '1000.00'))).status).toBe('approved')
    await company.undo(approvalId, bob)
    expect(found(await company.view(expense)).join(), 'until it is looked at').not.toContain('request_')
    await company.inside((tx) => reassessExpense(tx, subjects, expense))
    const view = await company.view(expense)
    expect(messageOf(view, 'request_covers')).toBeUndefined()
    expect(messageOf(view, 'request_exceeded')).toContain('USD 700.00 more than the USD 1,000.00')
  })
})

describe('undoing the approval of a request', () => {
  test('makes it wait again as long as nothing draws on it', async () => {
    const request = await company.submitted({ kind: 'request' })
    const approvalId = await company.decide(request.id, bob)
    expect((await company.view(request.id)).canUndo).toMatchObject([{ approvalId }])
    await company.undo(approvalId, bob)
    expect((await company.view(request.id)).status).toBe('awaiting_approval')
  })

  test('is refused while expenses draw on it, and names them', async () => {
    const request = await company.submitted({ kind: 'request', changes: { amount: '100.00' } })
    const approvalId = await company.decide(request.id, bob)
    const draw = await company.submitted(drawing(request.id, '30.00'))
    expect((await company.view(request.id)).canUndo).toEqual([])
    await expect(company.undo(approvalId, bob)).rejects.toMatchObject({
      code: 'request_drawn',
      message: `The approval of ${request.number} cannot be taken back any more: ${draw.number} draws on it.`,
    })
    expect((await company.view(request.id)).status).toBe('approved')
  })

  test('against a submission that draws on it, at one moment: one of them comes first', async () => {
    for (let round = 0; round < 5; round++) {
      const request = await company.submitted({ kind: 'request', changes: { amount: '100.00' } })
      const approvalId = await company.decide(request.id, bob)
      const id = await company.draft(drawing(request.id, '30.00'))
      const [, undone] = await Promise.allSettled([
        as(database, ann, (tx) => submitExpense(tx, id)),
        company.undo(approvalId, bob),
      ])
      const view = await company.view(id)
      if (undone.status === 'rejected') {
        expect(undone.reason).toMatchObject({ code: 'request_drawn' })
        expect(view.status).toBe('approved')
      } else {
        expect(view.status).toBe('awaiting_approval')
        expect(messageOf(view, 'request_not_open')).toBe(
          `${request.number} is waiting for approval, so it does not pay for this.`,
        )
      }
    }
  })
})

describe('what is left of a request', () => {
  test('is listed for the forms of its submitter, the newest first, until they give it back', async () => {
    const own = await Kinds.create(await createTestDatabase())
    const list = () => as(own.database, ann, (tx) => listSpendRequests(tx, tx.actor.personId ?? ''))
    const first = await own.approvedRequest('100.00')
    const second = await own.approvedRequest('50.00')
    await own.submitted({ changes: { amount: '30.00', requestId: first.id } })
    expect((await list()).map(({ id, left }) => [id, left.minor])).toEqual([
      [second.id, 5000],
      [first.id, 7000],
    ])
    await as(own.database, ann, (tx) => closeSpendRequest(tx, first.id))
    expect((await list()).map(({ id }) => id)).toEqual([second.id])
    await own.database.drop()
  })

  test('is listed by a few queries however many there are, without those that are used up', async () => {
    const own = await Kinds.create(await createTestDatabase())
    const queries = () =>
      as(own.database, ann, async (tx) => {
        const execute = vi.spyOn(tx.em.getConnection(), 'execute')
        const listed = await listSpendRequests(tx, tx.actor.personId ?? '')
        const count = execute.mock.calls.length
        execute.mockRestore()
        return { count, numbers: listed.map(({ number }) => number) }
      })
    const first = await own.approvedRequest('30.00')
    const before = await queries()
    expect(before.numbers).toEqual([first.number])
    for (let more = 0; more < 6; more++) await own.approvedRequest('50.00')
    await own.submitted(drawing(first.id, '31.00'))
    const after = await queries()
    expect(after.numbers).toHaveLength(6)
    expect(after.numbers).not.toContain(first.number)
    expect(before.count).toBeGreaterThan(0)
    expect(after.count).toBe(before.count)
    await own.database.drop()
  })

  test('is looked after until it is given back, or nothing is left and nothing waits', async () => {
    const own = await Kinds.create(await createTestDatabase())
    const list = () => as(own.database, ann, (tx) => listHeldRequests(tx, tx.actor.personId ?? ''))
    const request = await own.approvedRequest('60.00')
    await own.submitted(drawing(request.id, '30.00'))
    expect(await list()).toMatchObject([{ left: { minor: 3000 }, used: { minor: 3000 } }])
    const over = await own.submitted(drawing(request.id, '40.00'))
    expect(over.status).toBe('awaiting_approval')
    expect(await list()).toMatchObject([
      { number: request.number, left: { minor: 0 }, used: { minor: 7000 } },
    ])
    expect(await as(own.database, ann, (tx) => listSpendRequests(tx, tx.actor.personId ?? ''))).toEqual([])
    await own.decide(over.id, bob, 'approve')
    expect(await list()).toEqual([])
    await own.database.drop()
  })

  test('given back, pays for nothing more, and what draws on it stays', async () => {
    const request = await company.approvedRequest('100.00')
    const before = await company.submitted(drawing(request.id, '30.00'))
    const open = await company.draft(drawing(request.id, '31.00'))
    await expect(close(request.id, cas)).rejects.toMatchObject({ code: 'not_yours' })
    database.clock.advance(1000)
    await close(request.id)
    const closed = await company.view(request.id)
    expect(closed).toMatchObject({
      status: 'cancelled',
      drawn: { left: { minor: 0 }, used: { minor: 3000 } },
    })
    expect(closed.history.at(-1)).toMatchObject({ what: 'closed', who: 'Ann' })
    expect((await company.view(before.id)).status).toBe('approved')
    const view = await company.submit(open)
    expect(view.status).toBe('awaiting_approval')
    expect(messageOf(view, 'request_not_open')).toBe(
      `${request.number} is closed, so it does not pay for this.`,
    )
    await expect(close(request.id)).rejects.toMatchObject({ code: 'request_not_open' })
  })

  test('only an approved request is given back: no draft, and nothing that was spent', async () => {
    const draft = await company.draft({ kind: 'request' })
    await expect(close(draft)).rejects.toMatchObject({ code: 'request_not_open' })
    const expense = await company.submitted({ receipt: 'none', changes: { amount: '8.00' } })
    expect(expense.status).toBe('approved')
    await expect(close(expense.id)).rejects.toMatchObject({ code: 'request_not_open' })
    await expect(as(database, ann, (tx) => discardExpense(tx, expense.id))).rejects.toMatchObject({
      code: 'expense_locked',
    })
  })
})
