import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { oneWorkspace, receiveDelivery } from '../../../src/channels/slack/index.ts'
import { storeMessage } from '../../../src/channels/slack/intake/message-events.ts'
import type { SlackChannel } from '../../../src/channels/slack/slack-channel.ts'
import { openSlackClient } from '../../../src/channels/slack/transport/paced-client.ts'
import { subjects } from '../../../src/subjects.ts'
import { Told } from '../../features/expenses/telling-support.ts'
import { ann, bob, TwoSteps } from '../../features/expenses/two-steps.ts'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { WebApiStandIn } from '../../support/web-api-stand-in.ts'

const dot = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

let database: TestDatabase
let company: TwoSteps
let api: WebApiStandIn
let slack: SlackChannel
let isFileGone: boolean

/** Where the files of the workspace are. */
const files = createServer((_request, response) => {
  if (isFileGone) response.writeHead(404).end()
  else response.setHeader('content-type', 'image/png').end(dot)
})

beforeAll(async () => {
  await once(files.listen(0, '127.0.0.1'), 'listening')
  api = await WebApiStandIn.start()
})
afterAll(async () => {
  await api.close()
  await new Promise((resolve) => files.close(resolve))
})

beforeEach(async () => {
  isFileGone = false
  api.calls.length = 0
  api.answers = { 'chat.postMessage': () => ({ ok: true, ts: '9.9' }) }
  database = await createTestDatabase()
  company = await TwoSteps.create(database)
  await new Told(company).inSlack()
  const client = openSlackClient({ botToken: 'xoxb', apiUrl: api.apiUrl })
  slack = {
    database,
    workspaces: oneWorkspace({ client, botToken: 'xoxb' }),
    apiUrl: fileOrigin(),
    subjects,
    dataKey: 'd'.repeat(32),
  }
  return () => database.drop()
})

const fileOrigin = () => `http://127.0.0.1:${(files.address() as AddressInfo).port}/`

/** Somebody writes in a channel in which we are. Returns the delivery, if it was stored. */
async function write(email: string, message: object): Promise<string | null> {
  const user = `U${await company.personId(email)}`
  const event = { type: 'message', channel: 'C1', channel_type: 'channel', user, ts: '2.2', ...message }
  await storeMessage(slack, { teamId: 'T1', eventId: 'E1', at: null, event })
  const [stored] = await database.asSuperuser<{ id: string }>(
    `select id from inbound_delivery where payload ->> 'userId' = $1`,
    [user],
  )
  return stored?.id ?? null
}

/** Works on a delivery. Returns whether that is done for good. */
async function receive(deliveryId: string | null, tried = 0): Promise<boolean> {
  let isDone = false
  await receiveDelivery(slack, deliveryId ?? '', {
    attempt: tried + 1,
    failures: tried,
    since: new Date(0),
    companyId: company.id,
    finish: async () => {},
    finishAlone: async () => {
      isDone = true
    },
  })
  return isDone
}

const posts = () => api.callsOf('chat.postMessage').map(({ form }) => form)
const drafts = () => database.asSuperuser(`select status from expense`)

describe('a thread in a channel in which an expense has stood since an earlier version', () => {
  let expenseId: string
  beforeEach(async () => {
    expenseId = await company.submitted()
    await database.asSuperuser(
      `update surface set address = '{"teamId": "T1", "channel": "C1", "threadTs": "1.1"}', message_ts = '1.2'
       where kind = 'slack.expense' and expense_id = $1`,
      [expenseId],
    )
  })

  test('takes what the submitter answers to a question', async () => {
    await company.decide(expenseId, bob, 'ask')
    expect(await receive(await write(ann, { thread_ts: '1.1', text: 'With Cas.' }))).toBe(true)
    expect(posts()).toEqual([
      expect.objectContaining({ channel: 'C1', thread_ts: '1.1', text: expect.stringContaining('Bob') }),
    ])
    const said = await database.asSuperuser(`select 1 from comment where text = 'With Cas.'`)
    expect(said).toHaveLength(1)
  })

  test('leaves alone what is said where nothing was asked, and what others say', async () => {
    expect(await receive(await write(ann, { thread_ts: '1.1', text: 'It was nice.' }))).toBe(true)
    expect(await receive(await write(bob, { thread_ts: '1.1', text: 'lunch 12 EUR', ts: '2.3' }))).toBe(true)
    expect(posts()).toEqual([])
    expect(await drafts()).toHaveLength(1)
  })

  test('is no other thread: what is said there is not even stored', async () => {
    expect(await write(ann, { thread_ts: '1.3', text: 'With Cas.' })).toBeNull()
    expect(await write(ann, { text: 'With Cas.' })).toBeNull()
  })
})

describe('the note in a channel that a receipt is with us', () => {
  const receipt = () => ({
    text: '',
    subtype: 'file_share',
    files: [{ id: 'F1', name: 'dot.png', url_private_download: `${fileOrigin()}dot.png` }],
  })

  test.each(['restricted_action', 'is_archived', 'not_in_channel'])(
    'is left out where Slack says “%s”: the draft stands',
    async (error) => {
      api.answers['chat.postMessage'] = () => ({ ok: false, error })
      expect(await receive(await write(ann, receipt()))).toBe(true)
      expect(await drafts()).toEqual([{ status: 'draft' }])
    },
  )

  test('comes by another try, though the file is gone by then; and no failure is told', async () => {
    api.answers['chat.postMessage'] = () => ({ ok: false, error: 'internal_error' })
    const delivery = await write(ann, receipt())
    await expect(receive(delivery)).rejects.toMatchObject({ code: 'slack_call_failed', kind: 'transient' })
    isFileGone = true
    api.calls.length = 0
    api.answers['chat.postMessage'] = () => ({ ok: true, ts: '9.9' })
    expect(await receive(delivery, 5)).toBe(true)
    expect(posts().map(({ text }) => text)).toEqual([expect.stringContaining('receipt is with me')])
    expect(await drafts()).toHaveLength(1)
  })
})
