import { afterAll, beforeAll, expect, test } from 'vitest'
import { decideApproval } from '../../../src/features/approvals/index.ts'
import { editExpense, submitExpense, withdrawExpense } from '../../../src/features/expenses/index.ts'
import { AppError } from '../../../src/kernel/errors.ts'
import { subjects } from '../../../src/subjects.ts'
import { as, createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { ann, bob, cas, TwoSteps } from './two-steps.ts'

/** How often each race is run. In the suite a few; `RACES=100 npm test -- test/features/expenses/rollback-races.test.ts`. */
const races = Number(process.env.RACES ?? 20)
const long = races * 2000 + 30_000

let database: TestDatabase
let company: TwoSteps

beforeAll(async () => {
  database = await createTestDatabase()
  company = await TwoSteps.create(database)
})
afterAll(() => database.drop())

/** All at once, each from a connection of its own: null or what each was told. Anything but a sentence for people throws. */
async function race(...moves: (() => Promise<unknown>)[]): Promise<(string | null)[]> {
  database.clock.advance(1000)
  const results = await Promise.allSettled(moves.map((move) => move()))
  return results.map((result) => {
    if (result.status === 'fulfilled') return null
    if (result.reason instanceof AppError && result.reason.kind !== 'permanent') return result.reason.code
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
    `${races} times ${what}: ${[...seen].map(([result, times]) => `${times} ${result}`).join(', ')}`,
  )
}

/** Who is asked, by name. Somebody is as long as it waits, and nobody when it does not. */
async function asked(id: string): Promise<string[]> {
  const view = await company.view(id)
  const names = view.steps
    .flatMap(({ approvers }) => approvers)
    .filter(({ status }) => status === 'asked')
    .map(({ name }) => name)
  expect(names.length > 0).toBe(view.status === 'awaiting_approval')
  if (names.length > 0) expect(view.requestStatus).toBe('open')
  return names
}

/** It can still be approved by those whom it asks. */
async function expectApprovable(id: string): Promise<void> {
  for (const email of [bob, cas]) {
    if (await company.approvalOf(id, email, 'asked')) await company.decide(id, email)
  }
  expect((await company.view(id)).status).toBe('approved')
}

test(
  'the next approver decides while the first takes back: one order or the other, and never stuck',
  {
    timeout: long,
  },
  () =>
    repeat('the next approver decided while the first took back', async () => {
      const id = await company.submitted()
      const first = await company.decide(id, bob)
      const approvalId = await company.approvalOf(id, cas, 'asked')
      const [undone, decided] = await race(
        () => company.undo(first, bob),
        () => as(database, cas, (tx) => decideApproval(tx, subjects, { approvalId, verdict: 'approve' })),
      )
      expect(undone).toBeNull()
      expect(await asked(id)).toEqual(['Bob'])
      const statuses = (await company.approvalsOf(id)).map(({ email, status }) => `${email} ${status}`)
      expect(statuses.sort()).toEqual(
        [`${bob} asked`, `${bob} undone`, `${cas} undone`, `${cas} waiting`].sort(),
      )
      if (decided !== null) expect(decided).toBe('undone')
      const held = (await company.view(id)).undone.find(({ name }) => name === 'Cas')
      expect(held).toMatchObject({ what: decided === null ? 'approved' : null, by: 'Bob' })
      await expectApprovable(id)
      return decided === null ? 'decided, then undone' : 'told that it is asked anew'
    }),
)

test('taking back twice at the same moment is once, and no mistake', { timeout: long }, () =>
  repeat('took back twice at once', async () => {
    const id = await company.submitted()
    const first = await company.decide(id, bob)
    const undo = () => company.undo(first, bob)
    expect(await race(undo, undo)).toEqual([null, null])
    expect((await company.approvalsOf(id)).filter(({ email }) => email === bob)).toHaveLength(2)
    await expectApprovable(id)
    return 'undone once'
  }),
)

test(
  'both approvers take back at the same moment: the later falls with the first, or came before it',
  {
    timeout: long,
  },
  () =>
    repeat('both took back at once', async () => {
      const id = await company.submitted()
      const [first, last] = [await company.decide(id, bob), await company.decide(id, cas)]
      const [byBob, byCas] = await race(
        () => company.undo(first, bob),
        () => company.undo(last, cas),
      )
      expect(byBob).toBeNull()
      if (byCas !== null) expect(byCas).toBe('undone')
      expect(await asked(id)).toEqual(['Bob'])
      await expectApprovable(id)
      return byCas === null ? 'the later first' : 'the later fell'
    }),
)

test('taking back a send-back while the submitter changes it: one of them is told', { timeout: long }, () =>
  repeat('changed while the send-back was taken back', async () => {
    const id = await company.submitted()
    const sentBack = await company.decide(id, bob, 'send_back')
    const [undone, edited] = await race(
      () => company.undo(sentBack, bob),
      () => as(database, ann, (tx) => editExpense(tx, id, { note: 'Better' })),
    )
    const { note } = await company.view(id)
    // Nothing that was changed comes before the approvers unseen.
    if (undone === null) expect([edited, note, await asked(id)]).toEqual(['expense_locked', null, ['Bob']])
    else expect([undone, edited, note, await asked(id)]).toEqual(['request_outdated', null, 'Better', []])
    return undone === null ? 'taken back' : 'changed'
  }),
)

test(
  'taking back a send-back while the submitter submits again: one of them is told',
  { timeout: long },
  () =>
    repeat('submitted again while the send-back was taken back', async () => {
      const id = await company.submitted()
      const sentBack = await company.decide(id, bob, 'send_back')
      const [undone, submitted] = await race(
        () => company.undo(sentBack, bob),
        () => as(database, ann, (tx) => submitExpense(tx, id)),
      )
      const { revision } = await company.view(id)
      if (undone === null) expect([submitted, revision]).toEqual(['expense_locked', 1])
      else expect([undone, submitted, revision]).toEqual(['request_outdated', null, 2])
      expect(await asked(id)).toEqual(['Bob'])
      await expectApprovable(id)
      return undone === null ? 'taken back' : 'submitted'
    }),
)

test(
  'taking back the only decision while the submitter withdraws: before it they are refused',
  {
    timeout: long,
  },
  () =>
    repeat('withdrew while the only decision was taken back', async () => {
      const id = await company.submitted()
      const first = await company.decide(id, bob)
      const [undone, withdrawn] = await race(
        () => company.undo(first, bob),
        () => as(database, ann, (tx) => withdrawExpense(tx, id)),
      )
      expect(undone).toBeNull()
      if (withdrawn === null) expect((await company.view(id)).status).toBe('draft')
      else expect([withdrawn, await asked(id)]).toEqual(['already_decided', ['Bob']])
      return withdrawn === null ? 'withdrawn after it' : 'refused before it'
    }),
)
