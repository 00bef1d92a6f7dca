import { createHmac } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  boltApp,
  botToken,
  frank,
  freePort,
  grace,
  type RunningApp,
  SandboxProcess,
  setWorkspace,
  signingSecret,
  tinyPng,
} from './support.ts'

let sandbox: SandboxProcess
let running: RunningApp | undefined

beforeEach(async () => {
  sandbox = new SandboxProcess()
  await sandbox.start()
})

afterEach(async () => {
  await running?.stop()
  running = undefined
  await sandbox.end()
})

/** Starts an app on this port that records the messages it is told of, with the retry number of each delivery. */
async function listen(port: number, heard: string[]) {
  running = await boltApp(
    sandbox,
    (app) => {
      app.message(async ({ message, context }) => {
        if ('text' in message) heard.push(`${message.text} ${context.retryNum ?? 0}`)
      })
    },
    port,
  )
}

test('an event that met no app is delivered again, also after the sandbox was killed', async () => {
  const port = await freePort()
  await setWorkspace(sandbox, port)
  const { ts } = await sandbox.client.postMessage({
    as: grace,
    channel: 'dm',
    text: 'lunch',
    files: [{ name: 'r.png', bytes: tinyPng }],
  })
  await sandbox.client.waitFor(async () => (await sandbox.client.state()).pendingEvents === 2, {
    what: 'two events',
  })
  const before = sandbox.endpoint
  await sandbox.kill()
  await sandbox.start()
  expect(sandbox.endpoint).toMatchObject({
    url: before.url,
    smtpPort: before.smtpPort,
    adminKey: before.adminKey,
  })
  const [message] = await sandbox.client.messages({ as: grace, channel: 'dm' })
  expect(message).toMatchObject({ ts, text: 'lunch', files: [{ name: 'r.png' }] })
  const heard: string[] = []
  await listen(port, heard)
  await sandbox.client.waitFor(() => heard.length > 0, { what: 'the redelivery', timeoutMs: 20_000 })
  await sandbox.client.waitFor(async () => (await sandbox.client.state()).pendingEvents === 0, {
    what: 'an empty queue',
    timeoutMs: 20_000,
  })
  expect(heard).toHaveLength(1)
  expect(heard[0]).toMatch(/^lunch [1-9]/)
}, 60_000)

test('each attempt is signed afresh and says which one it is and why', async () => {
  const seen: { num: unknown; reason: unknown; valid: boolean }[] = []
  const server = createServer(async (incoming, response) => {
    const body = await text(incoming)
    const { 'x-slack-request-timestamp': at, 'x-slack-signature': signature } = incoming.headers
    const valid = `v0=${createHmac('sha256', signingSecret).update(`v0:${at}:${body}`).digest('hex')}`
    seen.push({
      num: incoming.headers['x-slack-retry-num'],
      reason: incoming.headers['x-slack-retry-reason'],
      valid: signature === valid,
    })
    response.statusCode = seen.length === 1 ? 500 : 200
    response.end()
  })
  const port = await freePort()
  server.listen(port, '127.0.0.1')
  await setWorkspace(sandbox, port)
  await sandbox.client.postMessage({ as: grace, channel: 'dm', text: 'hello' })
  await sandbox.client.waitFor(() => seen.length === 2, { what: 'the second attempt' })
  server.close()
  expect(seen).toEqual([
    { num: undefined, reason: undefined, valid: true },
    { num: '1', reason: 'http_error', valid: true },
  ])
})

test('what an app posts is not told to it by Bolt, and an acknowledged event comes once', async () => {
  const port = await freePort()
  const heard: string[] = []
  await setWorkspace(sandbox, port)
  await listen(port, heard)
  await sandbox.client.postMessage({ as: frank, channel: '#expenses', text: 'one' })
  await sandbox.client.postMessage({ as: frank, channel: '#expenses', text: 'two' })
  await sandbox.client.waitFor(async () => (await sandbox.client.state()).pendingEvents === 0, {
    what: 'an empty queue',
  })
  expect(heard.sort()).toEqual(['one 0', 'two 0'])
})

test('a lost reply posts the message although the caller saw a failure', async () => {
  await setWorkspace(sandbox, await freePort())
  const post = () =>
    fetch(`${sandbox.endpoint.url}/api/chat.postMessage`, {
      method: 'POST',
      headers: { authorization: `Bearer ${botToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ channel: '#general', text: 'uncertain' }),
    })
  await sandbox.client.faults({ kind: 'lost_reply', method: 'chat.postMessage' })
  await expect(post()).rejects.toThrow()
  const shown = await sandbox.client.messages({ as: grace, channel: '#general' })
  expect(shown.map((message) => message.text)).toEqual(['uncertain'])
})

test('only one sandbox runs on a directory, and it leaves quietly when it is told to', async () => {
  const second = sandbox.spawn()
  let said = ''
  second.stderr?.on('data', (chunk) => {
    said += String(chunk)
  })
  const code = await new Promise((resolve) => second.on('exit', resolve))
  expect(code).toBe(1)
  expect(said).toContain(`already running on ${sandbox.dir} (${sandbox.endpoint.url}`)
  const file = join(sandbox.dir, 'endpoint.json')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  process.kill(sandbox.endpoint.pid, 'SIGTERM')
  await sandbox.client.waitFor(() => !existsSync(file), { what: 'the end of the first' })
})

test('an abandoned sandbox ends itself', async () => {
  const lonely = new SandboxProcess()
  const child = lonely.spawn('--idle-minutes', '0.01')
  expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(0)
  await lonely.end()
})

test.each([
  ['a name that was pointed at this machine', { host: 'evil.example' }, 403],
  ['another site’s page', { origin: 'https://evil.example' }, 403],
  ['a page without an origin', { origin: 'null' }, 403],
  [
    'this machine by name, through the proxy',
    { host: 'localhost:3000', origin: 'http://localhost:3000' },
    200,
  ],
])('%s gets the right answer', async (_name, headers, status) => {
  const url = new URL(`${sandbox.endpoint.url}/sandbox/api/workspace`)
  const got = await new Promise((resolve, reject) => {
    request({ host: url.hostname, port: url.port, path: url.pathname, headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
  expect(got).toBe(status)
})

test('the admin API asks for its key', async () => {
  const answer = await fetch(`${sandbox.endpoint.url}/admin/state`, { headers: { 'x-sandbox-key': 'guess' } })
  expect(answer.status).toBe(401)
})
