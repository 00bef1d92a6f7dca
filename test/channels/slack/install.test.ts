import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SlackChannel } from '../../../src/channels/slack/slack-channel.ts'
import { createInstallPages } from '../../../src/channels/slack/workspaces/install-pages.ts'
import { installedWorkspaces } from '../../../src/channels/slack/workspaces/installed-workspaces.ts'
import { receiveRevocation } from '../../../src/channels/slack/workspaces/receive-revocation.ts'
import { acrossCompanies } from '../../../src/database/index.ts'
import { makeLink } from '../../../src/features/notifications/index.ts'
import { personByEmail } from '../../../src/features/people/index.ts'
import { parseLinkKeys } from '../../../src/kernel/signed-link.ts'
import { subjects } from '../../../src/subjects.ts'
import { createTestDatabase, importExample, type TestDatabase } from '../../support/test-database.ts'
import { WebApiStandIn } from '../../support/web-api-stand-in.ts'

const adam = 'adam.root@techcorp.example'
const grace = 'grace.taylor@techcorp.example'
const hank = 'hank.scorpio@globex.example'

let database: TestDatabase
let api: WebApiStandIn
let slack: SlackChannel
let server: Server
let site: string
let botToken: string
/** Which workspace they choose. */
let team: string

beforeEach(async () => {
  database = await createTestDatabase()
  await importExample(database, 'company')
  await importExample(database, 'globex')
  // The state of an installation is good for ten minutes of the real clock.
  database.clock.set(new Date())
  api = await WebApiStandIn.start()
  botToken = 'xoxb-first'
  team = 'T1'
  api.answers = {
    'oauth.v2.access': ({ form }) =>
      form.code === 'good' && form.client_secret === 'secret'
        ? {
            ok: true,
            app_id: 'A1',
            authed_user: { id: 'U1' },
            scope: 'chat:write,users:read',
            token_type: 'bot',
            access_token: botToken,
            bot_user_id: 'UBOT',
            team: { id: team, name: 'Tech <b>Corp</b>' },
            enterprise: null,
            is_enterprise_install: false,
          }
        : { ok: false, error: 'invalid_code' },
    'auth.test': () => ({ ok: true, bot_id: 'B1' }),
  }
  const dataKey = 'd'.repeat(32)
  slack = {
    database,
    workspaces: installedWorkspaces({ database, dataKey, apiUrl: api.apiUrl }),
    apiUrl: api.apiUrl,
    subjects,
    dataKey,
  }
  server = createServer(
    createInstallPages(slack, {
      clientId: '1.2',
      clientSecret: 'secret',
      keys,
      publicUrl: () => site,
    }),
  )
  await once(server.listen(0, '127.0.0.1'), 'listening')
  site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await api.close()
  await database.drop()
})

const keys = parseLinkKeys(`k1:${'s'.repeat(32)}`)

/** The link that is mailed to somebody; whether they may have one is not asked here. */
async function linkOf(email: string): Promise<string> {
  const person = await acrossCompanies(database, (tx) => personByEmail(tx, email))
  const claims = { company: person?.companyId ?? '', person: person?.id ?? '' }
  return makeLink({ keys, publicUrl: site }, 'install', claims, database.clock.now())
}

/** Opens the link: what Slack is asked by the button, and the cookie that the browser keeps. */
async function begin(email = adam) {
  const response = await fetch(await linkOf(email))
  const page = await response.text()
  const [, link = ''] = /<a class="button" href="([^"]+)"/.exec(page) ?? []
  const asked = new URL(link.replaceAll('&amp;', '&'))
  return { response, page, asked, cookie: response.headers.get('set-cookie') ?? '' }
}

const ask = (email: string) =>
  fetch(`${site}/slack/install`, { method: 'POST', body: new URLSearchParams({ email }) })

async function comeBack(query: Record<string, string>, cookie?: string) {
  const [own = ''] = cookie?.split(';') ?? []
  const address = `${site}/slack/oauth_redirect?${new URLSearchParams(query)}`
  const response = await fetch(address, { headers: own ? { cookie: own } : {} })
  return { status: response.status, page: await response.text(), headers: response.headers }
}

async function install(email = adam) {
  const { asked, cookie } = await begin(email)
  return comeBack({ code: 'good', state: asked.searchParams.get('state') ?? '' }, cookie)
}

const rows = () =>
  database.asSuperuser<{ team: string; sealed: string; company: string; revoked: boolean }>(
    `select i.team_id as team, bot_token_sealed as sealed, c.name as company, revoked_at is not null as revoked
     from slack_installation i join company c on c.id = i.company_id order by 1`,
  )
const audit = (action: string) =>
  database.asSuperuser<{ changes: object; company: string; by: string | null }>(
    `select changes, c.name as company, p.email as by from audit_entry a join company c on c.id = a.company_id
     left join person p on p.id = actor_id where action = $1 order by at`,
    [action],
  )

test('an admin adds the app: the token is kept sealed, the workspace can be spoken to, and it is in the audit log', async () => {
  const { asked, response } = await begin()
  expect(asked.origin + asked.pathname).toBe(`${api.origin}/oauth/v2/authorize`)
  expect(asked.searchParams.get('redirect_uri')).toBe(`${site}/slack/oauth_redirect`)
  expect(asked.searchParams.get('scope')).toContain('chat:write')
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")

  const { status, page } = await install()
  expect(status).toBe(200)
  expect(page).toContain('Outlay is in Tech &lt;b&gt;Corp&lt;/b&gt; now')
  const [row] = await rows()
  expect(row).toMatchObject({ team: 'T1', company: 'TechCorp Solutions', revoked: false })
  expect(row?.sealed).not.toContain('xoxb')
  expect((await slack.workspaces.of('T1')).botToken).toBe('xoxb-first')
  expect(await slack.workspaces.ofCompany(await companyId('TechCorp Solutions'))).toHaveLength(1)
  expect(await slack.workspaces.ofCompany(await companyId('Globex'))).toHaveLength(0)
  expect(await audit('slack.installed')).toMatchObject([{ changes: { teamId: 'T1' }, by: adam }])
  expect(JSON.stringify(await audit('slack.installed'))).not.toContain('xoxb')
})

test('the link goes to an admin’s own mailbox, five times an hour, and nobody learns who is one', async () => {
  const pages: string[] = []
  for (const email of [` ${adam.toUpperCase()} `, grace, 'nobody@elsewhere.example']) {
    const response = await ask(email)
    expect(response.status).toBe(200)
    pages.push(await response.text())
  }
  expect(new Set(pages).size).toBe(1)
  await expect.poll(linksMailed).toEqual([adam])
  for (let times = 0; times < 7; times += 1) expect((await ask(adam)).status).toBe(200)
  await ask(hank)
  await expect.poll(async () => (await linksMailed()).includes(hank)).toBe(true)
  expect((await linksMailed()).filter((address) => address === adam).length).toBeLessThanOrEqual(5)
})

test.each([
  ['nothing', ''],
  ['a name', 'adam'],
  ['two addresses in one', 'a@b@c'],
  ['more than a form may hold', `${'x'.repeat(5000)}@y.example`],
])('%s is no address: the form says so', async (_what, typed) => {
  const response = await ask(typed)
  expect(response.status).toBe(422)
  expect(await response.text()).toContain('Write it like name@example.com.')
  expect(response.headers.get('content-security-policy')).toContain("form-action 'self'")
})

test('the page to begin with asks for an address, and begins nothing', async () => {
  const response = await fetch(`${site}/slack/install`)
  expect(await response.text()).toContain('Mail me the link')
  expect(response.headers.get('set-cookie')).toBeNull()
})

test('a link that is old, forged, meant for something else or not an admin’s begins nothing', async () => {
  const good = await linkOf(adam)
  const notAdmins = await linkOf(grace)
  const claims = { company: await companyId('TechCorp'), person: await personId(adam) }
  const other = await makeLink({ keys, publicUrl: site }, 'delegation', claims, database.clock.now())
  const links = [`${good}x`, notAdmins, other.replace('/d/', '/slack/install/')]
  for (const link of links)
    expect({ link, status: (await fetch(link)).status }).toEqual({ link, status: 404 })
  database.clock.advance(15 * 60_000 + 1000)
  const late = await fetch(good)
  expect(late.status).toBe(410)
  expect(await late.text()).toContain('have a new one mailed to you')
})

test('whoever is no admin any more when they come back adds nothing, and the app leaves again', async () => {
  const { asked, cookie } = await begin()
  await database.asSuperuser(`update person set roles = '{}' where email = $1`, [adam])
  const { status, page } = await comeBack(
    { code: 'good', state: asked.searchParams.get('state') ?? '' },
    cookie,
  )
  expect(status).toBe(403)
  expect(page).toContain('Only an active admin')
  expect(await rows()).toEqual([])
  expect(api.callsOf('auth.revoke')).toHaveLength(1)
  await expect(slack.workspaces.of('T1')).rejects.toMatchObject({ code: 'workspace_unknown' })
})

test('who allows it in Slack counts for nothing: the workspace is for the company of the link', async () => {
  const described = { id: 'U1', team_id: 'T1', profile: { email: hank }, is_email_confirmed: true }
  api.answers['users.info'] = () => ({ ok: true, user: described })
  expect((await install(adam)).status).toBe(200)
  expect(await rows()).toMatchObject([{ company: 'TechCorp Solutions' }])
})

test('installing again replaces the token; another company gets the workspace only after it was removed there', async () => {
  await install()
  expect((await slack.workspaces.of('T1')).botToken).toBe('xoxb-first')
  botToken = 'xoxb-second'
  await install()
  expect((await slack.workspaces.of('T1')).botToken).toBe('xoxb-second')
  botToken = 'xoxb-third'
  const refused = await install(hank)
  expect(refused.status).toBe(403)
  expect(refused.page).toContain('already works for another company')
  expect((await slack.workspaces.of('T1')).botToken).toBe('xoxb-second')
  expect(api.callsOf('auth.revoke')).toEqual([])

  await database.asSuperuser(
    `update person set slack_team_id = 'T1', slack_user_id = 'UG' where email = $1`,
    [grace],
  )
  database.clock.advance(60_000)
  const removed = { type: 'app_uninstalled' }
  await receiveRevocation(slack, { teamId: 'T1', eventId: 'Ev1', at: database.clock.now(), event: removed })
  expect((await install(hank)).status).toBe(200)
  expect(await rows()).toMatchObject([{ company: expect.stringContaining('Globex'), revoked: false }])
  expect(await slack.workspaces.ofCompany(await companyId('TechCorp'))).toEqual([])
  // What was TechCorp's is shown there no more, and whom it met there it has not met any more.
  await expect(slack.workspaces.of('T1', await companyId('TechCorp'))).rejects.toMatchObject({
    code: 'workspace_unknown',
  })
  expect(
    await database.asSuperuser('select slack_team_id as t from person where email = $1', [grace]),
  ).toEqual([{ t: null }])
  expect(await audit('person.slack_unlinked')).toMatchObject([{ company: 'TechCorp Solutions' }])
})

test('a state that is missing, forged, old or of another browser counts for nothing', async () => {
  const { asked, cookie } = await begin()
  const state = asked.searchParams.get('state') ?? ''
  const other = await begin()
  for (const [query, kept] of [
    [{ code: 'good', state }, undefined],
    [{ code: 'good', state }, other.cookie],
    [{ code: 'good', state: `${state}x` }, cookie.replace(state, `${state}x`)],
    [{ code: 'good' }, cookie],
    [{ state }, cookie],
  ] as const) {
    const { status, page } = await comeBack(query, kept)
    expect({ query, status }).toEqual({ query, status: 400 })
    expect(page).toContain('Please start again')
  }
  expect(await rows()).toEqual([])
  expect(api.callsOf('oauth.v2.access')).toEqual([])
  expect(cookie).toMatch(/Secure; HttpOnly/)
})

test('whoever says no in Slack, or brings a code that Slack does not know, is told so', async () => {
  const { asked, cookie } = await begin()
  const state = asked.searchParams.get('state') ?? ''
  const refused = await comeBack({ error: 'access_denied', state }, cookie)
  expect(refused.page).toContain('You said no to it in Slack')
  const again = await begin()
  const wrong = await comeBack(
    { code: 'bad', state: again.asked.searchParams.get('state') ?? '' },
    again.cookie,
  )
  expect(wrong.status).toBe(502)
  expect(wrong.page).toContain('Nothing was changed')
  expect(wrong.headers.get('referrer-policy')).toBe('no-referrer')
})

test('a workspace that removed the app waits; the admins are told once; installed again, it goes on', async () => {
  await install()
  const at = new Date(database.clock.now().getTime() + 60_000)
  database.clock.set(at)
  const removed = { teamId: 'T1', eventId: 'Ev1', at, event: { type: 'app_uninstalled' } }
  await receiveRevocation(slack, removed)
  await receiveRevocation(slack, { ...removed, event: { type: 'tokens_revoked', tokens: { bot: ['UBOT'] } } })
  await expect(slack.workspaces.of('T1')).rejects.toMatchObject({
    code: 'workspace_revoked',
    kind: 'transient',
  })
  expect(await audit('slack.removed')).toHaveLength(1)
  await expect.poll(mails).toMatchObject([{ to: adam, details: { slackTrouble: { problem: 'removed' } } }])

  database.clock.advance(60_000)
  botToken = 'xoxb-second'
  await install()
  // A late repetition of the word that it was removed.
  await receiveRevocation(slack, removed)
  expect((await slack.workspaces.of('T1')).botToken).toBe('xoxb-second')
  expect(await mails()).toHaveLength(1)
})

test('that only tokens of people were taken back changes nothing', async () => {
  await install()
  const event = { type: 'tokens_revoked', tokens: { oauth: ['U1'], bot: [] } }
  await receiveRevocation(slack, { teamId: 'T1', eventId: 'Ev1', at: null, event })
  expect((await slack.workspaces.of('T1')).botToken).toBe('xoxb-first')
})

test('another replica goes on with a token that was replaced for half a minute at most', async () => {
  await install()
  const other = installedWorkspaces({ database, dataKey: slack.dataKey, apiUrl: api.apiUrl })
  expect((await other.of('T1')).botToken).toBe('xoxb-first')
  botToken = 'xoxb-second'
  await install()
  database.clock.advance(31_000)
  expect((await other.of('T1')).botToken).toBe('xoxb-second')
})

test('a token that Slack refuses is told to the admins of that company, once a day', async () => {
  await install()
  const { client } = await slack.workspaces.of('T1')
  api.answers['chat.update'] = () => ({ ok: false, error: 'token_revoked' })
  const update = () => client.chat.update({ channel: 'C1', ts: '1.1', text: 'x' }).catch(() => {})
  await update()
  await expect.poll(mails).toHaveLength(1)
  database.clock.advance(12 * 3_600_000)
  await update()
  const seen = api.callsOf('chat.update').length
  expect(seen).toBe(2)
  database.clock.advance(13 * 3_600_000)
  await update()
  await expect.poll(mails).toHaveLength(2)
  expect((await mails()).map(({ to }) => to)).toEqual([adam, adam])
})

const mails = () =>
  database.asSuperuser<{ to: string; details: object }>(
    `select to_address as to, details from outgoing_mail where kind = 'slack_trouble' order by created_at`,
  )

const linksMailed = async () =>
  (
    await database.asSuperuser<{ to: string }>(
      `select to_address as to from outgoing_mail where kind = 'install_link' order by created_at`,
    )
  ).map(({ to }) => to)

const personId = async (email: string) =>
  (await acrossCompanies(database, (tx) => personByEmail(tx, email)))?.id ?? ''

async function companyId(name: string): Promise<string> {
  const [row] = await acrossCompanies(database, (tx) =>
    tx.em.execute<{ id: string }[]>('select id from company where name like ?', [`${name}%`]),
  )
  return row?.id ?? ''
}
