import { existsSync } from 'node:fs'
import { createTransport } from 'nodemailer'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { boltApp, frank, grace, type RunningApp, SandboxProcess, setWorkspace, tinyPng } from './support.ts'

const chromiumPath = '/usr/bin/chromium'
const missing = existsSync(chromiumPath) ? '' : ` (skipped: ${chromiumPath} is not installed)`

describe.skipIf(missing !== '')(`the page${missing}`, () => {
  const sandbox = new SandboxProcess()
  const amounts: unknown[] = []
  let running: RunningApp
  let browser: Browser

  beforeAll(async () => {
    await sandbox.start()
    await setWorkspace(sandbox, 1)
    const text = (words: string) => ({ type: 'plain_text' as const, text: words })
    running = await boltApp(sandbox, (app) => {
      app.action('open', async ({ ack, body, client }) => {
        await ack()
        await client.views.open({
          trigger_id: 'trigger_id' in body ? (body.trigger_id ?? '') : '',
          view: {
            type: 'modal',
            callback_id: 'draft',
            title: text('Review expense'),
            submit: text('Submit'),
            blocks: [
              {
                type: 'input',
                block_id: 'amount',
                label: text('Amount'),
                element: { type: 'plain_text_input', action_id: 'amount' },
              },
            ],
          },
        })
      })
      app.view('draft', async ({ ack, view }) => {
        const value = view.state.values.amount?.amount?.value
        amounts.push(value)
        await ack(
          value === '12.00' ? undefined : { response_action: 'errors', errors: { amount: 'Write 12.00.' } },
        )
      })
    })
    await setWorkspace(sandbox, running.port)
    browser = await chromium.launch({
      executablePath: chromiumPath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    })
  }, 30_000)

  afterAll(async () => {
    await browser?.close()
    await running?.stop()
    await sandbox.end()
  })

  async function open(path: string): Promise<Page> {
    const page = await browser.newPage()
    page.setDefaultTimeout(10_000)
    await page.goto(sandbox.endpoint.url + path)
    return page
  }

  const hostile =
    '<img src=x onerror="document.body.dataset.hacked=1"><script>document.body.dataset.hacked=1</script>'

  test('what people and apps write stays text', async () => {
    await sandbox.client.postMessage({
      as: frank,
      channel: '#general',
      text: `${hostile} *bold*`,
      files: [{ name: '<b onmouseover=alert(1)>.pdf', bytes: Buffer.from('%PDF-1.4') }],
    })
    await running.app.client.chat.postMessage({
      channel: '#general',
      text: 'x',
      blocks: [
        { type: 'section', text: { type: 'mrkdwn', text: `${hostile} <javascript:alert(1)|click>` } },
        { type: 'header', text: { type: 'plain_text', text: hostile.slice(0, 100) } },
      ],
    })
    const page = await open(`/sandbox?as=${grace}`)
    await page.getByRole('link', { name: 'general' }).click()
    await page.locator('.message .block-header').waitFor()
    const shown = page.locator('.messages')
    expect(await shown.locator('.text').first().textContent()).toBe(`${hostile} bold`)
    expect(await shown.locator('.text b').first().textContent()).toBe('bold')
    expect(await shown.locator('script, img[src="x"], a[href^="javascript:"]').count()).toBe(0)
    expect(await page.evaluate('document.body.dataset.hacked')).toBeUndefined()
    await page.close()
  }, 30_000)

  test('a person drops a receipt, presses a button, corrects the modal and submits it', async () => {
    const page = await open(`/sandbox?as=${grace}`)
    await page.getByText('Drop a photo of a receipt here').waitFor()
    await page
      .locator('#composer input[type=file]')
      .setInputFiles({ name: 'r.png', mimeType: 'image/png', buffer: tinyPng })
    await page.getByLabel('Message Outlay').fill('lunch')
    await page.keyboard.press('Enter')
    await page.locator('.message .picture img[alt="r.png"]').waitFor()
    const { user } = await running.app.client.users.lookupByEmail({ email: grace })
    await running.app.client.chat.postMessage({
      channel: user?.id ?? '',
      text: 'draft',
      blocks: [
        {
          type: 'actions',
          elements: [{ type: 'button', action_id: 'open', text: { type: 'plain_text', text: 'Review' } }],
        },
      ],
    })
    await page.getByRole('button', { name: 'Review' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Submit' }).click()
    await dialog.getByText('Please complete this required field.').waitFor()
    await dialog.getByLabel('Amount').fill('abc')
    await dialog.getByRole('button', { name: 'Submit' }).click()
    await dialog.getByText('Write 12.00.').waitFor()
    expect(await dialog.getByLabel('Amount').inputValue()).toBe('abc')
    await dialog.getByLabel('Amount').fill('12.00')
    await dialog.getByRole('button', { name: 'Submit' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(amounts).toEqual(['abc', '12.00'])
    await page.close()
  }, 30_000)

  test('the mailbox shows a mail with its PDF, and its script does not run', async () => {
    const transport = createTransport({ host: '127.0.0.1', port: sandbox.endpoint.smtpPort, ignoreTLS: true })
    await transport.sendMail({
      from: 'Outlay <expenses@techcorp.example>',
      to: grace,
      subject: hostile,
      html: `<p>Approved</p><script>top.document.title = 'hacked'</script>`,
      attachments: [{ filename: 'EXP-1.pdf', content: Buffer.from('%PDF-1.4') }],
    })
    transport.close()
    const page = await open(`/sandbox/mail?as=${grace}`)
    // By the clock of the person, wherever the browser stands.
    const here = await running.app.client.users.lookupByEmail({ email: grace })
    const { mails } = z
      .object({ mails: z.array(z.object({ receivedAt: z.string() })) })
      .parse(await (await fetch(`${sandbox.endpoint.url}/sandbox/api/mails?to=${grace}`)).json())
    const time = new Intl.DateTimeFormat('en-US', { timeZone: here.user?.tz ?? '', timeStyle: 'short' })
    expect(here.user?.tz).not.toBe('UTC')
    expect(await page.locator('.mail-row time').textContent()).toBe(
      time.format(new Date(mails[0]?.receivedAt ?? '')),
    )
    await page.locator('.mail-row').click()
    await page.frameLocator('iframe').getByText('Approved').waitFor()
    expect(await page.locator('.mail-header h2').textContent()).toBe(hostile)
    const link = page.getByRole('link', { name: 'EXP-1.pdf' })
    expect(await link.getAttribute('target')).toBe('_blank')
    const answer = await fetch(sandbox.endpoint.url + (await link.getAttribute('href')))
    expect(answer.headers.get('content-type')).toBe('application/pdf')
    expect(await page.title()).toBe('Mailbox')
    await page.close()
  }, 30_000)

  test('the whole page works under /sandbox, so that the program can proxy it', async () => {
    const page = await browser.newPage()
    const paths: string[] = []
    page.on('request', (request) => paths.push(new URL(request.url()).pathname))
    await page.goto(`${sandbox.endpoint.url}/sandbox?as=${frank}`)
    await page.locator('.line.current').waitFor()
    expect(paths.filter((path) => !path.startsWith('/sandbox'))).toEqual([])
    const policy = (await fetch(`${sandbox.endpoint.url}/sandbox`)).headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
    await page.close()
  }, 30_000)
})
