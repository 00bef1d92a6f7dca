import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSlackApp } from '../../../src/channels/slack/slack-app.ts'
import { oneWorkspace } from '../../../src/channels/slack/slack-channel.ts'
import { listenByHttp } from '../../../src/channels/slack/transport/listen-by-http.ts'
import { openSlackClient } from '../../../src/channels/slack/transport/paced-client.ts'
import { draftExpense } from '../../../src/features/expenses/index.ts'
import { subjects } from '../../../src/subjects.ts'
import { as, createTestDatabase, importExample, type TestDatabase } from '../../support/test-database.ts'
import { WebApiStandIn } from '../../support/web-api-stand-in.ts'
import { asRequest, deliveries, type Fuzzed, fuzzedRequest } from './fuzz-payloads.ts'

const secret = 'the signing secret'
const grace = 'grace.taylor@techcorp.example'
const atOnce = 20
const payloads = Number(process.env.FUZZ ?? 2000)
/** Another one each time; a failure says which. */
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31)

let database: TestDatabase
let api: WebApiStandIn
let server: Server
let url: string
let expenseId: string

beforeAll(async () => {
  database = await createTestDatabase()
  await importExample(database)
  await database.asSuperuser(
    `update person set slack_team_id = 'T1', slack_user_id = 'U1' where email = $1`,
    [grace],
  )
  const expense = await as(database, grace, (tx) =>
    draftExpense(tx, {
      submitterId: tx.actor.personId ?? '',
      source: 'slack',
      deliveryKey: 'd',
      files: [],
      note: '',
    }),
  )
  expenseId = expense.id
  api = await WebApiStandIn.start()
  // A Slack that refuses now and then.
  const moody = () =>
    [{ ok: true, view: { id: 'V1' } }, { ok: false, error: 'expired_trigger_id' }, 0][api.calls.length % 3] ??
    0
  api.answers = {
    'views.open': moody,
    'views.update': moody,
    'views.publish': moody,
    'users.info': ({ form }) =>
      form.user === 'U2' ? { ok: false, error: 'internal_error' } : { ok: false, error: 'user_not_found' },
  }
  const slack = {
    database,
    workspaces: oneWorkspace({
      client: openSlackClient({ botToken: 'xoxb-1', apiUrl: api.apiUrl }),
      botToken: 'xoxb-1',
    }),
    apiUrl: api.apiUrl,
    subjects,
    dataKey: 'd'.repeat(32),
  }
  server = createServer(listenByHttp(createSlackApp(slack), secret))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`
})

afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await api.close()
  await database.drop()
})

async function send({ type, body }: Fuzzed, signedWith: string, at = Math.floor(Date.now() / 1000)) {
  const signature = createHmac('sha256', signedWith).update(`v0:${at}:${body}`).digest('hex')
  const headers: Record<string, string> = {
    'x-slack-request-timestamp': String(at),
    'x-slack-signature': `v0=${signature}`,
    ...(type ? { 'content-type': type } : {}),
  }
  const response = await fetch(url, { method: 'POST', headers, body: Buffer.from(body) })
  await response.text()
  return response.status
}

/** Sends them, so many at once, and returns how often each status was the answer. */
async function sendAll(
  requests: Fuzzed[],
  isRight: (status: number) => boolean,
  how: { secret: string; at?: number },
): Promise<Map<number, number>> {
  const statuses = new Map<number, number>()
  for (let from = 0; from < requests.length; from += atOnce) {
    const some = requests.slice(from, from + atOnce)
    const answers = await Promise.all(
      some.map(async (request) => ({ request, status: await send(request, how.secret, how.at) })),
    )
    for (const { request, status } of answers) {
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (isRight(status)) continue
      // Not the whole of it: it may be long.
      throw new Error(`FUZZ_SEED=${seed}: ${status} for ${request.type} ${request.body.slice(0, 3000)}`)
    }
  }
  return statuses
}

test(`${payloads} odd but correctly signed payloads are answered, each with 200 or with 4xx`, {
  timeout: 900_000,
}, async () => {
  const requests = fc.sample(fuzzedRequest(expenseId), { numRuns: payloads, seed })
  const isRight = (status: number) => status === 200 || (status >= 400 && status < 500)
  const statuses = await sendAll(requests, isRight, { secret })
  console.info(`answered: ${JSON.stringify(Object.fromEntries(statuses))}, FUZZ_SEED=${seed}`)
  // It can tell them apart: not everything is refused, nor taken.
  expect(statuses.get(200)).toBeGreaterThan(payloads / 5)
  expect(statuses.get(400)).toBeGreaterThan(payloads / 20)
})

test('what Slack sends is taken, of every kind that we listen to', async () => {
  const requests = deliveries(expenseId).map((payload) => asRequest(payload))
  await sendAll(requests, (status) => status === 200, { secret })
})

test('without a good signature everything is refused, and nothing is kept', {
  timeout: 300_000,
}, async () => {
  const kept = () => database.asSuperuser('select count(*)::int as kept from inbound_delivery')
  const before = await kept()
  const requests = fc.sample(fuzzedRequest(expenseId), { numRuns: Math.ceil(payloads / 4), seed })
  const isRight = (status: number) => status === 401
  await sendAll(requests, isRight, { secret: 'not the secret' })
  await sendAll(requests, isRight, { secret, at: Math.floor(Date.now() / 1000) - 301 })
  expect(await kept()).toEqual(before)
})

test('what has no signature, or too much in it, is refused', async () => {
  expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(401)
  expect((await fetch(url)).status).toBe(404)
  const large = { type: 'application/json', body: `"${'x'.repeat(2_000_000)}"` }
  expect(await send(large, secret)).toBe(413)
})

test('a link that is pressed, and a button that is gone, are answered at once', async () => {
  const pressed = {
    team: { id: 'T1' },
    user: { id: 'U1' },
    type: 'block_actions',
    trigger_id: '1',
    actions: [{ action_id: 'some.link', block_id: 'b', action_ts: '1' }],
  }
  const body = new URLSearchParams({ payload: JSON.stringify(pressed) }).toString()
  expect(await send({ type: 'application/x-www-form-urlencoded', body }, secret)).toBe(200)
})
