import { afterEach, beforeEach, expect, test } from 'vitest'
import { oneWorkspace, renderSurface } from '../../../src/channels/slack/index.ts'
import { identify } from '../../../src/channels/slack/people/identify.ts'
import type { SlackChannel } from '../../../src/channels/slack/slack-channel.ts'
import { openSlackClient } from '../../../src/channels/slack/transport/paced-client.ts'
import { saveInstallation } from '../../../src/channels/slack/workspaces/installations.ts'
import { installedWorkspaces } from '../../../src/channels/slack/workspaces/installed-workspaces.ts'
import { acrossCompanies } from '../../../src/database/index.ts'
import { personByEmail } from '../../../src/features/people/index.ts'
import { subjects } from '../../../src/subjects.ts'
import { createTestDatabase, importExample, type TestDatabase } from '../../support/test-database.ts'
import { WebApiStandIn } from '../../support/web-api-stand-in.ts'

const adam = 'adam.root@techcorp.example'
const grace = 'grace.taylor@techcorp.example'
const hank = 'hank.scorpio@globex.example'
const homer = 'homer.simpson@globex.example'
const dataKey = 'd'.repeat(32)

let database: TestDatabase
let api: WebApiStandIn
let slack: SlackChannel
/** What Slack says of its users, by their id. */
let users: Record<string, Record<string, unknown>>

beforeEach(async () => {
  database = await createTestDatabase()
  await importExample(database, 'company')
  await importExample(database, 'globex')
  api = await WebApiStandIn.start()
  users = {}
  api.answers['users.info'] = ({ form }) => {
    const user = users[form.user ?? '']
    return user ? { ok: true, user } : { ok: false, error: 'user_not_found' }
  }
  const workspaces = installedWorkspaces({ database, dataKey, apiUrl: api.apiUrl })
  slack = { database, workspaces, apiUrl: api.apiUrl, subjects, dataKey }
})

afterEach(async () => {
  await api.close()
  await database.drop()
})

const member = (teamId: string, email: string) => ({
  team_id: teamId,
  profile: { email },
  is_email_confirmed: true,
})

async function install(email: string, teamId: string): Promise<void> {
  const admin = await acrossCompanies(database, (tx) => personByEmail(tx, email))
  if (!admin) throw new Error(`nobody is ${email}`)
  const installation = { teamId, teamName: teamId, botToken: `xoxb-${teamId}`, slackUserId: 'U0' }
  expect(await saveInstallation(database, dataKey, { admin, installation })).toBe(true)
}

const link = (email: string, teamId: string, userId: string) =>
  database.asSuperuser('update person set slack_team_id = $2, slack_user_id = $3 where email = $1', [
    email,
    teamId,
    userId,
  ])
const linkOf = async (email: string) => {
  const [row] = await database.asSuperuser<{ team: string | null; id: string | null }>(
    'select slack_team_id as team, slack_user_id as id from person where email = $1',
    [email],
  )
  return row && [row.team, row.id]
}

test('a workspace knows only the people of the company that it was installed for', async () => {
  await install(adam, 'T1')
  await install(hank, 'T2')
  users = { UX: member('T2', grace), UH: member('T2', homer), UG: member('T1', grace) }
  await expect(identify(slack, { teamId: 'T2', userId: 'UX' })).rejects.toMatchObject({
    code: 'slack_user_unknown',
  })
  expect(await linkOf(grace)).toEqual([null, null])
  expect((await identify(slack, { teamId: 'T2', userId: 'UH' })).email).toBe(homer)
  expect((await identify(slack, { teamId: 'T1', userId: 'UG' })).email).toBe(grace)
  await expect(identify(slack, { teamId: 'T2', userId: 'UX' })).rejects.toMatchObject({
    code: 'slack_user_unknown',
  })
  expect(await linkOf(grace)).toEqual(['T1', 'UG'])
})

test('a link from before, to a workspace that is another company’s now, counts for nothing', async () => {
  await install(hank, 'T2')
  await link(grace, 'T2', 'UG')
  users = { UG: member('T2', grace) }
  await expect(identify(slack, { teamId: 'T2', userId: 'UG' })).rejects.toMatchObject({
    code: 'slack_user_unknown',
  })
})

test('a second workspace of the same company does not lead somebody’s messages away while they are in the first', async () => {
  await install(adam, 'T1')
  await install(adam, 'T3')
  users = { UG: member('T1', grace), UX: member('T3', grace) }
  await identify(slack, { teamId: 'T1', userId: 'UG' })
  await expect(identify(slack, { teamId: 'T3', userId: 'UX' })).rejects.toMatchObject({
    code: 'slack_user_elsewhere',
    kind: 'user',
  })
  expect(await linkOf(grace)).toEqual(['T1', 'UG'])
  users.UG = { ...member('T1', grace), deleted: true }
  expect((await identify(slack, { teamId: 'T3', userId: 'UX' })).email).toBe(grace)
  expect(await linkOf(grace)).toEqual(['T3', 'UX'])
})

test('whose workspace removed the app is met in another one of the company', async () => {
  await install(adam, 'T1')
  await install(adam, 'T3')
  await link(grace, 'T1', 'UG')
  users = { UX: member('T3', grace) }
  await database.asSuperuser(`update slack_installation set revoked_at = now() where team_id = 'T1'`)
  expect((await identify(slack, { teamId: 'T3', userId: 'UX' })).email).toBe(grace)
})

test('in the same workspace whoever bears the address now is that person', async () => {
  await install(adam, 'T1')
  users = { U1: member('T1', grace), U2: member('T1', grace) }
  await identify(slack, { teamId: 'T1', userId: 'U1' })
  await identify(slack, { teamId: 'T1', userId: 'U2' })
  expect(await linkOf(grace)).toEqual(['T1', 'U2'])
})

/** A message about an expense of somebody whom nobody met in Slack yet. */
async function showExpenseOf(person: { id: string; company_id: string }): Promise<string> {
  const id = database.newId()
  await database.withoutForeignKeys(
    `insert into expense (id, company_id, number, kind, status, revision, submitter_id, merchant_name, category_id, paid_by,
       date, amount_minor, currency, company_amount_minor, source, correlation_id, submitted_at, created_at, updated_at)
     select $1, $2, 'EXP-2025-0001', 'receipt', 'approved', 1, $3, 'Shop', (select id from category where company_id = $2 limit 1),
       'person', '2025-01-01', 1000, 'USD', 1000, 'email', 'x', now(), now(), now()`,
    [id, person.company_id, person.id],
  )
  await database.withoutForeignKeys(
    `insert into surface (id, company_id, kind, expense_id, person_id, round, address, created_at)
     values ($1, $2, 'slack.expense', $1, $3, 1, '{}', now())`,
    [id, person.company_id, person.id],
  )
  return id
}

test.each([
  ['a bot', { is_bot: true }],
  ['somebody who left', { deleted: true }],
  ['somebody of another workspace', { is_stranger: true }],
  ['somebody whose address is not confirmed', { is_email_confirmed: false }],
])('%s is not taken for the person whose address they bear, whoever asks first', async (_who, change) => {
  await install(adam, 'T1')
  users = { UX: { id: 'UX', ...member('T1', grace), ...change } }
  api.answers['users.lookupByEmail'] = () => ({ ok: true, user: users.UX })
  await expect(identify(slack, { teamId: 'T1', userId: 'UX' })).rejects.toMatchObject({ kind: 'user' })
  const [person] = await database.asSuperuser<{ id: string; company_id: string }>(
    'select id, company_id from person where email = $1',
    [grace],
  )
  if (!person) throw new Error('nobody')
  const surfaceId = await showExpenseOf(person)
  await renderSurface(slack, person.company_id, surfaceId, {
    attempt: 1,
    failures: 0,
    since: new Date(0),
    companyId: person.company_id,
    finish: async () => {},
    finishAlone: async () => {},
  })
  expect(api.callsOf('users.lookupByEmail').length).toBeGreaterThan(0)
  expect(api.callsOf('chat.postMessage')).toEqual([])
  expect(await linkOf(grace)).toEqual([null, null])
})

test('the one workspace of a token knows the people of every company', async () => {
  const client = openSlackClient({ botToken: 'xoxb', apiUrl: api.apiUrl })
  slack = { ...slack, workspaces: oneWorkspace({ client, botToken: 'xoxb' }) }
  users = { UG: member('T1', grace), UH: member('T1', homer), UX: member('T9', grace) }
  expect((await identify(slack, { teamId: 'T1', userId: 'UG' })).email).toBe(grace)
  expect((await identify(slack, { teamId: 'T1', userId: 'UH' })).email).toBe(homer)
  await expect(identify(slack, { teamId: 'T1', userId: 'UX' })).rejects.toMatchObject({
    code: 'slack_user_external',
  })
})
