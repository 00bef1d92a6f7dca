import { afterEach, beforeEach, expect, test } from 'vitest'
import { saveChange } from '../../../src/channels/slack/admin/admin-save.ts'
import { oneWorkspace } from '../../../src/channels/slack/index.ts'
import type { SlackChannel } from '../../../src/channels/slack/slack-channel.ts'
import { openSlackClient } from '../../../src/channels/slack/transport/paced-client.ts'
import { prepareChange } from '../../../src/features/organisation/index.ts'
import { subjects } from '../../../src/subjects.ts'
import { quote } from '../../../templates/slack/text.ts'
import { wordsOf } from '../../../templates/slack/words/index.ts'
import { createTestDatabase, importExample, type TestDatabase } from '../../support/test-database.ts'
import { WebApiStandIn } from '../../support/web-api-stand-in.ts'

const adam = 'adam.root@techcorp.example'
const who = { teamId: 'T1', userId: 'UA' }

let database: TestDatabase
let companyId: string
let api: WebApiStandIn
let slack: SlackChannel

beforeEach(async () => {
  database = await createTestDatabase()
  companyId = await importExample(database)
  api = await WebApiStandIn.start()
  const client = openSlackClient({ botToken: 'xoxb', apiUrl: api.apiUrl })
  const workspaces = oneWorkspace({ client, botToken: 'xoxb' })
  slack = { database, workspaces, apiUrl: api.apiUrl, subjects, dataKey: 'd'.repeat(32) }
})

afterEach(async () => {
  await api.close()
  await database.drop()
})

test('what was saved is said in the language of the admin who saved it', async () => {
  const [person] = await database.asSuperuser<{ id: string }>(
    `update person set slack_team_id = 'T1', slack_user_id = 'UA', slack_locale = 'de-DE', slack_locale_at = now()
     where email = $1 returning id`,
    [adam],
  )
  const options = {
    companyId,
    actor: { personId: person?.id ?? '', channel: 'slack' as const },
    subjects,
    language: wordsOf('de-DE').language,
  }
  const amounts = { kind: 'amounts', section: 'limits', key: 'meals_per_month', seen: null } as const
  const { id: changeId, outcome } = await prepareChange(database, options, {
    ...amounts,
    amounts: ['1400.00'],
  })
  const asked = { ...who, changeId, formId: 'V1', externalId: `saving-${changeId}` }
  const work = {
    attempt: 1,
    failures: 0,
    since: new Date(0),
    companyId,
    finish: async () => {},
    finishAlone: async () => {},
  }
  await saveChange(slack, asked, work)
  const saved = api.callsOf('views.update').find(({ form }) => form.external_id === asked.externalId)
  const told = wordsOf('de-DE').admin.confirm.meaning(quote(outcome.meaning ?? '', 1500))
  expect(saved?.form.view).toContain(JSON.stringify(told).slice(1, -1))
})
