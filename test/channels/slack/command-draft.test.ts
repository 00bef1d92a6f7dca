import type { WebClient } from '@slack/web-api'
import { expect, test } from 'vitest'
import { runCommand } from '../../../src/channels/slack/commands/commands.ts'
import { oneWorkspace } from '../../../src/channels/slack/index.ts'
import { subjects } from '../../../src/subjects.ts'
import { ann, TwoSteps } from '../../features/expenses/two-steps.ts'
import { createTestDatabase } from '../../support/test-database.ts'

test('a draft is answered in time, without a link, where Slack never says what the link is', async () => {
  const database = await createTestDatabase()
  try {
    const company = await TwoSteps.create(database)
    // A workspace of which nothing is known from another test.
    const met = `update person set slack_team_id = 'T-silent', slack_user_id = 'UA' where id = $1`
    await database.asSuperuser(met, [await company.personId(ann)])
    const never = () => new Promise(() => {})
    const client = { auth: { test: never }, chat: { getPermalink: never } } as unknown as WebClient
    const workspaces = oneWorkspace({ client, botToken: 'xoxb' })
    const slack = { database, workspaces, apiUrl: '', subjects, dataKey: 'd'.repeat(32) }
    const answer = await runCommand(slack, {
      team_id: 'T-silent',
      user_id: 'UA',
      trigger_id: 'trigger',
      text: 'taxi 12.50 EUR',
    })
    expect(answer?.text).toContain('EXP-')
    expect(JSON.stringify(answer)).not.toContain('button')
  } finally {
    await database.drop()
  }
})
