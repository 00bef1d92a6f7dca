import { WebClient } from '@slack/web-api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCommand } from '../../../src/channels/slack/commands/commands.ts'
import { oneWorkspace } from '../../../src/channels/slack/index.ts'
import { subjects } from '../../../src/subjects.ts'
import { Told } from '../../features/expenses/telling-support.ts'
import { ann, TwoSteps } from '../../features/expenses/two-steps.ts'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { WebApiStandIn } from '../../support/web-api-stand-in.ts'

let database: TestDatabase
let company: TwoSteps
let api: WebApiStandIn
let typed = 0

beforeAll(async () => {
  database = await createTestDatabase()
  company = await TwoSteps.create(database)
  await new Told(company).inSlack()
  api = await WebApiStandIn.start()
})
afterAll(async () => {
  await api.close()
  await database.drop()
})

/** What Ann is answered when she types this after `/expense`. */
async function answer(text: string): Promise<string> {
  typed += 1
  const client = new WebClient('xoxb', { slackApiUrl: api.apiUrl, retryConfig: { retries: 0 } })
  const workspaces = oneWorkspace({ client, botToken: 'xoxb' })
  const slack = { database, workspaces, apiUrl: api.apiUrl, subjects, dataKey: 'd'.repeat(32) }
  const who = { team_id: 'T1', user_id: `U${await company.personId(ann)}` }
  const answered = await runCommand(slack, { ...who, trigger_id: `t${typed}`, text })
  return answered?.text ?? ''
}

test.each(['stamps 9.50', 'Regal 49,90', 'neue Batterien 9,90', 'stamps 9 EUR'])(
  '“%s” is an expense, though it looks like a command',
  async (text) => {
    expect(await answer(text)).toContain('is a draft in our conversation')
  },
)

test.each(['statsu 42', 'lits 7'])('“%s” is a command that was mistyped', async (text) => {
  expect(await answer(text)).toMatch(/I don’t know “.*Did you mean/)
})
