import { afterEach, beforeEach, expect, test } from 'vitest'
import { showOpenedHome } from '../../../src/channels/slack/home/home.ts'
import { oneWorkspace, receiveDelivery } from '../../../src/channels/slack/index.ts'
import type { ActionDelivery } from '../../../src/channels/slack/payloads.ts'
import { identifyWriter } from '../../../src/channels/slack/people/request-access.ts'
import { createSlackApp } from '../../../src/channels/slack/slack-app.ts'
import type { SlackChannel } from '../../../src/channels/slack/slack-channel.ts'
import { storeDelivery } from '../../../src/channels/slack/transport/deliveries.ts'
import { openSlackClient } from '../../../src/channels/slack/transport/paced-client.ts'
import { subjects } from '../../../src/subjects.ts'
import { actions } from '../../../templates/slack/expense-parts.ts'
import { createTestDatabase, importExample, type TestDatabase } from '../../support/test-database.ts'
import { WebApiStandIn } from '../../support/web-api-stand-in.ts'

const grace = 'grace.taylor@techcorp.example'
const who = { teamId: 'T1', userId: 'UG' }

let database: TestDatabase
let companyId: string
let api: WebApiStandIn
let slack: SlackChannel
let locale: string | undefined
let email: string

beforeEach(async () => {
  database = await createTestDatabase()
  companyId = await importExample(database)
  api = await WebApiStandIn.start()
  locale = 'de-DE'
  email = grace
  api.answers['users.info'] = () => ({
    ok: true,
    user: { id: 'UG', team_id: 'T1', locale, profile: { email }, is_email_confirmed: true },
  })
  const client = openSlackClient({ botToken: 'xoxb', apiUrl: api.apiUrl })
  slack = {
    database,
    workspaces: oneWorkspace({ client, botToken: 'xoxb' }),
    apiUrl: api.apiUrl,
    subjects,
    dataKey: 'd'.repeat(32),
  }
})

afterEach(async () => {
  await api.close()
  await database.drop()
})

const linked = () =>
  database.asSuperuser(`update person set slack_team_id = 'T1', slack_user_id = 'UG' where email = $1`, [
    grace,
  ])
const homes = () => api.callsOf('views.publish').map(({ form }) => form.view ?? '')
const known = async () => {
  const [row] = await database.asSuperuser<{ locale: string | null }>(
    'select slack_locale as locale from person where email = $1',
    [grace],
  )
  return row?.locale
}

/** Opens it, and waits until it is shown. Returns what it shows. */
async function openHome(): Promise<string> {
  const before = homes().length
  showOpenedHome(slack, who)
  await expect.poll(() => homes().length).toBeGreaterThan(before)
  return homes().at(-1) ?? ''
}

test('Home speaks the language of Slack from the first time on, which is asked for once a day', async () => {
  await linked()
  expect(await known()).toBeNull()
  expect(await openHome()).toContain('Ausgabe')
  expect(await known()).toBe('de-DE')

  locale = 'en-US'
  expect(await openHome()).toContain('Ausgabe')
  expect(api.callsOf('users.info')).toHaveLength(1)
  database.clock.advance(86_400_000)
  expect(await openHome()).not.toContain('Ausgabe')
  expect(await known()).toBe('en-US')
})

test('where Slack does not say the language, Home is shown all the same, and what was known stays', async () => {
  await linked()
  api.answers['users.info'] = () => ({ ok: false, error: 'internal_error' })
  expect(await openHome()).toContain('expense')
  locale = undefined
  await database.asSuperuser(`update person set slack_locale = 'de-DE' where email = $1`, [grace])
  expect(await openHome()).toContain('Ausgabe')
  expect(await known()).toBe('de-DE')
})

test('somebody unknown is told so in their own language', async () => {
  email = 'somebody@elsewhere.example'
  expect(await openHome()).toContain('Ich kenne Sie noch nicht')
})

test('Home says that the admins were asked as soon as a message said so, and asks nobody by itself', async () => {
  email = 'somebody@elsewhere.example'
  expect(await openHome()).toContain('Bitte lassen Sie sich in Outlay aufnehmen')
  expect(await database.asSuperuser('select 1 from access_request')).toEqual([])
  await expect(identifyWriter(slack, who)).rejects.toMatchObject({ code: 'slack_user_asked' })
  expect(await openHome()).toContain('Ich habe gebeten, Sie aufzunehmen')
})

/** Works on a button that was pressed in App Home. Returns whether the work is done for good. */
async function press(change: Partial<ActionDelivery> = {}): Promise<boolean> {
  const action: ActionDelivery = {
    kind: 'action',
    ...who,
    actionId: actions.submit,
    value: companyId,
    ...change,
  }
  await storeDelivery(database, 'key', action)
  const [row] = await database.asSuperuser<{ id: string }>('select id from inbound_delivery')
  let isDone = false
  const finishAlone = async () => {
    isDone = true
  }
  const work = {
    attempt: 1,
    failures: 0,
    since: new Date(0),
    companyId,
    finish: async () => {},
    finishAlone,
  }
  await receiveDelivery(slack, row?.id ?? '', work)
  return isDone
}

test.each([
  ['not active any more', `active = false`, 'nicht aktiv'],
  [
    'linked to nobody any more',
    `email = 'gone@techcorp.example', slack_team_id = null, slack_user_id = null`,
    'kenne Sie noch nicht',
  ],
])(
  'whoever presses an old button in Home and is %s is told why there, and the work is done',
  async (_who, change, told) => {
    await linked()
    await openHome()
    await database.asSuperuser(`update person set ${change} where email = $1`, [grace])
    expect(await press()).toBe(true)
    expect(homes().at(-1)).toContain(told)
  },
)

test('what a button in Home could not do stands in Home: no form has to be opened in time', async () => {
  await linked()
  await openHome()
  const before = homes().length
  const app = createSlackApp(slack)
  let isAnswered = false
  await app.processEvent({
    body: {
      type: 'block_actions',
      team: { id: 'T1' },
      user: { id: 'UG', team_id: 'T1' },
      api_app_id: 'A1',
      token: 'x',
      trigger_id: 'too late',
      container: { type: 'view', view_id: 'V1' },
      view: {
        id: 'V1',
        hash: 'h',
        type: 'home',
        callback_id: '',
        private_metadata: '',
        state: { values: {} },
        blocks: [],
      },
      actions: [
        {
          type: 'button',
          action_id: actions.endDelegation,
          block_id: 'b',
          value: companyId,
          action_ts: '1.1',
        },
      ],
    },
    ack: async () => {
      isAnswered = true
    },
  })
  expect(isAnswered).toBe(true)
  await expect.poll(() => homes().length).toBeGreaterThan(before)
  expect(api.callsOf('views.open')).toEqual([])
  const [shown] = await database.asSuperuser<{ note: string | null }>(
    `select shown ->> 'note' as note from slack_home`,
  )
  expect(shown?.note).toBeTruthy()
  expect(homes().at(-1)).toContain(shown?.note)
})
