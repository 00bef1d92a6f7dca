import { WebClient } from '@slack/web-api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { oneWorkspace } from '../../../src/channels/slack/index.ts'
import { receiveChange } from '../../../src/channels/slack/intake/receive-change.ts'
import { receiveMessage } from '../../../src/channels/slack/intake/receive-message.ts'
import type { WorkInHand } from '../../../src/database/index.ts'
import { showSurface } from '../../../src/features/notifications/index.ts'
import { subjects } from '../../../src/subjects.ts'
import { Told } from '../../features/expenses/telling-support.ts'
import { ann, bob, TwoSteps } from '../../features/expenses/two-steps.ts'
import { as, createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { WebApiStandIn } from '../../support/web-api-stand-in.ts'

let database: TestDatabase
let company: TwoSteps
let api: WebApiStandIn
let written = 0

beforeAll(async () => {
  database = await createTestDatabase()
  company = await TwoSteps.create(database)
  await new Told(company).inSlack()
  api = await WebApiStandIn.start()
  api.answers = { 'chat.postMessage': () => ({ ok: true, ts: '9.9' }) }
})
afterAll(async () => {
  await api.close()
  await database.drop()
})

function channel() {
  const client = new WebClient('xoxb', { slackApiUrl: api.apiUrl, retryConfig: { retries: 0 } })
  const workspaces = oneWorkspace({ client, botToken: 'xoxb' })
  return { database, workspaces, apiUrl: api.apiUrl, subjects, dataKey: 'd'.repeat(32) }
}
const work = (): WorkInHand => ({
  attempt: 1,
  failures: 0,
  since: new Date(),
  companyId: company.id,
  finish: async () => {},
  finishAlone: async () => {},
})

/** Somebody writes in a thread, and mends what they wrote. Returns how many expenses came of the mending. */
async function mend(email: string, threadTs: string, first: string, then: string): Promise<number> {
  written += 1
  const userId = `U${await company.personId(email)}`
  const place = {
    teamId: 'T1',
    userId,
    channel: 'D1',
    isDirect: true,
    ts: `8.${written}`,
    threadTs,
    files: [],
  }
  const message = { kind: 'message' as const, ...place, text: first, isMention: false }
  await receiveMessage(channel(), message, database.newId(), work())
  const before = await countExpenses()
  await receiveChange(channel(), { kind: 'change', ...place, text: then }, database.newId(), work())
  return (await countExpenses()) - before
}
const countExpenses = async () => (await database.asSuperuser('select 1 from expense')).length

const comments = async (id: string) => (await company.view(id)).comments.map(({ text }) => text)

test('a remark of the submitter in the thread of an expense becomes no expense by being edited', async () => {
  const id = await company.submitted({ source: 'email' })
  const address = { teamId: 'T1', channel: 'D1', threadTs: '5.1' }
  await as(database, ann, (tx) =>
    showSurface(tx, { kind: 'slack.expense', expenseId: id, personId: tx.actor.personId ?? '', address }),
  )
  expect(await mend(ann, '5.1', 'only 40 EUR is alowed', 'only 40 EUR is allowed')).toBe(0)
  expect(await comments(id)).toEqual(['only 40 EUR is alowed'])
})

test('nor does that of an approver in the thread of their card', async () => {
  const id = await company.submitted()
  await database.asSuperuser(
    `update surface set address = '{"teamId":"T1","channel":"D1"}', message_ts = '5.2'
     where expense_id = $1 and kind = 'slack.approval'`,
    [id],
  )
  expect(await mend(bob, '5.2', 'only 40 EUR is alowed', 'only 40 EUR is allowed')).toBe(0)
  expect(await comments(id)).toEqual(['only 40 EUR is alowed'])
})

test('in a thread about nothing of theirs, what was not understood at first becomes its expense', async () => {
  expect(await mend(ann, '5.3', 'metro today', 'metro 2.80 EUR today')).toBe(1)
})
