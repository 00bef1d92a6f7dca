import type { WebClient } from '@slack/web-api'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { boltApp, frank, grace, type RunningApp, SandboxProcess, setWorkspace, tinyPng } from './support.ts'

const nina = 'nina@partner.example'
const robo = 'robo@bots.example'
const gone = 'gone@techcorp.example'
const guest = 'guest@techcorp.example'
const eventSchema = z.looseObject({
  type: z.string(),
  subtype: z.string().optional(),
  text: z.string().optional(),
  bot_id: z.string().optional(),
  user_team: z.string().optional(),
  previous_message: z.looseObject({ text: z.string() }).optional(),
  message: z
    .looseObject({ subtype: z.string().optional(), text: z.string(), files: z.array(z.unknown()).optional() })
    .optional(),
  deleted_ts: z.string().optional(),
  channel_type: z.string().optional(),
})
const sandbox = new SandboxProcess()
const heard: z.infer<typeof eventSchema>[] = []
let running: RunningApp
let client: WebClient

beforeAll(async () => {
  await sandbox.start()
  await setWorkspace(sandbox, 1)
  running = await boltApp(sandbox, (app) => {
    app.event(/.*/, async ({ event }) => {
      heard.push(eventSchema.parse(event))
    })
  })
  await setWorkspace(sandbox, running.port, {
    people: [
      { email: grace, name: 'Grace Taylor' },
      { email: frank, name: 'Frank Miller' },
      { email: nina, name: 'Nina Novak', isStranger: true },
      { email: robo, name: 'Robo', isBot: true },
      { email: gone, name: 'Gone Girl', deleted: true },
      { email: guest, name: 'Guy Guest', isUltraRestricted: true },
    ],
    channels: [{ name: 'general' }, { name: 'quiet', withApp: false }],
  })
  client = running.app.client
})

afterAll(async () => {
  await running?.stop()
  await sandbox.end()
})

beforeEach(() => {
  heard.length = 0
})

const idOf = async (email: string) =>
  (await client.users.list({})).members?.find((one) => one.name === email.split('@')[0])?.id ?? ''
const wait = (what: string, check: () => boolean) => sandbox.client.waitFor(check, { what })
const messagesIn = async (channel: string, as = grace) => sandbox.client.messages({ as, channel })

describe('who people are', () => {
  test('a stranger is marked and has no address, a guest is marked, and somebody who left is deleted', async () => {
    const stranger = (await client.users.info({ user: await idOf(nina) })).user
    expect(stranger).toMatchObject({ is_stranger: true })
    expect(stranger?.profile?.email).toBeUndefined()
    expect(stranger?.team_id).not.toBe((await client.auth.test()).team_id)
    expect((await client.users.info({ user: await idOf(guest) })).user).toMatchObject({
      is_restricted: true,
      is_ultra_restricted: true,
    })
    expect((await client.users.info({ user: await idOf(gone) })).user).toMatchObject({ deleted: true })
    await expect(sandbox.client.postMessage({ as: gone, channel: 'dm', text: 'x' })).rejects.toThrow(
      'deactivated',
    )
    await expect(client.users.lookupByEmail({ email: nina })).rejects.toThrow('users_not_found')
  })

  test('what a stranger and another bot write is marked as theirs', async () => {
    await sandbox.client.postMessage({ as: nina, channel: '#general', text: 'from outside' })
    await sandbox.client.postMessage({ as: robo, channel: '#general', text: 'beep @Outlay' })
    await wait('both', () => heard.filter(({ type }) => type === 'message').length === 2)
    expect(heard.find(({ text }) => text === 'from outside')?.user_team).toMatch(/^T/)
    const beep = heard.find(({ text }) => text?.startsWith('beep'))
    expect(beep?.bot_id).toMatch(/^B/)
    // Apps are not told of a mention by another bot.
    expect(heard.some(({ type }) => type === 'app_mention')).toBe(false)
  })

  test('a language that somebody chose is told, and stays when the workspace is set again', async () => {
    await sandbox.client.setLocale(frank, 'de-DE')
    await wait('the event', () => heard.some(({ type }) => type === 'user_change'))
    const locale = async () =>
      (await client.users.info({ user: await idOf(frank), include_locale: true })).user?.locale
    expect(await locale()).toBe('de-DE')
    await setWorkspace(sandbox, running.port)
    expect(await locale()).toBe('de-DE')
    expect((await client.users.info({ user: await idOf(frank) })).user?.locale).toBeUndefined()
    await expect(sandbox.client.setLocale(frank, 'German')).rejects.toThrow('en-US')
  })
})

describe('messages', () => {
  test('words of a message with a file can be changed; the file stays', async () => {
    const files = [{ name: 'r.png', bytes: tinyPng }]
    const { ts } = await sandbox.client.postMessage({ as: grace, channel: 'dm', text: 'lunch', files })
    await sandbox.client.editMessage({ as: grace, channel: 'dm', ts, text: 'dinner' })
    await wait('the change', () => heard.some(({ subtype }) => subtype === 'message_changed'))
    const change = heard.find(({ subtype }) => subtype === 'message_changed')
    expect(change).toMatchObject({
      message: { text: 'dinner', subtype: 'file_share', files: [{ name: 'r.png' }] },
      previous_message: { text: 'lunch' },
    })
    await expect(
      sandbox.client.editMessage({ as: frank, channel: '#general', ts, text: 'mine' }),
    ).rejects.toThrow('Only your own')
  })

  test('a deleted message is gone and told; the first of a thread leaves a tombstone', async () => {
    const alone = await sandbox.client.postMessage({ as: grace, channel: '#general', text: 'alone' })
    await sandbox.client.deleteMessage({ as: grace, channel: '#general', ts: alone.ts })
    await wait('the deletion', () => heard.some(({ deleted_ts }) => deleted_ts === alone.ts))
    const { ts } = await sandbox.client.postMessage({ as: grace, channel: '#general', text: 'root' })
    await sandbox.client.postMessage({ as: frank, channel: '#general', text: 'reply', threadTs: ts })
    await sandbox.client.deleteMessage({ as: grace, channel: '#general', ts })
    await wait('the tombstone', () => heard.some(({ message }) => message?.subtype === 'tombstone'))
    const left = (await messagesIn('#general')).find((message) => message.ts === ts)
    expect(left?.text).toBe('This message was deleted.')
    expect(
      (await sandbox.client.replies({ as: grace, channel: '#general', ts })).map(({ text }) => text),
    ).toEqual(['This message was deleted.', 'reply'])
  })

  test('colleagues write to each other without the app', async () => {
    await sandbox.client.postMessage({ as: grace, channel: `@${frank}`, text: 'between us' })
    const shown = await sandbox.client.messages({ as: frank, channel: `@${grace}` })
    expect(shown.map(({ text }) => text)).toEqual(['between us'])
    await sandbox.client.postMessage({ as: grace, channel: 'dm', text: 'to the app' })
    await wait('the one to the app', () => heard.some(({ text }) => text === 'to the app'))
    expect(heard.some(({ text }) => text === 'between us')).toBe(false)
  })

  test('a mention in a channel is told twice, as message and as mention', async () => {
    const files = [{ name: 'r.png', bytes: tinyPng }]
    await sandbox.client.mention({ as: grace, channel: '#general', text: 'taxi 12', files })
    await wait('both', () => heard.filter(({ text }) => text?.endsWith('taxi 12')).length === 2)
    expect(heard.map(({ type, subtype }) => `${type} ${subtype ?? ''}`.trim()).sort()).toEqual([
      'app_mention',
      'file_shared',
      'message file_share',
    ])
  })

  test('the app hears nothing of a channel until it is invited, and whoever mentions it is told how', async () => {
    await sandbox.client.mention({ as: grace, channel: '#quiet', text: 'are you there?' })
    const [hint] = (await messagesIn('#quiet')).slice(-1)
    expect(hint).toMatchObject({ user: 'USLACKBOT', visible_to: await idOf(grace) })
    await expect(client.chat.postMessage({ channel: '#quiet', text: 'x' })).rejects.toThrow('not_in_channel')
    await sandbox.client.command({ as: grace, channel: '#quiet', text: '/invite @Outlay' })
    await wait('the joining', () => heard.some(({ type }) => type === 'member_joined_channel'))
    expect(heard.some(({ text }) => text?.includes('are you there'))).toBe(false)
    await expect(client.chat.postMessage({ channel: '#quiet', text: 'here' })).resolves.toMatchObject({
      ok: true,
    })
  })

  test('reactions come and go, those of people are told', async () => {
    const { ts } = await sandbox.client.postMessage({ as: grace, channel: '#general', text: 'nice' })
    const channel = (await messagesIn('#general')).length > 0 ? '#general' : ''
    await sandbox.client.react({ as: frank, channel, ts, name: 'tada' })
    await wait('the reaction', () => heard.some(({ type }) => type === 'reaction_added'))
    const list = await client.conversations.list({})
    const id = list.channels?.find(({ name }) => name === 'general')?.id ?? ''
    await client.reactions.add({ channel: id, timestamp: ts, name: 'tada' })
    const shown = async () => (await messagesIn('#general')).find((one) => one.ts === ts)?.reactions
    expect(await shown()).toMatchObject([{ name: 'tada', count: 2 }])
    await sandbox.client.react({ as: frank, channel, ts, name: 'tada' })
    await client.reactions.remove({ channel: id, timestamp: ts, name: 'tada' })
    expect(await shown()).toEqual([])
  })
})

test('an app that names its events gets those and no others', async () => {
  await setWorkspace(sandbox, running.port, { events: ['message.im'] })
  await sandbox.client.postMessage({ as: grace, channel: '#general', text: 'not for it' })
  await sandbox.client.postMessage({ as: grace, channel: 'dm', text: 'for it' })
  await wait('the one', () => heard.length > 0)
  expect(heard.map(({ text }) => text)).toEqual(['for it'])
  await setWorkspace(sandbox, running.port)
})

test('with rates enforced a method answers 429 above its tier, and says for how long', async () => {
  await sandbox.client.enforceRate(true)
  const calls = await Promise.all(Array.from({ length: 22 }, () => listUsers()))
  const refused = calls.filter(({ status }) => status === 429)
  expect(refused).toHaveLength(2)
  expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
  await sandbox.client.clearFaults()
})

function listUsers(): Promise<Response> {
  return fetch(`${sandbox.endpoint.url}/api/users.list`, {
    method: 'POST',
    headers: { authorization: 'Bearer xoxb-test-token' },
  })
}
