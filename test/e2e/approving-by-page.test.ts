import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { SandboxMail } from '../../src/sandbox/client.ts'
import { RunningProgram } from '../support/running-program.ts'
import { bob, frank, grace, Person, said } from './play.ts'

vi.setConfig({ testTimeout: 90_000 })

const chromiumPath = '/usr/bin/chromium'
const missing = existsSync(chromiumPath) ? '' : ` (skipped: ${chromiumPath} is not installed)`

describe.skipIf(missing !== '')(`approving by the page of a mail, in a browser${missing}`, () => {
  let program: RunningProgram
  let browser: Browser
  const person = (email: string) => new Person(email, () => program.people)
  const [Grace, Frank] = [person(grace), person(frank)]

  beforeAll(async () => {
    program = await RunningProgram.start()
    browser = await chromium.launch({
      executablePath: chromiumPath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    })
  })
  afterAll(async () => {
    await browser?.close()
    await program?.end()
  })

  const mailTo = (to: string, what: string, check: (mail: SandboxMail) => boolean) =>
    program.people.waitFor(async () => (await program.people.mails({ to })).find(check), {
      what,
      timeoutMs: 60_000,
    })
  const linkIn = ({ text }: SandboxMail, path: 'a' | 'd') =>
    new RegExp(`https?://\\S+/${path}/[\\w.-]+`).exec(text)?.[0] ?? ''
  const requestTo = async (to: string, number: string) =>
    linkIn(
      await mailTo(to, `the request about ${number} to ${to}`, (mail) =>
        mail.subject.includes(`(${number})`),
      ),
      'a',
    )
  const approvedBy = (number: string) =>
    program.sql<{ by: string }>(
      `select p.name as by from expense e join approval_request r on r.subject_id = e.id
       join approval a on a.request_id = r.id join person p on p.id = a.decided_by
       where e.number = $1 and a.status = 'approved'`,
      [number],
    )
  async function open(link: string): Promise<Page> {
    const page = await browser.newPage({ javaScriptEnabled: false })
    page.setDefaultTimeout(20_000)
    await page.goto(link)
    return page
  }

  test('above an amount a code comes by Slack: a wrong one is said at the field, the right one decides', async () => {
    await program.sql('update company set step_up_over_minor = 0')
    try {
      const { number } = await Grace.submit({ merchant: 'Code Shop' })
      // By his card it is known who he is in Slack.
      await program.people.waitFor(
        async () => (await Frank.messages()).find((message) => said(message).includes(number)),
        { what: 'the card of Frank', timeoutMs: 25_000 },
      )
      const page = await open(await requestTo(frank, number))
      await page.getByRole('textbox').fill('Only this once.')
      await page.getByRole('button', { name: 'Approve' }).click()
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('One more step: is it you?')
      expect(await page.content()).toContain('We sent a code to you in Slack.')
      const shown = await program.people.waitFor(
        async () =>
          (await Frank.messages())
            .map((message) => said(message))
            .find((text) => text.includes(`our code to decide ${number}`)),
        { what: 'the code in Slack', timeoutMs: 25_000 },
      )
      const code = /\d{3} \d{3}/.exec(shown)?.[0] ?? ''
      await page.getByLabel('Code').fill(code === '000 000' ? '111111' : '000000')
      await page.getByRole('button', { name: 'Approve' }).click()
      expect(await page.getByRole('alert').textContent()).toContain('That is not the code.')
      expect(await approvedBy(number)).toEqual([])
      await page.getByLabel('Code').fill(code)
      await page.getByRole('button', { name: 'Approve' }).click()
      await page.waitForURL(/\/a\/[\w.-]+$/)
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain(
        'was approved by Frank Miller',
      )
      expect(await page.content()).toContain('Only this once.')
      expect(await approvedBy(number)).toEqual([{ by: 'Frank Miller' }])
      await page.close()
    } finally {
      await program.sql('update company set step_up_over_minor = null')
    }
  })

  test('somebody who goes away names a delegate on the page; they are mailed what waits, and approve', async () => {
    const { number } = await Grace.submit({ merchant: 'Away Shop' })
    const page = await open(await requestTo(frank, number))
    await page.getByRole('link', { name: 'Away? Let somebody decide for you' }).click()
    await page.getByRole('button', { name: 'Mail me a link' }).click()
    expect(await page.getByRole('status').textContent()).toContain('on its way to your mailbox')
    const way = await mailTo(
      frank,
      'the link to let somebody decide',
      ({ subject }) => subject === 'Your link: let somebody decide for you',
    )
    await page.goto(linkIn(way, 'd'))
    await page.getByLabel('Who decides for you').fill('Bob Smith')
    const until = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10)
    await page.getByLabel('Until, that day included').fill(until)
    await page.getByRole('button', { name: 'Let them decide' }).click()
    expect(await page.getByRole('status').textContent()).toContain('You both get a mail about it.')
    expect(await page.content()).toContain('Bob Smith decides for you')

    const told = await mailTo(
      bob,
      'the mail to the delegate',
      ({ subject }) => subject === 'You decide for Frank Miller from now on',
    )
    expect(told.text).toContain(`(${number})`)
    const his = await open(linkIn(told, 'a'))
    expect(await his.content()).toContain('You are asked because you decide for Frank Miller until')
    await his.getByRole('button', { name: 'Approve' }).click()
    expect(await his.getByRole('heading', { level: 1 }).textContent()).toContain(
      'was approved by Bob Smith for Frank Miller',
    )
    expect(await approvedBy(number)).toEqual([{ by: 'Bob Smith' }])

    const own = await mailTo(
      frank,
      'the mail to the principal',
      ({ subject }) => subject === 'Bob Smith decides for you from now on',
    )
    const manage = await open(linkIn(own, 'd'))
    await manage.getByRole('button', { name: 'End: Bob Smith decides for you' }).click()
    expect(await manage.getByRole('status').textContent()).toContain('It is ended.')
    await mailTo(
      bob,
      'the mail about its end',
      ({ subject }) => subject === 'You do not decide for Frank Miller any more',
    )
    for (const one of [page, his, manage]) await one.close()
  })
})
