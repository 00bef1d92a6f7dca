import { afterEach, beforeEach, expect, test } from 'vitest'
import { AnsweringApp } from '../../../src/channels/slack/transport/answering-app.ts'
import { listenBySocket, type SlackSocket } from '../../../src/channels/slack/transport/listen-by-socket.ts'
import { SocketStandIn } from '../../support/socket-stand-in.ts'

let slack: SocketStandIn
let socket: SlackSocket
let refusals: string[]
/** What the listener of messages does. */
let listen: (text: unknown) => Promise<void>

beforeEach(async () => {
  slack = await SocketStandIn.start()
  refusals = []
  const app = new AnsweringApp(async () => true)
  app.event('message', async ({ body }) => listen('text' in body.event ? body.event.text : null))
  app.command('/expense', async ({ ack }) => ack({ text: 'hello' }))
  socket = listenBySocket(app, {
    appToken: 'xapp-test',
    apiUrl: slack.apiUrl,
    onRefused: (code) => refusals.push(code),
  })
})

afterEach(async () => {
  await socket.close()
  await slack.close()
})

async function connected(): Promise<void> {
  socket.open()
  await slack.until(() => slack.sockets.length === 1)
}

const message = (id: string, text = id) => ({
  envelope_id: id,
  type: 'events_api',
  accepts_response_payload: false,
  payload: { team_id: 'T1', event_id: `Ev${id}`, event: { type: 'message', text, channel: 'D1', ts: '1.1' } },
})
const acked = () => slack.acks.map(({ envelope_id }) => envelope_id)

test('an event is acknowledged when its listener is done, and not before', async () => {
  const { promise, resolve: finish } = Promise.withResolvers<void>()
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
  listen = async (text) => {
    if (text === 'quick') return
    begin()
    await promise
  }
  await connected()
  slack.send(message('slow'))
  await begun
  slack.send(message('quick'))
  await slack.until(() => slack.acks.length === 1)
  expect(acked()).toEqual(['quick'])
  finish()
  await slack.until(() => slack.acks.length === 2)
  expect(acked()).toEqual(['quick', 'slow'])
})

test('an event whose listener fails is not acknowledged, so that Slack delivers it again', async () => {
  let tries = 0
  listen = async (text) => {
    if (text === 'a' && ++tries === 1) throw new Error('the database is away')
  }
  await connected()
  slack.send(message('1', 'a'))
  slack.send(message('2', 'b'))
  await slack.until(() => slack.acks.length === 1)
  expect(acked()).toEqual(['2'])
  slack.send(message('1 again', 'a'))
  await slack.until(() => slack.acks.length === 2)
  expect(acked()).toEqual(['2', '1 again'])
})

test('a command is answered on the socket', async () => {
  await connected()
  const payload = {
    command: '/expense',
    text: '',
    team_id: 'T1',
    user_id: 'U1',
    trigger_id: '1',
    channel_id: 'C1',
  }
  slack.send({ envelope_id: 'c', type: 'slash_commands', accepts_response_payload: true, payload })
  await slack.until(() => slack.acks.length === 1)
  expect(slack.acks).toEqual([{ envelope_id: 'c', payload: { text: 'hello' } }])
})

test.each([
  ['killed', () => slack.sockets[0]?.terminate()],
  ['renewed by Slack', () => slack.send({ type: 'disconnect', reason: 'refresh_requested' })],
  ['closed by Slack', () => slack.sockets[0]?.close(1001)],
])('a socket that is %s is opened again, and what comes then is taken', async (_how, lose) => {
  listen = async () => {}
  await connected()
  lose()
  await slack.until(() => slack.sockets.length === 2)
  slack.send(message('after'))
  await slack.until(() => slack.acks.length === 1)
  expect(acked()).toEqual(['after'])
  expect(socket.isOpen()).toBe(true)
})

test('what nobody can read neither ends the process nor the socket', async () => {
  listen = async () => {}
  await connected()
  const odd = [
    'null',
    '[]',
    '{',
    '"x"',
    '{"type":"events_api"}',
    '{"type":"events_api","payload":{"event":null}}',
  ]
  for (const text of odd) slack.send(text)
  slack.send({ envelope_id: 'odd', type: 'events_api', payload: { event: { type: 'message' } } })
  slack.send({ envelope_id: 'form', type: 'interactive', payload: { type: 'view_submission', view: null } })
  slack.send(message('good'))
  await slack.until(() => acked().includes('good'))
  // An event that makes no sense would come back for ever; of a form Slack says by itself that it was not taken.
  expect(acked()).toEqual(['odd', 'good'])
})

test('a token that Slack refuses is told of, and tried again until it is mended', async () => {
  slack.refusal = 'invalid_auth'
  socket.open()
  await slack.until(() => slack.opened >= 2)
  expect(refusals).toContain('invalid_auth')
  expect(socket.isOpen()).toBe(false)
  slack.refusal = null
  await slack.until(() => slack.sockets.length === 1)
})

test('it stops though the other side does not hang up, and what is under way is answered first', async () => {
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
  listen = async () => {
    begin()
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  await connected()
  slack.send(message('last'))
  await begun
  const closing = socket.close()
  slack.send(message('too late'))
  await slack.until(() => slack.acks.length === 1)
  slack.sockets[0]?.pause()
  await closing
  expect(acked()).toEqual(['last'])
  expect(socket.isOpen()).toBe(false)
})
