import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { SandboxProcess } from '../sandbox/support.ts'
import { RunningProgram } from '../support/running-program.ts'
import { frank, grace, hank, homer, Person, said } from './play.ts'

vi.setConfig({ testTimeout: 60_000 })

const adam = 'adam.root@techcorp.example'
const app = { clientId: '123.456', clientSecret: 'the secret of the app' }

describe('one Outlay, many workspaces', () => {
  /** Slack, beside the sandbox that is the program's own, where its mails go. */
  const slack = new SandboxProcess()
  let program: RunningProgram
  let techcorp: string
  let globex: string
  const Grace = new Person(grace, () => slack.client)
  const Homer = new Person(homer, () => slack.client)

  beforeAll(async () => {
    await slack.start()
    program = await RunningProgram.start({
      SLACK_CLIENT_ID: app.clientId,
      SLACK_CLIENT_SECRET: app.clientSecret,
      SLACK_SIGNING_SECRET: 'signing',
      SLACK_API_URL: `${slack.endpoint.url}/api/`,
    })
    techcorp = (
      await slack.client.setWorkspace({
        ...app,
        team: { name: 'TechCorp' },
        eventsUrl: `${program.url}/slack/events`,
        signingSecret: 'signing',
        people: [
          { name: 'Adam Root', email: adam },
          { name: 'Grace Taylor', email: grace },
        ],
      })
    ).teamId
    globex = (
      await slack.client.addWorkspace({
        team: { name: 'Globex' },
        people: [
          { name: 'Hank Scorpio', email: hank },
          { name: 'Homer Simpson', email: homer },
          // Whoever runs a workspace writes its members' addresses.
          { name: 'Frank Miller', email: frank },
        ],
      })
    ).teamId
  })
  afterAll(async () => {
    await program?.end()
    await slack.end()
  })

  /** Asks for the link and finds it in the mailbox. */
  async function mailedLink(email: string): Promise<string> {
    const mails = async () =>
      (await program.people.mails({ to: email })).filter(({ subject }) =>
        /^Your link: add Outlay/.test(subject),
      )
    const before = (await mails()).length
    await fetch(`${program.url}/slack/install`, { method: 'POST', body: new URLSearchParams({ email }) })
    const mail = await program.people.waitFor(async () => (await mails())[before], { what: 'the link' })
    const [link = ''] = /http\S+\/slack\/install\/\S+/.exec(mail.text) ?? []
    return link
  }

  /** Walks from the mailed link to Slack's page and back, as a browser does. Returns the page at the end. */
  async function install(admin: string, as: string, team: string, allow = true) {
    const first = await fetch(await mailedLink(admin))
    const [, link = ''] = /<a class="button" href="([^"]+)"/.exec(await first.text()) ?? []
    const [cookie = ''] = (first.headers.get('set-cookie') ?? '').split(';')
    const url = link.replaceAll('&amp;', '&')
    const back = await slack.client.answerInstall({ as, team, url, allow })
    const response = await fetch(back, { headers: { cookie } })
    return { status: response.status, page: await response.text() }
  }

  async function says(person: Person, text: string, answer: string): Promise<void> {
    const { ts } = await person.post([], text)
    const reply = await person.reply(ts, answer)
    expect(said(reply)).toContain(answer)
  }

  test('an admin of each company adds the app to a workspace, and their people can post there', async () => {
    expect(await install(adam, adam, techcorp)).toMatchObject({
      status: 200,
      page: expect.stringContaining('Outlay is in TechCorp now'),
    })
    await says(Grace, 'Taxi Bern 12.50 USD yesterday', 'Taxi Bern')
    expect(await install(hank, hank, globex)).toMatchObject({ status: 200 })
    await says(Homer, 'Donuts 7.20 USD yesterday', 'Donuts')
    const kept = await program.sql<{ company: string }>(
      'select c.name as company from slack_installation join company c on c.id = company_id order by 1',
    )
    expect(kept.map(({ company }) => company)).toEqual([
      expect.stringContaining('Globex'),
      'TechCorp Solutions',
    ])
  })

  test('another company cannot take a workspace that works, and saying no changes nothing', async () => {
    expect(await install(hank, adam, techcorp)).toMatchObject({
      status: 403,
      page: expect.stringContaining('already works for another company'),
    })
    expect((await install(adam, adam, techcorp, false)).page).toContain('You said no to it in Slack')
    await says(Grace, 'Bus Bern 3.50 USD yesterday', 'Bus Bern')
  })

  test('whoever bears the address of another company’s person is nobody here, and her messages stay with her', async () => {
    const Impostor = new Person(frank, () => slack.client)
    const { ts } = await Impostor.post([], 'Jewels 900 USD yesterday')
    expect(said(await Impostor.reply(ts, 'I do not know you yet'))).not.toContain('Jewels')
    await says(Grace, 'Train Bern 8.50 USD yesterday', 'Train Bern')
    const links = await program.sql<{ team: string; email: string }>(
      'select slack_team_id as team, email from person where slack_team_id is not null order by email',
    )
    expect(links).toEqual(
      expect.arrayContaining([
        { team: techcorp, email: grace },
        { team: globex, email: homer },
      ]),
    )
    expect(links.filter(({ email }) => email === frank)).toEqual([])
  })

  test('removed from a workspace, its admins are told by mail; added again, what waited goes on', async () => {
    await slack.client.faults({ kind: 'token_revoked', team: globex, error: 'account_inactive' })
    const mail = await program.people.waitFor(
      async () =>
        (await program.people.mails({ to: hank })).find(({ subject }) =>
          /was removed from Slack/.test(subject),
        ),
      { what: 'the mail to the admin', timeoutMs: 25_000 },
    )
    expect(mail.text).toContain('Globex')
    expect(mail.text).toContain('/slack/install')
    // The other workspace does not notice.
    await says(Grace, 'Tram Bern 2.50 USD yesterday', 'Tram Bern')
    expect(await install(hank, hank, globex)).toMatchObject({ status: 200 })
    await says(Homer, 'Beer 5.00 USD yesterday', 'Beer')
    expect(await program.outbox()).toMatchObject({ dead: 0 })
  })
})
