import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { inCompany, type Tx } from '../../../src/database/index.ts'
import { commentOnExpense } from '../../../src/features/expenses/index.ts'
import { leaseSurface, queueMail, showSurface } from '../../../src/features/notifications/index.ts'
import { subjects } from '../../../src/subjects.ts'
import { doWork } from '../../support/do-work.ts'
import { as, createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { Told } from './telling-support.ts'
import { ann, bob, cas, fay, TwoSteps } from './two-steps.ts'

let database: TestDatabase
let company: TwoSteps
let told: Told
const [night, morning] = ['2026-11-20T22:00:00Z', '2026-11-21T06:00:00.000Z']

beforeAll(async () => {
  database = await createTestDatabase()
  company = await TwoSteps.create(database)
  told = new Told(company)
  await told.inSlack()
  await database.asSuperuser(`update person set time_zone = 'Europe/Berlin' where email <> $1`, [fay])
  for (const person of [ann, bob]) await told.wish(person, { quietFrom: '22:00', quietTo: '07:00' })
})
afterAll(() => database.drop())
beforeEach(async () => {
  database.clock.set(night)
  await database.asSuperuser('delete from outbox')
})

const timesOf = async (email: string) => Object.fromEntries(await told.times(email))
const surfacesOf = (id: string, kind: string) =>
  database.asSuperuser<{ id: string; show_from: Date | null }>(
    'select id, show_from from surface where expense_id = $1 and kind = $2',
    [id, kind],
  )
const actor = { personId: null, channel: 'system' as const }
const inside = <T>(work: (tx: Tx) => Promise<T>) =>
  inCompany(database, { companyId: company.id, actor }, work)

test('a card and a mail wait for the end of the quiet hours; those of people who have none do not', async () => {
  const id = await company.submitted()
  expect(await timesOf(bob)).toEqual({ 'slack.approval': morning, approval_request: morning })
  await company.later(() => company.decide(id, bob))
  expect(Object.values(await timesOf(cas))).toEqual(['2026-11-20T22:00:01.000Z', '2026-11-20T22:00:01.000Z'])
})

test('by day nothing waits', async () => {
  database.clock.set('2026-11-20T15:00:00Z')
  await company.submitted()
  expect(await timesOf(bob)).toEqual({
    'slack.approval': '2026-11-20T15:00:00.000Z',
    approval_request: '2026-11-20T15:00:00.000Z',
  })
})

test('when reminders and escalations fall due stays as it is', async () => {
  const due = () =>
    database.asSuperuser<{ at: Date }>(
      `select not_before as at from outbox where job in ('approval.remind', 'approval.escalate') order by 1`,
    )
  await company.submitted()
  const quiet = await due()
  await database.asSuperuser('delete from outbox')
  await told.wish(bob, { quietFrom: null, quietTo: null })
  await company.submitted()
  expect(await due()).toEqual(quiet)
  await told.wish(bob, { quietFrom: '22:00', quietTo: '07:00' })
})

test('the outcome waits, while the thread of it changes at once and in silence', async () => {
  const id = await company.submitted()
  // The first rendering is done.
  await database.asSuperuser('delete from outbox')
  await company.later(() => company.decide(id, bob, 'reject'))
  expect(await timesOf(ann)).toEqual({
    'slack.outcome': morning,
    'slack.expense': '2026-11-20T22:00:01.000Z',
  })
})

test('what somebody brings about themselves is never held back from them', async () => {
  await company.submitted()
  expect((await timesOf(ann))['slack.expense']).toBe('2026-11-20T22:00:00.000Z')
})

describe('a card that is held back', () => {
  test('is not posted by anything that happens meanwhile', async () => {
    const id = await company.submitted()
    const [card] = await surfacesOf(id, 'slack.approval')
    await database.asSuperuser('delete from outbox')
    expect(await inside((tx) => leaseSurface(tx, card?.id ?? ''))).toBeNull()
    expect(await told.times(bob)).toEqual([['slack.approval', morning]])
    database.clock.set(morning)
    expect(await inside((tx) => leaseSurface(tx, card?.id ?? ''))).toMatchObject({ id: card?.id })
  })

  test('is forgotten when there is nothing to decide any more', async () => {
    const id = await company.submitted()
    const [card] = await surfacesOf(id, 'slack.approval')
    expect(card).toBeDefined()
    await company.later(() => company.decide(id, bob, 'reject'))
    expect(await surfacesOf(id, 'slack.approval')).toEqual([])
    database.clock.set(morning)
    expect(await inside((tx) => leaseSurface(tx, card?.id ?? ''))).toBeNull()
  })

  test('shows what is said meanwhile, which is no message of its own', async () => {
    const id = await company.submitted()
    await company.later(() => as(database, ann, (tx) => commentOnExpense(tx, subjects, id, 'For the team')))
    expect(await told.messages(bob, id)).toEqual(['slack.approval'])
  })

  test('that was posted before the night changes by night', async () => {
    database.clock.set('2026-11-20T20:00:00Z')
    const id = await company.submitted()
    await database.asSuperuser(
      `update surface set message_ts = '1.1', posting_since = now() where expense_id = $1`,
      [id],
    )
    await database.asSuperuser('delete from outbox')
    database.clock.set(night)
    await company.decide(id, bob, 'reject')
    expect((await timesOf(bob))['slack.approval']).toBe('2026-11-20T22:00:00.000Z')
  })
})

test('codes, links and answers to what somebody mailed do not wait', async () => {
  const id = await company.submitted()
  await database.asSuperuser('delete from outbox')
  const personId = await company.personId(bob)
  const to = { address: bob, personId }
  await inside(async (tx) => {
    for (const kind of ['code', 'delegation_link', 'answer', 'authenticator'] as const)
      await queueMail(tx, { kind, to })
    await showSurface(tx, { kind: 'slack.code', expenseId: id, personId })
  })
  const now = new Date(night).toISOString()
  expect(await timesOf(bob)).toEqual({
    code: now,
    delegation_link: now,
    answer: now,
    authenticator: now,
    'slack.code': now,
  })
})

test('a statement that its approval was taken back from before the morning is neither mailed nor cancelled', async () => {
  const id = await company.submitted()
  await company.later(() => company.decide(id, bob))
  const last = await company.later(() => company.decide(id, cas))
  expect(await doWork(database, 'expense.document')).toEqual(['done'])
  expect((await timesOf(ann)).document).toBe(morning)
  await company.later(() => company.undo(last, cas))
  expect(await doWork(database, 'expense.cancel_document')).toEqual(['done'])
  expect(await told.mails(ann, id)).toEqual(['document'])
  expect(await told.mails(fay, id)).toEqual(['document', 'cancellation'])
  database.clock.set(morning)
  await doWork(database, 'mail.send')
  const [statement] = await database.asSuperuser<{ status: string }>(
    `select status from outgoing_mail where to_address = $1 and expense_id = $2 and kind = 'document'`,
    [ann, id],
  )
  expect(statement?.status).toBe('not_needed')
})
