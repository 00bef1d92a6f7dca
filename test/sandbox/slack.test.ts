import type { ViewResponseAction } from '@slack/bolt'
import type { KnownBlock, ModalView } from '@slack/types'
import { ErrorCode, type WebClient } from '@slack/web-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { shownButtons, shownText } from '../../src/sandbox/client.ts'
import {
  boltApp,
  botToken,
  frank,
  grace,
  type RunningApp,
  SandboxProcess,
  setWorkspace,
  tinyPng,
} from './support.ts'

const sandbox = new SandboxProcess()
const eventSchema = z.object({
  type: z.string(),
  subtype: z.string().optional(),
  text: z.string().optional(),
  files: z.array(z.object({ id: z.string(), url_private_download: z.string().optional() })).optional(),
})
const events: z.infer<typeof eventSchema>[] = []
const state: {
  values?: unknown
  openAfterMs: number
  replyUrl?: string | undefined
  answer?: ViewResponseAction | undefined
  openError?: string
  submitErrors?: Record<string, string>
} = {
  openAfterMs: 0,
}
let running: RunningApp
let client: WebClient

const uploadSchema = z.object({ files: z.array(z.object({ files: z.array(z.object({ id: z.string() })) })) })
const fileInput = z.object({
  receipt: z.object({ receipt: z.object({ files: z.array(z.object({ url_private: z.string() })) }) }),
})

const modal: ModalView = {
  type: 'modal',
  callback_id: 'draft',
  title: { type: 'plain_text', text: 'New expense' },
  submit: { type: 'plain_text', text: 'Submit' },
  blocks: [
    {
      type: 'input',
      block_id: 'merchant',
      label: { type: 'plain_text', text: 'Merchant' },
      element: { type: 'plain_text_input', action_id: 'merchant' },
    },
    {
      type: 'input',
      block_id: 'category',
      label: { type: 'plain_text', text: 'Category' },
      element: {
        type: 'static_select',
        action_id: 'category_select',
        options: ['Meals', 'Travel'].map((text) => ({
          text: { type: 'plain_text', text },
          value: text.toLowerCase(),
        })),
      },
    },
    {
      type: 'input',
      block_id: 'policy',
      optional: true,
      label: { type: 'plain_text', text: 'Policy' },
      element: { type: 'external_select', action_id: 'policy_select', min_query_length: 0 },
    },
    {
      type: 'input',
      block_id: 'date',
      optional: true,
      label: { type: 'plain_text', text: 'Date' },
      element: { type: 'datepicker', action_id: 'date', initial_date: '2026-03-01' },
    },
    {
      type: 'input',
      block_id: 'receipt',
      optional: true,
      label: { type: 'plain_text', text: 'Receipt' },
      element: { type: 'file_input', action_id: 'receipt' },
    },
  ],
}

beforeAll(async () => {
  await sandbox.start()
  await setWorkspace(sandbox, 1)
  running = await boltApp(sandbox, (app) => {
    app.event(/.*/, async ({ event }) => {
      events.push(eventSchema.parse(event))
    })
    app.action('open', async ({ ack, body, client: slack }) => {
      await ack()
      await new Promise((resolve) => setTimeout(resolve, state.openAfterMs))
      const trigger = 'trigger_id' in body ? body.trigger_id : ''
      const opened = await slack.views.open({ trigger_id: trigger, view: modal }).catch((e) => e)
      state.openError = opened?.data?.error
    })
    app.action('silent', async () => undefined)
    app.options('policy_select', async ({ ack, payload }) => {
      await ack({ options: [{ text: { type: 'plain_text', text: `Policy ${payload.value}` }, value: 'p1' }] })
    })
    app.view('draft', async ({ ack, view }) => {
      state.values = view.state.values
      if (state.answer !== undefined) return ack(state.answer)
      await ack(state.submitErrors ? { response_action: 'errors', errors: state.submitErrors } : undefined)
    })
    app.command('/expense', async ({ ack, command, respond }) => {
      await ack()
      await respond(`You said: ${command.text}`)
      state.replyUrl = command.response_url
    })
    app.shortcut('make_expense', async ({ ack, shortcut, client: slack }) => {
      await ack()
      if (shortcut.type === 'message_action') {
        await slack.chat.postMessage({
          channel: shortcut.channel.id,
          text: `taken: ${shortcut.message.text}`,
        })
      }
    })
  })
  await setWorkspace(sandbox, running.port)
  client = running.app.client
})

afterAll(async () => {
  await running?.stop()
  await sandbox.end()
})

/** What Slack would answer as `error`. */
async function errorOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => undefined,
    (e) => e,
  )
  expect(error?.code).toBe(ErrorCode.PlatformError)
  return error.data.error
}

async function dm(email = grace): Promise<string> {
  const { user } = await client.users.lookupByEmail({ email })
  const { channel } = await client.conversations.open({ users: user?.id ?? '' })
  return channel?.id ?? ''
}

describe('the Web API', () => {
  test('knows people by e-mail and keeps their ids when the workspace is set again', async () => {
    const before = await client.users.lookupByEmail({ email: grace })
    await setWorkspace(sandbox, running.port)
    const after = await client.users.lookupByEmail({ email: grace.toUpperCase() })
    expect(after.user?.id).toBe(before.user?.id)
    expect(after.user?.profile?.email).toBe(grace)
  })

  test('refuses a wrong token', async () => {
    expect(await errorOf(client.auth.test({ token: 'xoxb-wrong' }))).toBe('invalid_auth')
  })

  test('posts, updates and deletes, with metadata in the history only when asked for', async () => {
    const channel = await dm()
    const metadata = { event_type: 'card', event_payload: { id: 'x1' } }
    const posted = await client.chat.postMessage({ channel, text: 'hello', metadata })
    const plain = await client.conversations.history({ channel, limit: 1 })
    expect(plain.messages?.[0]?.metadata).toBeUndefined()
    const full = await client.conversations.history({ channel, limit: 1, include_all_metadata: true })
    expect(full.messages?.[0]?.metadata?.event_payload).toEqual({ id: 'x1' })
    await client.chat.update({ channel, ts: posted.ts ?? '', text: 'changed' })
    const [shown] = (await sandbox.client.messages({ as: grace, channel: 'dm' })).slice(-1)
    expect(shown?.text).toBe('changed')
    await client.chat.delete({ channel, ts: posted.ts ?? '' })
    expect(await errorOf(client.chat.update({ channel, ts: posted.ts ?? '', text: 'x' }))).toBe(
      'message_not_found',
    )
  })

  test('an update with text alone takes the blocks away, one with blocks alone keeps nothing else', async () => {
    const channel = await dm()
    const blocks = [{ type: 'header' as const, text: { type: 'plain_text' as const, text: 'Card' } }]
    const { ts = '' } = await client.chat.postMessage({ channel, text: 'card', blocks })
    const shown = async () =>
      (await client.conversations.history({ channel, limit: 1 })).messages?.[0]?.blocks?.length
    await client.chat.update({ channel, ts, blocks: [...blocks, { type: 'divider' }] })
    expect(await shown()).toBe(2)
    await client.chat.update({ channel, ts, text: 'plain' })
    expect(await shown()).toBeUndefined()
  })

  test('pages through a history, newest first, and through a thread, oldest first', async () => {
    const channel =
      (await client.conversations.list()).channels?.find((one) => one.name === 'expenses')?.id ?? ''
    const { ts: first = '' } = await client.chat.postMessage({ channel, text: 'm0' })
    for (const text of ['m1', 'm2', 'm3']) await client.chat.postMessage({ channel, text })
    for (const text of ['r1', 'r2']) await client.chat.postMessage({ channel, text, thread_ts: first })
    const one = await client.conversations.history({ channel, limit: 3 })
    expect(one.messages?.map((m) => m.text)).toEqual(['m3', 'm2', 'm1'])
    const cursor = one.response_metadata?.next_cursor ?? ''
    const two = await client.conversations.history({ channel, limit: 3, cursor })
    expect(two.messages?.map((m) => [m.text, m.reply_count])).toEqual([['m0', 2]])
    const thread = await client.conversations.replies({ channel, ts: first })
    expect(thread.messages?.map((m) => m.text)).toEqual(['m0', 'r1', 'r2'])
    const later = await client.conversations.history({ channel, oldest: one.messages?.[1]?.ts ?? '' })
    expect(later.messages?.map((m) => m.text)).toEqual(['m3'])
  })

  test('refuses what exceeds Slack’s limits, in Slack’s words', async () => {
    const channel = await dm()
    const section = (text: string) => ({ type: 'section' as const, text: { type: 'mrkdwn' as const, text } })
    const post = (blocks: KnownBlock[]) => client.chat.postMessage({ channel, text: 'x', blocks })
    expect(await errorOf(post([section('a'.repeat(3001))]))).toBe('invalid_blocks')
    expect(await errorOf(post(Array.from({ length: 51 }, () => section('a'))))).toBe('invalid_blocks')
    expect(await errorOf(post([{ type: 'image', slack_file: { id: 'F0NOTTHERE' }, alt_text: 'x' }]))).toBe(
      'invalid_blocks',
    )
    expect(await errorOf(client.chat.postMessage({ channel, text: 'a'.repeat(40_001) }))).toBe('msg_too_long')
    expect(await errorOf(client.chat.postMessage({ channel: 'C0NOTHERE', text: 'x' }))).toBe(
      'channel_not_found',
    )
    await expect(post([section('a'.repeat(3000))])).resolves.toMatchObject({ ok: true })
  })

  test('takes uploads by the SDK and shows them as slack_file to those who may see them', async () => {
    const channel = await dm()
    const upload = await client.filesUploadV2({ file: tinyPng, filename: 'receipt.png' })
    const uploaded = uploadSchema.parse(upload).files[0]?.files[0]?.id ?? ''
    const info = await client.files.info({ file: uploaded })
    expect(info.file?.mimetype).toBe('image/png')
    const posted = await client.chat.postMessage({
      channel,
      text: 'picture',
      blocks: [{ type: 'image', slack_file: { id: uploaded }, alt_text: 'receipt' }],
    })
    expect(posted.ok).toBe(true)
    await client.files.delete({ file: uploaded })
    expect(await errorOf(client.files.info({ file: uploaded }))).toBe('file_deleted')
  })

  test('fails on demand, as often as asked for', async () => {
    await sandbox.client.faults({ kind: 'error', method: 'auth.test', error: 'fatal_error', times: 2 })
    expect(await errorOf(client.auth.test())).toBe('fatal_error')
    expect(await errorOf(client.auth.test())).toBe('fatal_error')
    expect((await client.auth.test()).ok).toBe(true)
  })

  test('answers 429 to a second post in the same second when the rate is enforced', async () => {
    const channel = await dm()
    await sandbox.client.enforceRate(true)
    const post = () =>
      fetch(`${sandbox.endpoint.url}/api/chat.postMessage`, {
        method: 'POST',
        headers: { authorization: `Bearer ${botToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ channel, text: 'quick' }),
      })
    expect((await post()).status).toBe(200)
    const second = await post()
    expect([second.status, second.headers.get('retry-after')]).toEqual([429, '1'])
    await sandbox.client.clearFaults()
  })
})

describe('what people do', () => {
  test('a receipt arrives as one message event with the file, and once as file_shared', async () => {
    events.length = 0
    await sandbox.client.postMessage({
      as: grace,
      channel: 'dm',
      text: 'lunch',
      files: [{ name: 'r.png', bytes: tinyPng }],
    })
    await sandbox.client.waitFor(() => events.length >= 2, { what: 'both events' })
    expect(events.map((event) => [event.type, event.subtype]).sort()).toEqual([
      ['file_shared', undefined],
      ['message', 'file_share'],
    ])
    const file = events.find((event) => event.type === 'message')?.files?.[0]
    const url = file?.url_private_download ?? ''
    const good = await fetch(url, { headers: { authorization: `Bearer ${botToken}` } })
    expect(Buffer.from(await good.arrayBuffer()).equals(tinyPng)).toBe(true)
    const bad = await fetch(url, { headers: { authorization: 'Bearer xoxb-wrong' } })
    expect([bad.status, bad.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
  })

  test('a mention in a channel arrives as app_mention, and an edit as message_changed', async () => {
    events.length = 0
    const { ts } = await sandbox.client.postMessage({
      as: frank,
      channel: '#general',
      text: 'ask @Outlay <b>',
    })
    await sandbox.client.editMessage({ as: frank, channel: '#general', ts, text: 'never <!channel>' })
    await sandbox.client.waitFor(() => events.length >= 3, { what: 'three events' })
    const [shown] = (await sandbox.client.messages({ as: grace, channel: '#general' })).filter(
      (m) => m.ts === ts,
    )
    expect(shown?.text).toBe('never &lt;!channel&gt;')
    expect(events.map((event) => event.subtype ?? event.type).sort()).toEqual([
      'app_mention',
      'message',
      'message_changed',
    ])
    expect(events.find((event) => event.type === 'app_mention')?.text).toMatch(/^ask <@U\w+> &lt;b&gt;$/)
  })

  test('a slash command is answered to that person only', async () => {
    await sandbox.client.command({ as: grace, channel: '#general', text: '/expense help' })
    const seen = async (as: string) =>
      (await sandbox.client.messages({ as, channel: '#general' })).map((m) => m.text)
    await sandbox.client.waitFor(async () => (await seen(grace)).includes('You said: help'), {
      what: 'the answer',
    })
    expect(await seen(frank)).not.toContain('You said: help')
    await expect(sandbox.client.command({ as: grace, text: '/nothing' })).rejects.toThrow(
      'not a valid command',
    )
  })

  test('a response_url takes five answers and no sixth', async () => {
    state.replyUrl = undefined
    await sandbox.client.command({ as: grace, text: '/expense url' })
    const url = await sandbox.client.waitFor(() => state.replyUrl, { what: 'the command' })
    const post = async (text: string) =>
      (
        await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ text }),
        })
      ).status
    const used = [await post('1'), await post('2'), await post('3'), await post('4')]
    expect([...used, await post('5')]).toEqual([200, 200, 200, 200, 404])
  })

  test('a message shortcut carries the message', async () => {
    const { ts } = await sandbox.client.postMessage({ as: grace, channel: 'dm', text: 'taxi 12.00' })
    await sandbox.client.shortcut({ as: grace, callbackId: 'make_expense', channel: 'dm', ts })
    await sandbox.client.waitFor(
      async () =>
        (await sandbox.client.messages({ as: grace, channel: 'dm' })).some(
          (m) => m.text === 'taken: taxi 12.00',
        ),
      { what: 'the answer to the shortcut' },
    )
  })
})

describe('buttons and modals', () => {
  const button = (action_id: string, value: string) => ({
    type: 'button' as const,
    action_id,
    value,
    text: { type: 'plain_text' as const, text: 'Review' },
  })
  const post = async (...buttons: ReturnType<typeof button>[]) => {
    const blocks = [
      { type: 'section' as const, text: { type: 'mrkdwn' as const, text: 'A draft' } },
      { type: 'actions' as const, elements: buttons },
    ]
    const posted = await client.chat.postMessage({ channel: await dm(), text: 'draft', blocks })
    return posted.ts ?? ''
  }

  test('only a button that is shown now can be pressed', async () => {
    const ts = await post(button('open', 'e1'))
    const [message] = (await sandbox.client.messages({ as: grace, channel: 'dm' })).slice(-1)
    expect(shownButtons(message ?? {})).toMatchObject([{ actionId: 'open', value: 'e1', text: 'Review' }])
    expect(shownText(message ?? {})).toBe('A draft\nReview')
    const press = (change: object) =>
      sandbox.client.click({ as: grace, channel: 'dm', ts, actionId: 'open', ...change })
    await expect(press({ value: 'e2' })).rejects.toThrow('no such button now')
    await expect(press({ as: frank })).rejects.toThrow('no such button now')
    await client.chat.update({ channel: await dm(), ts, text: 'settled', blocks: [] })
    await expect(press({})).rejects.toThrow('no such button now')
  })

  test('an app that does not answer in three seconds is named to the person', async () => {
    const ts = await post(button('silent', ''))
    await expect(sandbox.client.click({ as: grace, channel: 'dm', ts, actionId: 'silent' })).rejects.toThrow(
      'did not respond',
    )
  }, 10_000)

  test('a modal opens, checks its fields, and hands over its values as Slack shapes them', async () => {
    const ts = await post(button('open', 'e1'))
    await sandbox.client.click({ as: grace, channel: 'dm', ts, actionId: 'open' })
    const view = await sandbox.client.waitFor(() => sandbox.client.openView(grace), { what: 'the modal' })
    expect(view.callback_id).toBe('draft')
    const empty = await sandbox.client.submitView({ as: grace })
    expect(empty).toMatchObject({
      kind: 'errors',
      errors: { merchant: 'Please complete this required field.' },
    })
    const offered = await sandbox.client.suggest({
      as: grace,
      on: 'modal',
      actionId: 'policy_select',
      query: 'tra',
    })
    expect(offered).toEqual([{ text: 'Policy tra', value: 'p1' }])
    state.submitErrors = { merchant: 'Who is that?' }
    const values = {
      merchant: 'Café',
      category: 'travel',
      policy: 'p1',
      receipt: [{ name: 'r.png', bytes: tinyPng }],
    }
    expect(await sandbox.client.submitView({ as: grace, values })).toEqual({
      kind: 'errors',
      errors: state.submitErrors,
    })
    delete state.submitErrors
    expect(await sandbox.client.submitView({ as: grace })).toEqual({ kind: 'closed' })
    expect(await sandbox.client.openView(grace)).toBeUndefined()
    expect(state.values).toMatchObject({
      merchant: { merchant: { type: 'plain_text_input', value: 'Café' } },
      category: {
        category_select: {
          type: 'static_select',
          selected_option: { value: 'travel', text: { text: 'Travel' } },
        },
      },
      policy: { policy_select: { type: 'external_select', selected_option: { value: 'p1' } } },
      date: { date: { type: 'datepicker', selected_date: '2026-03-01' } },
      receipt: { receipt: { type: 'file_input', files: [{ name: 'r.png', mimetype: 'image/png' }] } },
    })
    const [file] = fileInput.parse(state.values).receipt.receipt.files
    const download = await fetch(file?.url_private ?? '', {
      headers: { authorization: `Bearer ${botToken}` },
    })
    expect(download.headers.get('content-type')).toBe('image/png')
  })

  test('modals stack: a pushed view hides the one below, and its submission brings that back', async () => {
    const ts = await post(button('open', 'e1'))
    await sandbox.client.click({ as: grace, channel: 'dm', ts, actionId: 'open' })
    await sandbox.client.waitFor(() => sandbox.client.openView(grace), { what: 'the modal' })
    const below: ModalView = {
      type: 'modal',
      callback_id: 'draft',
      title: { type: 'plain_text', text: 'Split' },
      submit: { type: 'plain_text', text: 'OK' },
      blocks: [],
    }
    state.answer = { response_action: 'push', view: below }
    const values = { merchant: 'Taxi', category: 'Travel' }
    const pushed = await sandbox.client.submitView({ as: grace, values })
    expect(pushed).toMatchObject({ kind: 'view', view: { title: { text: 'Split' } } })
    state.answer = undefined
    const back = await sandbox.client.submitView({ as: grace })
    expect(back).toMatchObject({ kind: 'view', view: { title: { text: 'New expense' } } })
    if (back.kind === 'view') {
      const typed = z.object({
        values: z.object({ merchant: z.object({ merchant: z.object({ value: z.string() }) }) }),
      })
      expect(typed.parse(back.view.state).values.merchant.merchant.value).toBe('Taxi')
    }
    state.answer = { response_action: 'clear' }
    expect(await sandbox.client.submitView({ as: grace })).toEqual({ kind: 'closed' })
    state.answer = undefined
  })

  test('a trigger id expires after three seconds and works once', async () => {
    const ts = await post(button('open', 'e1'))
    state.openAfterMs = 3_100
    await sandbox.client.click({ as: grace, channel: 'dm', ts, actionId: 'open' })
    await sandbox.client.waitFor(() => state.openError, { what: 'the late views.open' })
    expect(state.openError).toBe('expired_trigger_id')
    state.openAfterMs = 0
  }, 10_000)

  test('App Home shows what was published, and its opening is told', async () => {
    events.length = 0
    const { user } = await client.users.lookupByEmail({ email: grace })
    const blocks = [{ type: 'header' as const, text: { type: 'plain_text' as const, text: 'Your expenses' } }]
    await client.views.publish({ user_id: user?.id ?? '', view: { type: 'home', blocks } })
    expect(shownText((await sandbox.client.home(grace)) ?? {})).toBe('Your expenses')
    await sandbox.client.waitFor(() => events.some((event) => event.type === 'app_home_opened'), {
      what: 'the event',
    })
    expect(await sandbox.client.home(frank)).toBeUndefined()
  })
})
