import type { BlockAction, ViewClosedAction, ViewResponseAction } from '@slack/bolt'
import type { KnownBlock, ModalView } from '@slack/types'
import type { WebClient } from '@slack/web-api'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { boltApp, grace, type RunningApp, SandboxProcess, setWorkspace, tinyPng } from './support.ts'

const sandbox = new SandboxProcess()
let running: RunningApp
let client: WebClient
let form: object
let answer: ViewResponseAction | undefined
let trigger = ''
const acted: { action: unknown; state: unknown }[] = []
const submitted: unknown[] = []
const closed: { id: string; cleared: boolean }[] = []
const asked: string[] = []

const plain = (text: string) => ({ type: 'plain_text' as const, text })
const option = (text: string) => ({ text: plain(text), value: text.toLowerCase() })
const view = (blocks: KnownBlock[], change: Partial<ModalView> = {}): ModalView => ({
  type: 'modal',
  callback_id: 'form',
  title: plain('Form'),
  submit: plain('Save'),
  notify_on_close: true,
  blocks,
  ...change,
})
const input = (block_id: string, element: object, change: object = {}) => ({
  type: 'input',
  block_id,
  label: plain(block_id),
  element,
  ...change,
})

beforeAll(async () => {
  await sandbox.start()
  await setWorkspace(sandbox, 1)
  running = await boltApp(sandbox, (app) => {
    app.command('/expense', async ({ ack, body, client: slack }) => {
      await ack()
      await slack.apiCall('views.open', { trigger_id: body.trigger_id, view: form })
    })
    app.action<BlockAction>(/.*/, async ({ ack, action, body }) => {
      await ack()
      trigger = body.trigger_id
      acted.push({ action, state: body.view?.state.values })
    })
    app.options(/.*/, async ({ ack, payload }) => {
      asked.push(payload.value)
      const people = [option('Ann'), option('Abe')]
      await ack({ option_groups: [{ label: plain('People'), options: people }] })
    })
    app.view('form', async ({ ack, view: { state } }) => {
      submitted.push(state.values)
      await (answer === undefined ? ack() : ack(answer))
    })
    app.view<ViewClosedAction>({ type: 'view_closed', callback_id: /.*/ }, async ({ ack, body }) => {
      await ack()
      closed.push({ id: body.view.callback_id, cleared: body.is_cleared })
    })
  })
  await setWorkspace(sandbox, running.port)
  client = running.app.client
})

afterAll(async () => {
  await running?.stop()
  await sandbox.end()
})

beforeEach(async () => {
  await sandbox.client.closeView(grace)
  for (const list of [acted, submitted, closed, asked]) list.length = 0
  answer = undefined
})

/** Shows a form to Grace. */
async function show(blocks: object[], change: Partial<ModalView> = {}) {
  form = { ...view([], change), blocks }
  await sandbox.client.command({ as: grace, text: '/expense' })
  return sandbox.client.waitFor(() => sandbox.client.openView(grace), { what: 'the form' })
}

const submit = (values: Parameters<typeof sandbox.client.submitView>[0]['values'] = {}) =>
  sandbox.client.submitView({ as: grace, values })
const png = (name: string) => ({ name, bytes: tinyPng })

test('files are put into a form before it is submitted, and handed over as Slack does', async () => {
  await show([
    input('receipt', { type: 'file_input', action_id: 'f', filetypes: ['png', 'jpg'], max_files: 2 }),
  ])
  const ids = await sandbox.client.uploadIntoForm({
    as: grace,
    actionId: 'f',
    files: [png('a.png'), png('b.png')],
  })
  expect(await submit()).toEqual({ kind: 'closed' })
  expect(submitted).toMatchObject([
    {
      receipt: {
        f: {
          type: 'file_input',
          files: [
            { id: ids[0], name: 'a.png', mimetype: 'image/png', size: tinyPng.byteLength },
            { id: ids[1] },
          ],
        },
      },
    },
  ])
  expect((await client.files.info({ file: ids[0] ?? '' })).file?.name).toBe('a.png')
})

test.each([
  ['three files where two are allowed', [png('a.png'), png('b.png'), png('c.png')], '2 files or fewer'],
  ['another type', [{ name: 'a.pdf', bytes: Buffer.from('%PDF-1.4') }], 'a.pdf is not of a type'],
  ['more than 10 MB', [{ name: 'a.png', bytes: Buffer.alloc(10 * 1024 * 1024 + 1) }], 'larger than 10 MB'],
])('a form refuses %s at its field', async (_name, files, words) => {
  await show([input('receipt', { type: 'file_input', action_id: 'f', filetypes: ['png'], max_files: 2 })])
  expect(await submit({ receipt: files })).toMatchObject({
    kind: 'errors',
    errors: { receipt: expect.stringContaining(words) },
  })
  expect(submitted).toEqual([])
})

test('an input that dispatches is told at once, others are not, and each says what the form holds', async () => {
  await show([
    input('code', { type: 'plain_text_input', action_id: 'a' }, { dispatch_action: true }),
    input('note', { type: 'plain_text_input', action_id: 'a' }),
    input(
      'kind',
      { type: 'static_select', action_id: 'a', options: [option('Meals')] },
      { dispatch_action: true },
    ),
  ])
  const type = (blockId: string, value: string) =>
    sandbox.client.click({ as: grace, on: 'modal', actionId: 'a', blockId, value })
  await type('note', 'unheard')
  await type('code', '123')
  await type('kind', 'meals')
  expect(acted).toMatchObject([
    { action: { type: 'plain_text_input', value: '123' }, state: { note: { a: { value: 'unheard' } } } },
    { action: { type: 'static_select', selected_option: { value: 'meals' } } },
  ])
})

test('a select that searches gives groups, asks from its shortest query on, and takes only what was offered', async () => {
  await show([
    input('who', {
      type: 'multi_external_select',
      action_id: 's',
      min_query_length: 2,
      max_selected_items: 1,
    }),
  ])
  const search = (query: string) => sandbox.client.suggest({ as: grace, on: 'modal', actionId: 's', query })
  await expect(search('a')).rejects.toThrow('Type 2 letters')
  expect(await search('an')).toEqual([
    { text: 'Ann', value: 'ann', group: 'People' },
    { text: 'Abe', value: 'abe', group: 'People' },
  ])
  expect(asked).toEqual(['an'])
  await expect(submit({ who: ['zoe'] })).rejects.toThrow('no option zoe')
  expect(await submit({ who: ['ann', 'abe'] })).toMatchObject({
    errors: { who: 'Please select 1 or fewer.' },
  })
  expect(await submit({ who: ['Abe'] })).toEqual({ kind: 'closed' })
  expect(submitted).toMatchObject([{ who: { s: { selected_options: [{ value: 'abe' }] } } }])
})

test('numbers, addresses, times and choices arrive as Slack shapes them, or are refused at their field', async () => {
  await show([
    input('number', { type: 'number_input', action_id: 'a', is_decimal_allowed: true, min_value: '1' }),
    input('mail', { type: 'email_text_input', action_id: 'a' }),
    input('url', { type: 'url_text_input', action_id: 'a' }, { optional: true }),
    input('time', { type: 'timepicker', action_id: 'a' }),
    input('moment', { type: 'datetimepicker', action_id: 'a' }),
    input('radio', { type: 'radio_buttons', action_id: 'a', options: [option('One'), option('Two')] }),
    input('boxes', { type: 'checkboxes', action_id: 'a', options: [option('One'), option('Two')] }),
  ])
  const wrong = {
    number: '0.5',
    mail: 'grace',
    url: 'no',
    time: '12:30',
    moment: '1793500000',
    radio: 'one',
    boxes: ['one'],
  }
  expect(await submit(wrong)).toMatchObject({
    errors: {
      number: 'Please enter 1 or more.',
      mail: expect.stringContaining('email'),
      url: expect.stringContaining('URL'),
    },
  })
  expect(await submit({ ...wrong, number: '1.5', mail: grace, url: 'https://x.example/' })).toEqual({
    kind: 'closed',
  })
  expect(submitted).toMatchObject([
    {
      number: { a: { value: '1.5' } },
      mail: { a: { value: grace } },
      time: { a: { selected_time: '12:30' } },
      moment: { a: { selected_date_time: 1793500000 } },
      radio: { a: { selected_option: { value: 'one' } } },
      boxes: { a: { selected_options: [{ value: 'one' }] } },
    },
  ])
})

test('a menu with three dots tells which line was chosen', async () => {
  const options = [option('Archive'), option('Delete')]
  await show([
    { type: 'section', text: plain('Row'), accessory: { type: 'overflow', action_id: 'more', options } },
  ])
  await sandbox.client.click({ as: grace, on: 'modal', actionId: 'more', value: 'delete' })
  expect(acted).toMatchObject([{ action: { type: 'overflow', selected_option: { value: 'delete' } } }])
})

test('views are pushed three high, told when they close, and the × takes all of them', async () => {
  const push = {
    type: 'actions' as const,
    elements: [{ type: 'button' as const, action_id: 'go', text: plain('Go') }],
  }
  await show([push], { callback_id: 'one' })
  const up = async (callback_id: string) => {
    await sandbox.client.click({ as: grace, on: 'modal', actionId: 'go' })
    return client.views.push({ trigger_id: trigger, view: view([push], { callback_id }) })
  }
  await up('two')
  await up('three')
  await expect(up('four')).rejects.toThrow('push_limit_reached')
  await sandbox.client.closeView(grace, false)
  expect((await sandbox.client.openView(grace))?.callback_id).toBe('two')
  await sandbox.client.closeView(grace)
  expect(await sandbox.client.openView(grace)).toBeUndefined()
  expect(closed).toEqual([
    { id: 'three', cleared: false },
    { id: 'two', cleared: true },
    { id: 'one', cleared: true },
  ])
})

test('a view that clears on close takes those below with it', async () => {
  await show([], { callback_id: 'below' })
  answer = { response_action: 'push', view: view([], { callback_id: 'above', clear_on_close: true }) }
  await sandbox.client.closeView(grace)
  await show([], {})
  expect(await submit()).toMatchObject({ kind: 'view', view: { callback_id: 'above' } })
  await sandbox.client.closeView(grace, false)
  expect(await sandbox.client.openView(grace)).toBeUndefined()
})

test('an update with an old hash is refused, one with the present hash keeps what was typed', async () => {
  const block = input('name', { type: 'plain_text_input', action_id: 'a' })
  const shown = await show([block])
  await sandbox.client.click({ as: grace, on: 'modal', actionId: 'a', blockId: 'name', value: 'Café' })
  const update = (hash: string, title: string) =>
    client.apiCall('views.update', {
      view_id: shown.id,
      hash,
      view: { ...view([], { title: plain(title) }), blocks: [block] },
    })
  await update(shown.hash, 'First')
  await expect(update(shown.hash, 'Second')).rejects.toThrow('hash_conflict')
  expect(await sandbox.client.openView(grace)).toMatchObject({
    title: { text: 'First' },
    state: { values: { name: { a: { value: 'Café' } } } },
  })
})

test('what an app answers to a submission must itself keep Slack’s limits', async () => {
  await show([])
  answer = { response_action: 'update', view: view([], { title: plain('A title of more than 24 letters') }) }
  await expect(submit()).rejects.toThrow('not accepted')
  answer = { response_action: 'errors', errors: { nowhere: 'x' } }
  await expect(submit()).rejects.toThrow('no block nowhere')
})
