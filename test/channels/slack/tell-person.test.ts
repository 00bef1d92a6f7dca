import { afterEach, beforeEach, expect, test } from 'vitest'
import { oneWorkspace } from '../../../src/channels/slack/index.ts'
import { inWordsOf, tellPerson } from '../../../src/channels/slack/people/tell-person.ts'
import type { SlackChannel } from '../../../src/channels/slack/slack-channel.ts'
import { openSlackClient } from '../../../src/channels/slack/transport/paced-client.ts'
import { transientError } from '../../../src/kernel/errors.ts'
import { subjects } from '../../../src/subjects.ts'
import { wordsOf } from '../../../templates/slack/words/index.ts'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { WebApiStandIn } from '../../support/web-api-stand-in.ts'

let database: TestDatabase
let api: WebApiStandIn
let slack: SlackChannel

beforeEach(async () => {
  database = await createTestDatabase()
  api = await WebApiStandIn.start()
  const client = openSlackClient({ botToken: 'xoxb', apiUrl: api.apiUrl })
  const workspaces = oneWorkspace({ client, botToken: 'xoxb' })
  slack = { database, workspaces, apiUrl: api.apiUrl, subjects, dataKey: 'd'.repeat(32) }
})
afterEach(async () => {
  await api.close()
  await database.drop()
})

test.each([
  [2.9953417, '3 seconds'],
  [0.2, 'a second'],
  [30, '30 seconds'],
])('after %d seconds Slack takes more: that is said in whole ones', (retryAfterSeconds, said) => {
  const error = transientError('slack_rate_limited', 'Slow down.', { details: { retryAfterSeconds } })
  expect(inWordsOf(error, wordsOf('en'))).toContain(`in ${said}.`)
})

test('what somebody wrote is told them as text: it neither formats nor calls anybody', async () => {
  tellPerson(slack, { teamId: 'T1', userId: 'U1' }, 'There is no “<!channel> & *all*”.')
  await expect.poll(() => api.callsOf('chat.postMessage').length).toBe(1)
  expect(api.callsOf('chat.postMessage')[0]?.form.text).toBe('There is no “&lt;!channel&gt; &amp; ∗all∗”.')
})

test('what is formatted already is told as it is', async () => {
  tellPerson(
    slack,
    { teamId: 'T1', userId: 'U1', channel: 'C1', threadTs: '1.1' },
    { text: '*12.50 &amp; more*' },
  )
  await expect.poll(() => api.callsOf('chat.postEphemeral').length).toBe(1)
  expect(api.callsOf('chat.postEphemeral')[0]?.form).toMatchObject({
    text: '*12.50 &amp; more*',
    thread_ts: '1.1',
  })
})
