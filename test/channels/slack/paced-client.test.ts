import { WebAPIRateLimitedError } from '@slack/web-api'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSlackClient, type SlackTrouble } from '../../../src/channels/slack/transport/paced-client.ts'
import { slackError } from '../../../src/channels/slack/transport/slack-client.ts'
import { WebApiStandIn } from '../../support/web-api-stand-in.ts'

let slack: WebApiStandIn
let troubles: SlackTrouble[]

beforeEach(async () => {
  slack = await WebApiStandIn.start()
  troubles = []
})
afterEach(() => slack.close())

const open = () =>
  openSlackClient({
    botToken: 'xoxb-1',
    apiUrl: slack.apiUrl,
    onTrouble: (trouble) => troubles.push(trouble),
  })

test('a busy channel is asked once, and then left in peace for as long as Slack wants', async () => {
  slack.answers['chat.postMessage'] = ({ form }) => (form.channel === 'C1' ? 30 : { ok: true, ts: '1.1' })
  const client = open()
  const post = (channel: string) => client.chat.postMessage({ channel, text: 'hello' })
  const first = await post('C1').catch(slackError)
  expect(first).toMatchObject({ code: 'slack_rate_limited', details: { retryAfterSeconds: 30 } })
  const second = await post('C1').catch(slackError)
  expect(second).toMatchObject({ code: 'slack_rate_limited', kind: 'transient' })
  expect(Number('details' in second && second.details?.retryAfterSeconds)).toBeGreaterThan(29)
  expect((await post('C2')).ok).toBe(true)
  expect(slack.callsOf('chat.postMessage').map(({ form }) => form.channel)).toEqual(['C1', 'C2'])
})

test('a form that Slack is too busy to show is shown a moment later; opening one is not waited for', async () => {
  let refused = 0
  const busy = () => (refused++ < 2 ? 0.05 : { ok: true })
  slack.answers['views.update'] = busy
  const view = { type: 'modal' as const, title: { type: 'plain_text' as const, text: 'x' }, blocks: [] }
  expect((await open().views.update({ view_id: 'V1', view })).ok).toBe(true)
  expect(slack.callsOf('views.update')).toHaveLength(3)
  slack.answers['views.open'] = () => 1
  await expect(open().views.open({ trigger_id: 't', view })).rejects.toBeInstanceOf(WebAPIRateLimitedError)
  expect(slack.callsOf('views.open')).toHaveLength(1)
})

test('a token that counts no more and a scope that is missing are told of; what passes is not', async () => {
  const client = open()
  for (const answer of [
    { ok: false, error: 'token_revoked' },
    { ok: false, error: 'missing_scope', needed: 'files:write', provided: 'chat:write' },
    { ok: false, error: 'internal_error' },
  ]) {
    slack.answers['users.info'] = () => answer
    await expect(client.users.info({ user: 'U1' })).rejects.toThrow()
  }
  expect(troubles).toEqual([
    { code: 'token_revoked', neededScope: undefined },
    { code: 'missing_scope', neededScope: 'files:write' },
  ])
})
