import { LogLevel } from '@slack/bolt'
import { SocketModeClient } from '@slack/socket-mode'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { botToken, frank, grace, SandboxProcess, setWorkspace } from './support.ts'

const appToken = 'xapp-test-token'
const envelopeSchema = z.looseObject({
  type: z.string(),
  envelope_id: z.string().optional(),
  reason: z.string().optional(),
  retry_attempt: z.number().optional(),
  retry_reason: z.string().optional(),
  accepts_response_payload: z.boolean().optional(),
  payload: z
    .looseObject({
      type: z.string().optional(),
      event: z.looseObject({ type: z.string(), text: z.string().optional() }).optional(),
    })
    .optional(),
})
type Envelope = z.infer<typeof envelopeSchema>

let sandbox: SandboxProcess
const sockets: WebSocket[] = []
const clients: SocketModeClient[] = []

beforeEach(async () => {
  sandbox = new SandboxProcess()
  await sandbox.start()
  await setWorkspace(sandbox, 1, { mode: 'socket', appToken })
})

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate()
  for (const client of clients.splice(0)) await client.disconnect()
  await sandbox.end()
})

async function call(method: string, token: string) {
  const response = await fetch(`${sandbox.endpoint.url}/api/${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  })
  return z
    .looseObject({ ok: z.boolean(), url: z.string().optional(), error: z.string().optional() })
    .parse(await response.json())
}

/** Opens a connection by hand; `heard` gets everything that comes. `ack` answers each envelope when it is given. */
async function connect(heard: Envelope[], ack?: (envelope: Envelope) => object | undefined) {
  const { url = '' } = await call('apps.connections.open', appToken)
  const socket = new WebSocket(url)
  sockets.push(socket)
  socket.on('message', (data) => {
    const envelope = envelopeSchema.parse(JSON.parse(String(data)))
    heard.push(envelope)
    if (envelope.envelope_id !== undefined && ack !== undefined)
      socket.send(JSON.stringify({ envelope_id: envelope.envelope_id, payload: ack(envelope) }))
  })
  await sandbox.client.waitFor(() => heard.some(({ type }) => type === 'hello'), { what: 'hello' })
  return socket
}

const events = (heard: Envelope[]) => heard.filter(({ type }) => type === 'events_api')
const texts = (heard: Envelope[]) => events(heard).map(({ payload }) => payload?.event?.text)
const say = (text: string, channel = 'dm') => sandbox.client.postMessage({ as: grace, channel, text })
const drained = () =>
  sandbox.client.waitFor(async () => (await sandbox.client.state()).pendingEvents === 0, {
    what: 'all events to be taken',
  })

/** Slack's own client, as apps use it. `reconnect` is the pause before it opens another connection. */
async function sdk(reconnectMs = 200): Promise<SocketModeClient> {
  const client = new SocketModeClient({
    appToken,
    logLevel: LogLevel.ERROR,
    clientPingTimeout: reconnectMs,
    clientOptions: { slackApiUrl: `${sandbox.endpoint.url}/api/` },
  })
  clients.push(client)
  await client.start()
  return client
}

test('only the app token opens a connection, and each ticket works once', async () => {
  expect(await call('apps.connections.open', botToken)).toMatchObject({ error: 'not_allowed_token_type' })
  expect(await call('apps.connections.open', 'xapp-other')).toMatchObject({ error: 'invalid_auth' })
  expect(await call('auth.test', appToken)).toMatchObject({ error: 'not_allowed_token_type' })
  const { url = '' } = await call('apps.connections.open', appToken)
  const first = new WebSocket(url)
  sockets.push(first)
  const hello = await new Promise((resolve) =>
    first.once('message', (data) => resolve(JSON.parse(String(data)))),
  )
  expect(hello).toMatchObject({ type: 'hello', num_connections: 1, connection_info: { app_id: /^A\w+$/ } })
  const status = await new Promise((resolve) =>
    new WebSocket(url)
      .once('unexpected-response', (_, response) => resolve(response.statusCode))
      .once('error', () => 0),
  )
  expect(status).toBe(403)
})

test('Slack’s own client connects, hears events and acknowledges them', async () => {
  const client = await sdk()
  const heard: string[] = []
  client.on('message', async ({ event, ack }) => {
    await ack()
    heard.push(event.text)
  })
  await say('lunch')
  await sandbox.client.waitFor(() => heard.length === 1, { what: 'the event' })
  await drained()
  expect(heard).toEqual(['lunch'])
})

test('events wait in the store until the app has opened a connection', async () => {
  await say('early')
  expect((await sandbox.client.state()).pendingEvents).toBe(1)
  const heard: Envelope[] = []
  await connect(heard, () => undefined)
  await drained()
  expect(events(heard)).toMatchObject([{ retry_attempt: 0, payload: { event: { text: 'early' } } }])
})

test('of several connections each envelope goes to one, in turn', async () => {
  const heard: Envelope[][] = [[], [], []]
  for (const one of heard) await connect(one, () => undefined)
  for (let i = 0; i < 9; i++) await say(`m${i}`)
  await drained()
  expect(heard.map((one) => events(one).length)).toEqual([3, 3, 3])
  expect(new Set(heard.flatMap(texts)).size).toBe(9)
})

test('what is not acknowledged in three seconds is sent again and says so', async () => {
  const heard: Envelope[] = []
  let silent = true
  const socket = await connect(heard)
  socket.on('message', (data) => {
    const { envelope_id } = envelopeSchema.parse(JSON.parse(String(data)))
    if (!silent) socket.send(JSON.stringify({ envelope_id }))
    silent = false
  })
  await say('slow')
  await drained()
  expect(events(heard).map(({ retry_attempt, retry_reason }) => [retry_attempt, retry_reason])).toEqual([
    [0, ''],
    [1, 'timeout'],
  ])
}, 20_000)

test.each([['before_ack'], ['after_ack']] as const)(
  'a connection that is cut %s loses nothing',
  async (when) => {
    const heard: Envelope[] = []
    const client = await sdk()
    client.on('slack_event', async ({ ack, body, retry_num }) => {
      heard.push({ type: 'events_api', payload: body, retry_attempt: retry_num })
      await ack().catch(() => undefined)
    })
    await sandbox.client.faults({ kind: 'socket_drop', when, of: 'events_api' })
    await say('one')
    await say('two')
    await drained()
    const distinct = new Set(texts(heard))
    expect([...distinct].sort()).toEqual(['one', 'two'])
    // Only what was not acknowledged comes twice.
    expect(heard).toHaveLength(when === 'before_ack' ? 3 : 2)
  },
  20_000,
)

test('an app that is asked to leave opens another connection and misses nothing', async () => {
  const client = await sdk()
  const heard: string[] = []
  client.on('message', async ({ event, ack }) => {
    await ack()
    heard.push(event.text)
  })
  for (const reason of ['warning', 'refresh_requested'] as const) {
    await sandbox.client.faults({ kind: 'socket_disconnect', reason })
    await sandbox.client.waitFor(async () => (await sandbox.client.state()).sockets === 0, {
      what: 'the end',
    })
    await say(reason)
    await sandbox.client.waitFor(() => heard.includes(reason), { what: 'the event on the new connection' })
  }
  expect(heard).toEqual(['warning', 'refresh_requested'])
}, 20_000)

test('all connections can be cut at once, and the app comes back', async () => {
  await sdk()
  await sandbox.client.faults({ kind: 'socket_drop' })
  await sandbox.client.waitFor(async () => (await sandbox.client.state()).sockets === 1, {
    what: 'its return',
  })
}, 20_000)

test('a command is answered in the acknowledgement, and an interaction takes no answer', async () => {
  const heard: Envelope[] = []
  await connect(heard, ({ type }) => (type === 'slash_commands' ? { text: 'Here you are.' } : {}))
  await sandbox.client.command({ as: grace, text: '/expense list' })
  const [answer] = (await sandbox.client.messages({ as: grace, channel: 'dm' })).slice(-1)
  expect(answer).toMatchObject({ text: 'Here you are.', visible_to: /^U/ })
  const { ts } = await say('taxi 12')
  await sandbox.client.shortcut({ as: grace, callbackId: 'make_expense', channel: 'dm', ts })
  const sent = heard.filter(({ type }) => type !== 'hello' && type !== 'events_api')
  expect(sent).toMatchObject([
    {
      type: 'slash_commands',
      accepts_response_payload: true,
      payload: { command: '/expense', text: 'list' },
    },
    { type: 'interactive', accepts_response_payload: false, payload: { type: 'message_action' } },
  ])
})

test('a person is told when the app does not answer, is cut off, or is not there', async () => {
  const command = () => sandbox.client.command({ as: grace, text: '/expense' })
  await expect(command()).rejects.toThrow('could not be reached')
  const heard: Envelope[] = []
  await connect(heard)
  await expect(command()).rejects.toThrow('did not respond')
  await sandbox.client.faults({ kind: 'socket_drop', when: 'before_ack' })
  await expect(command()).rejects.toThrow('did not respond')
  // Interactivity is never tried a second time.
  expect(heard.filter(({ type }) => type === 'slash_commands')).toHaveLength(2)
}, 20_000)

test('only the connection that brought an envelope can acknowledge it', async () => {
  const first: Envelope[] = []
  const second: Envelope[] = []
  await connect(first)
  const other = await connect(second)
  await sandbox.client.postMessage({ as: frank, channel: 'dm', text: 'mine' })
  const { envelope_id } = await sandbox.client.waitFor(() => events(first)[0] ?? events(second)[0], {
    what: 'the event',
  })
  const wrong = events(first).length > 0 ? other : sockets[0]
  wrong?.send(JSON.stringify({ envelope_id }))
  wrong?.send('not JSON')
  await sandbox.client.waitFor(() => [...events(first), ...events(second)].length > 1, {
    what: 'the redelivery',
    timeoutMs: 10_000,
  })
}, 20_000)

test('Socket Mode that is turned off says so, and the eleventh connection is refused', async () => {
  for (let i = 0; i < 10; i++) await connect([], () => undefined)
  const heard: Envelope[] = []
  const { url = '' } = await call('apps.connections.open', appToken)
  const socket = new WebSocket(url)
  sockets.push(socket)
  socket.on('message', (data) => heard.push(envelopeSchema.parse(JSON.parse(String(data)))))
  await sandbox.client.waitFor(() => heard.length > 0, { what: 'the refusal' })
  expect(heard).toMatchObject([{ type: 'disconnect', reason: 'too_many_websockets' }])
  const told: Envelope[] = []
  sockets[0]?.on('message', (data) => told.push(envelopeSchema.parse(JSON.parse(String(data)))))
  await setWorkspace(sandbox, 1)
  await sandbox.client.waitFor(() => told.length > 0, { what: 'the message to the open ones' })
  expect(told).toMatchObject([{ type: 'disconnect', reason: 'link_disabled' }])
})
