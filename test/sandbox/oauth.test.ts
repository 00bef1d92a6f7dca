import { ErrorCode, WebClient } from '@slack/web-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { boltApp, botToken, grace, type RunningApp, SandboxProcess, setWorkspace } from './support.ts'

const hank = 'hank@globex.example'
const client = { clientId: '1.2', clientSecret: 'app-secret' }
const redirect = 'http://localhost:3000/slack/oauth_redirect'
const sandbox = new SandboxProcess()
const heard: { type: string; team: string | undefined; text?: string }[] = []
let running: RunningApp
let globex = ''

beforeAll(async () => {
  await sandbox.start()
  await setWorkspace(sandbox, 1)
  running = await boltApp(sandbox, (app) => {
    app.event(/.*/, async ({ event, body }) => {
      const text = 'text' in event && typeof event.text === 'string' ? { text: event.text } : {}
      heard.push({ type: event.type, team: body.team_id, ...text })
    })
  })
  await setWorkspace(sandbox, running.port, client)
  const people = [{ email: hank, name: 'Hank Scorpio', title: 'Chief' }]
  globex = (await sandbox.client.addWorkspace({ team: { name: 'Globex' }, people })).teamId
})

afterAll(async () => {
  await running?.stop()
  await sandbox.end()
})

const web = (token?: string) =>
  new WebClient(token, { slackApiUrl: `${sandbox.endpoint.url}/api/`, retryConfig: { retries: 0 } })

/** What Slack would answer as `error`. */
async function errorOf(
  call: Promise<unknown>,
): Promise<{ error: string; needed?: string; provided?: string }> {
  const error = await call.then(
    () => undefined,
    (e) => e,
  )
  expect(error?.code).toBe(ErrorCode.PlatformError)
  return error.data
}

/** Walks to the page that asks, and allows; returns what the app is told. */
async function allow(
  change: { scope?: string; state?: string; redirect_uri?: string; client_id?: string } = {},
) {
  const query = {
    client_id: client.clientId,
    scope: 'chat:write,im:write',
    state: 's1',
    redirect_uri: redirect,
  }
  const url = `${sandbox.endpoint.url}/sandbox/oauth/v2/authorize?${new URLSearchParams({ ...query, ...change })}`
  const location = await sandbox.client.answerInstall({ as: hank, team: globex, url, allow: true })
  return new URL(location).searchParams
}

const access = (code: string, change: { client_secret?: string; redirect_uri?: string } = {}) =>
  web().oauth.v2.access({
    client_id: client.clientId,
    client_secret: client.clientSecret,
    code,
    redirect_uri: redirect,
    ...change,
  })

describe('a second workspace', () => {
  test('knows nothing of the app until somebody installs it there', async () => {
    await expect(sandbox.client.postMessage({ as: hank, channel: 'dm', text: 'hello' })).rejects.toThrow(
      'not installed',
    )
    await sandbox.client.postMessage({ as: hank, channel: '#general', text: 'among ourselves' })
    const state = await sandbox.client.state()
    expect(state.workspaces.map(({ name, installed }) => [name, installed])).toEqual([
      ['TechCorp Solutions', true],
      ['Globex', false],
    ])
    expect(heard.filter(({ team }) => team === globex)).toEqual([])
  })

  test('gets a token of its own by a code that works once', async () => {
    const answer = await allow()
    expect(answer.get('state')).toBe('s1')
    const code = answer.get('code') ?? ''
    expect(await errorOf(access(code, { client_secret: 'wrong' }))).toMatchObject({
      error: 'bad_client_secret',
    })
    const granted = await access(code)
    expect(granted).toMatchObject({
      ok: true,
      token_type: 'bot',
      scope: 'chat:write,im:write',
      team: { id: globex },
    })
    expect(await errorOf(access(code))).toMatchObject({ error: 'code_already_used' })
    expect(await errorOf(access('made up'))).toMatchObject({ error: 'invalid_code' })
    const token = granted.access_token ?? ''
    expect(await web(token).auth.test()).toMatchObject({ team_id: globex, user_id: granted.bot_user_id })
    expect(await web(botToken).auth.test()).not.toMatchObject({ team_id: globex })
    // Installed again, the app keeps its token.
    expect((await access((await allow()).get('code') ?? '')).access_token).toBe(token)
  })

  test('is told apart by token: nobody posts or reads across', async () => {
    const token = (await access((await allow({ scope: 'chat:write,im:write,users:read' })).get('code') ?? ''))
      .access_token
    const hankId = (await sandbox.client.in(globex).people()).find(({ email }) => email === hank)?.id ?? ''
    await web(token).chat.postMessage({ channel: hankId, text: 'welcome' })
    const shown = await sandbox.client.messages({ as: hank, channel: 'dm' })
    expect(shown.map(({ text }) => text)).toEqual(['welcome'])
    expect(await errorOf(web(botToken).chat.postMessage({ channel: hankId, text: 'x' }))).toMatchObject({
      error: 'channel_not_found',
    })
    expect(await errorOf(web(token).users.info({ user: await idOf(grace) }))).toMatchObject({
      error: 'user_not_found',
    })
    await sandbox.client.postMessage({ as: hank, channel: 'dm', text: 'a receipt' })
    await sandbox.client.waitFor(() => heard.some(({ text }) => text === 'a receipt'), { what: 'the event' })
    expect(heard.find(({ text }) => text === 'a receipt')?.team).toBe(globex)
  })

  test('grants only what was asked for, and says what is missing', async () => {
    const token = (await access((await allow({ scope: 'chat:write' })).get('code') ?? '')).access_token
    expect(await errorOf(web(token).conversations.open({ users: 'U1' }))).toMatchObject({
      error: 'missing_scope',
      needed: 'im:write',
      provided: 'chat:write',
    })
  })
})

async function idOf(email: string): Promise<string> {
  return (await sandbox.client.people()).find((person) => person.email === email)?.id ?? ''
}

describe('the page that asks', () => {
  test('refuses an unknown app, an address elsewhere and an empty wish', async () => {
    await expect(allow({ client_id: 'other' })).rejects.toThrow('Invalid client_id')
    await expect(allow({ redirect_uri: 'https://evil.example/' })).rejects.toThrow('did not match')
    await expect(allow({ scope: '' })).rejects.toThrow('no scope')
  })

  test('leads back without a code when the person declines', async () => {
    const url = `${sandbox.endpoint.url}/oauth/v2/authorize?${new URLSearchParams({
      client_id: client.clientId,
      scope: 'chat:write',
      redirect_uri: redirect,
      state: 's2',
    })}`
    const location = await sandbox.client.answerInstall({ as: hank, team: globex, url, allow: false })
    expect(location).toBe(`${redirect}?error=access_denied&state=s2`)
  })
})

describe('a token that ends', () => {
  test('is refused everywhere, the app hears of it, and clearing the fault gives it back', async () => {
    await sandbox.client.faults({ kind: 'token_revoked', error: 'account_inactive' })
    expect(await errorOf(web(botToken).auth.test())).toMatchObject({ error: 'account_inactive' })
    await sandbox.client.waitFor(() => heard.some(({ type }) => type === 'app_uninstalled'), {
      what: 'the events',
    })
    expect(heard.map(({ type }) => type)).toContain('tokens_revoked')
    const before = heard.length
    await sandbox.client.postMessage({ as: grace, channel: '#general', text: 'unheard' })
    await expect(sandbox.client.command({ as: grace, text: '/expense' })).rejects.toThrow('not installed')
    await sandbox.client.clearFaults()
    expect(await web(botToken).auth.test()).toMatchObject({ ok: true })
    expect(heard).toHaveLength(before)
  })

  test('can be ended by the app itself, and is new after another installation', async () => {
    const token = (await access((await allow()).get('code') ?? '')).access_token ?? ''
    expect(await web(token).auth.revoke()).toMatchObject({ revoked: true })
    expect(await errorOf(web(token).auth.test())).toMatchObject({ error: 'token_revoked' })
    await sandbox.client.clearFaults()
    expect(await errorOf(web(token).auth.test())).toMatchObject({ error: 'token_revoked' })
    const fresh = (await access((await allow()).get('code') ?? '')).access_token
    expect(fresh).not.toBe(token)
    expect(await web(fresh).auth.test()).toMatchObject({ ok: true })
  })

  test('survives a restart of the sandbox as it was', async () => {
    const token = (await access((await allow()).get('code') ?? '')).access_token ?? ''
    await sandbox.kill()
    await sandbox.start()
    expect(await web(token).auth.test()).toMatchObject({ team_id: globex })
  })
})
