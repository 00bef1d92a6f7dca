import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { goOnWithout } from '../../../jobs/when-dead.ts'
import { mailInstead } from '../../../src/features/notifications/index.ts'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { Told } from '../expenses/telling-support.ts'
import { ann, bob, cas, TwoSteps } from '../expenses/two-steps.ts'

let database: TestDatabase
let company: TwoSteps
let told: Told
beforeAll(async () => {
  database = await createTestDatabase()
  company = await TwoSteps.create(database)
  told = new Told(company)
  await told.inSlack()
})
afterAll(() => database.drop())

const refuse = async (id: string, kind = 'slack.approval') => {
  const refused = await database.asSuperuser<{ id: string }>(
    'select id from surface where expense_id = $1 and kind = $2',
    [id, kind],
  )
  expect(refused).not.toEqual([])
  for (const one of refused) await company.inside((tx) => mailInstead(tx, one.id))
}

test('whoever wants Slack alone, where Slack refuses their card, is mailed once', async () => {
  await told.wish(bob, { notifyBy: 'slack' })
  const id = await company.submitted()
  expect(await told.mails(bob, id)).toEqual([])
  await refuse(id)
  await refuse(id)
  expect(await told.mails(bob, id)).toEqual(['approval_request'])
})

test('so is whoever Slack could not be reached for until we gave up', async () => {
  await told.wish(bob, { notifyBy: 'slack' })
  const id = await company.submitted()
  const [card] = await database.asSuperuser<{ id: string }>(
    `select id from surface where expense_id = $1 and kind = 'slack.approval'`,
    [id],
  )
  const payload = { surfaceId: card?.id }
  await goOnWithout(database, { job: 'surface.render', payload, companyId: company.id })
  expect(await told.mails(bob, id)).toEqual(['approval_request'])
})

test('not who saw it before, nor who was mailed anyway', async () => {
  const seen = await company.submitted()
  await database.asSuperuser(`update surface set message_ts = '1.1' where expense_id = $1`, [seen])
  await refuse(seen)
  expect(await told.mails(bob, seen)).toEqual([])
  await told.wish(bob, { notifyBy: 'both' })
  const both = await company.submitted()
  await refuse(both)
  expect(await told.mails(bob, both)).toEqual(['approval_request'])
})

describe('a submitter who wants both, and is told in their thread', () => {
  test('is mailed what Slack refuses to say there, once', async () => {
    const id = await company.submitted()
    await company.decide(id, bob, 'reject')
    expect(await told.mails(ann, id)).toEqual([])
    await refuse(id, 'slack.outcome')
    await refuse(id, 'slack.outcome')
    expect(await told.mails(ann, id)).toEqual(['decided'])
  })

  test('of an approved request to spend that it was approved', async () => {
    const id = await company.submitted()
    await company.decide(id, bob)
    await company.decide(id, cas)
    await database.asSuperuser(`update expense set kind = 'request' where id = $1`, [id])
    await database.asSuperuser(
      `insert into surface (id, company_id, kind, expense_id, approval_id, person_id, round, address, created_at)
       select gen_random_uuid(), company_id, 'slack.outcome', expense_id, null, person_id, 1, '{}', $2
       from surface where expense_id = $1 and kind = 'slack.expense'`,
      [id, database.clock.now()],
    )
    await refuse(id, 'slack.outcome')
    expect(await told.mails(ann, id)).toContain('approved_request')
    expect(await told.mails(ann, id)).not.toContain('decided')
  })

  test('is mailed at once where our app was taken out of their workspace', async () => {
    const id = await company.submitted()
    await told.cutOff()
    await company.decide(id, bob, 'reject')
    expect(await told.messages(ann, id)).not.toContain('slack.outcome')
    expect(await told.mails(ann, id)).toEqual(['decided'])
  })
})
