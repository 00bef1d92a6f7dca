import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { inCompany } from '../../../src/database/index.ts'
import { remindAsked } from '../../../src/features/approvals/index.ts'
import { commentOnExpense } from '../../../src/features/expenses/index.ts'
import { addDelegation } from '../../../src/features/people/index.ts'
import { subjects } from '../../../src/subjects.ts'
import { doTurns } from '../../support/do-work.ts'
import { as, createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { Told } from './telling-support.ts'
import { adam, ann, bob, cas, fay, TwoSteps } from './two-steps.ts'

let database: TestDatabase
let company: TwoSteps
let told: Told

beforeAll(async () => {
  database = await createTestDatabase()
  company = await TwoSteps.create(database)
  told = new Told(company)
})
afterAll(() => database.drop())
beforeEach(async () => {
  database.clock.set('2026-11-20T15:00:00Z')
  await database.asSuperuser('delete from preference')
  await database.asSuperuser('update delegation set ends_at = starts_at')
  await database.asSuperuser('delete from slack_installation')
  await told.inSlack()
})

const comment = (id: string, by: string) =>
  company.later(() => as(database, by, (tx) => commentOnExpense(tx, subjects, id, `Says ${by}`)))
const remind = async (id: string) => {
  const asks = await database.asSuperuser<{ id: string }>(
    `select k.id from approval_ask k join approval a on a.id = k.approval_id
     join approval_request r on r.id = a.request_id where r.subject_id = $1 and k.ended_at is null`,
    [id],
  )
  const actor = { personId: null, channel: 'system' as const }
  for (const ask of asks)
    await inCompany(database, { companyId: company.id, actor }, (tx) => remindAsked(tx, subjects, ask.id))
}

describe('an approver', () => {
  test('who chose nothing is asked, reminded and answered by both', async () => {
    const id = await company.submitted()
    await comment(id, ann)
    await remind(id)
    expect(await told.messages(bob, id)).toEqual(['slack.approval', 'slack.comment', 'slack.reminder'])
    expect(await told.mails(bob, id)).toEqual(['approval_request', 'comment', 'reminder'])
  })

  test('who wants Slack gets no mail', async () => {
    await told.wish(bob, { notifyBy: 'slack' })
    const id = await company.submitted()
    await comment(id, ann)
    await remind(id)
    expect(await told.messages(bob, id)).toEqual(['slack.approval', 'slack.comment', 'slack.reminder'])
    expect(await told.mails(bob, id)).toEqual([])
  })

  test('who wants mails gets nothing in Slack', async () => {
    await told.wish(bob, { notifyBy: 'mail' })
    const id = await company.submitted()
    await comment(id, ann)
    await remind(id)
    expect(await told.messages(bob, id)).toEqual([])
    expect(await told.mails(bob, id)).toEqual(['approval_request', 'comment', 'reminder'])
  })

  test('who wants Slack, and was never met there, gets mails as well', async () => {
    await told.wish(bob, { notifyBy: 'slack' })
    await database.asSuperuser('update person set slack_user_id = null where email = $1', [bob])
    const id = await company.submitted()
    expect(await told.mails(bob, id)).toEqual(['approval_request'])
  })

  test('who wants Slack, where our app was taken out of the workspace, gets mails as well', async () => {
    await told.wish(bob, { notifyBy: 'slack' })
    await told.cutOff()
    const id = await company.submitted()
    expect(await told.mails(bob, id)).toEqual(['approval_request'])
  })

  test('whose decision fell with another is told in Slack alone, under their card, where they want that', async () => {
    await told.wish(cas, { notifyBy: 'slack' })
    const id = await company.submitted()
    const first = await company.later(() => company.decide(id, bob))
    await company.later(() => company.decide(id, cas))
    await company.later(() => company.undo(first, bob))
    expect(await told.messages(cas, id)).toEqual(['slack.approval', 'slack.undone'])
    expect(await told.mails(cas, id)).toEqual([])
  })

  test('who stands in is asked as they themselves want, not as the one they stand in for', async () => {
    await told.wish(bob, { notifyBy: 'slack' })
    await told.wish(fay, { notifyBy: 'mail' })
    const [principalId, delegateId] = [await company.personId(bob), await company.personId(fay)]
    const until = { from: '2026-11-20', to: '2026-11-30', upTo: null }
    await as(database, adam, (tx) => addDelegation(tx, { principalId, delegateId, ...until }))
    await doTurns(database)
    const id = await company.submitted()
    expect([await told.messages(bob, id), await told.mails(bob, id)]).toEqual([[], []])
    expect([await told.messages(fay, id), await told.mails(fay, id)]).toEqual([[], ['approval_request']])
  })

  test('who changes their mind is asked otherwise from the next time on', async () => {
    await told.wish(bob, { notifyBy: 'mail' })
    const first = await company.submitted()
    await told.wish(bob, { notifyBy: 'slack' })
    const second = await company.submitted()
    expect([await told.messages(bob, first), await told.mails(bob, first)]).toEqual([
      [],
      ['approval_request'],
    ])
    expect([await told.messages(bob, second), await told.mails(bob, second)]).toEqual([
      ['slack.approval'],
      [],
    ])
  })
})

describe('a submitter', () => {
  const heard = async (id: string) => ({
    slack: await told.messages(ann, id),
    mail: await told.mails(ann, id),
  })

  test('who posted it hears in the thread of it, and by mail where they want that', async () => {
    const posted = await company.submitted()
    await company.later(() => company.decide(posted, bob, 'reject'))
    expect(await heard(posted)).toEqual({ slack: ['slack.expense', 'slack.outcome'], mail: [] })
    await told.wish(ann, { notifyBy: 'mail' })
    const other = await company.submitted()
    await comment(other, fay)
    const approvalId = await company.later(() => company.decide(other, bob, 'reject'))
    await company.later(() => company.undo(approvalId, bob))
    expect(await heard(other)).toEqual({ slack: ['slack.expense'], mail: ['comment', 'decided', 'undone'] })
  })

  test('keeps a thread that is brought up to date, whatever they want', async () => {
    await told.wish(ann, { notifyBy: 'mail' })
    const id = await company.submitted()
    await database.asSuperuser(`update outbox set status = 'done'`)
    await company.later(() => company.decide(id, bob, 'reject'))
    expect((await told.times(ann)).map(([kind]) => kind)).toContain('slack.expense')
  })

  test('who mailed it hears by mail, and in Slack in a message of its own where they want that', async () => {
    const mailed = await company.submitted({ source: 'email' })
    await company.later(() => company.decide(mailed, bob, 'reject'))
    expect(await heard(mailed)).toEqual({ slack: [], mail: ['decided'] })
    await told.wish(ann, { notifyBy: 'slack' })
    const other = await company.submitted({ source: 'email' })
    const approvalId = await company.later(() => company.decide(other, bob, 'reject'))
    expect(await heard(other)).toEqual({ slack: ['slack.expense'], mail: [] })
    await company.later(() => company.undo(approvalId, bob))
    expect(await heard(other)).toEqual({ slack: ['slack.expense', 'slack.undone'], mail: [] })
  })
})
