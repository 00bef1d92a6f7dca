import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import nodemailer from 'nodemailer'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type SandboxMail, shownButtons, shownText } from '../../src/sandbox/client.ts'
import { RunningProgram } from '../support/running-program.ts'
import { taxiReceipt } from '../support/taxi-receipt.ts'
import { eve, fay, frank, grace, hank } from './play.ts'

const intake = 'expenses@techcorp.example'
let program: RunningProgram
beforeAll(async () => {
  program = await RunningProgram.start()
})
afterAll(() => program.end())

let mails = 0
interface Sent {
  from?: string
  subject?: string
  files?: { filename: string; content: Buffer }[]
  headers?: Record<string, string>
  envelopeFrom?: string
}

/** A message as a person's mail program makes it, handed in by SMTP. */
async function send({ from = grace, subject, files, headers, envelopeFrom }: Sent = {}): Promise<string> {
  mails += 1
  const title = subject ?? `Taxi ${mails}`
  await smtp().sendMail({
    from,
    to: intake,
    subject: title,
    text: 'See attached.',
    attachments: files ?? [await taxiReceipt()],
    ...(headers ? { headers } : {}),
    ...(envelopeFrom === undefined ? {} : { envelope: { from: envelopeFrom, to: [intake] } }),
  })
  return title
}
const smtp = (to = program) =>
  nodemailer.createTransport({ host: '127.0.0.1', port: to.intakePort, ignoreTLS: true })

const mailTo = (to: string, what: string, check: (mail: SandboxMail) => boolean) =>
  program.people.waitFor(async () => (await program.people.mails({ to })).find(check), {
    what,
    timeoutMs: 60_000,
  })
const answerTo = (title: string, to = grace) =>
  mailTo(to, `the answer to “${title}”`, ({ subject }) => subject === `Re: ${title}`)
const requestTo = (to: string, number: string) =>
  mailTo(
    to,
    `the request to ${to}`,
    ({ subject }) => subject.includes(`(${number})`) && subject.includes('asks for your approval'),
  )
const numberIn = ({ text }: SandboxMail) => /EXP-\d{4}-\d+/.exec(text)?.[0] ?? ''
const linkIn = ({ text }: SandboxMail, path: 'a' | 'e') =>
  new RegExp(`https?://\\S+/${path}/[\\w.-]+`).exec(text)?.[0] ?? ''
const post = (link: string, form: Record<string, string>) =>
  fetch(link, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' })
const statusOf = async (number: string) =>
  (await program.sql<{ status: string }>('select status from expense where number = $1', [number]))[0]?.status

/** A taxi that was submitted by mail and waits for Frank: its number and his link. */
async function waitingTaxi(): Promise<{ number: string; link: string; answer: SandboxMail }> {
  const answer = await answerTo(await send())
  const number = numberIn(answer)
  return { number, link: linkIn(await requestTo(frank, number), 'a'), answer }
}

describe('a receipt by mail', () => {
  test('that is sure submits by itself; the answer is threaded, says what was understood and offers to take it back', async () => {
    const photo = await readFile('config/receipt.example-mail.jpg')
    const title = await send({
      headers: { 'Message-ID': '<taxi-1@phone.example>' },
      files: [{ filename: 'taxi.jpg', content: photo }],
    })
    const answer = await answerTo(title)
    expect(answer.headers['in-reply-to']).toBe('<taxi-1@phone.example>')
    expect(answer.headers['auto-submitted']).toBe('auto-replied')
    expect(answer.text).toContain('Evergreen Taxi LLC')
    const number = numberIn(answer)
    expect(await statusOf(number)).toBe('awaiting_approval')
    const link = linkIn(answer, 'e')
    expect(await (await fetch(link)).text()).toContain('value="take_back"')
    expect((await post(link, { action: 'take_back' })).status).toBe(303)
    expect(await statusOf(number)).toBe('draft')
  })

  test('is approved step by step through the signed links; the documents are mailed', async () => {
    const { number, link } = await waitingTaxi()
    expect((await post(link, { decision: 'approve' })).status).toBe(303)
    const second = linkIn(await requestTo(eve, number), 'a')
    expect((await post(second, { decision: 'approve' })).status).toBe(303)
    const own = await mailTo(
      grace,
      'the document',
      ({ subject, attachments }) => subject.includes(number) && attachments.length === 1,
    )
    const theirs = await mailTo(
      fay,
      'the document',
      ({ subject, attachments }) => subject.includes(number) && attachments.length === 1,
    )
    expect(own.attachments[0]?.bytes.subarray(0, 5).toString()).toBe('%PDF-')
    expect(own.attachments[0]?.bytes.equals(theirs.attachments[0]?.bytes ?? Buffer.alloc(0))).toBe(true)
  })

  test('that leaves questions open stays a draft, and the link in the answer completes it', async () => {
    const blank = await readFile('test/fixtures/receipts/blank.jpg').catch(() => blankPicture())
    const title = await send({ subject: 'Lunch', files: [{ filename: 'lunch.jpg', content: blank }] })
    const answer = await answerTo(title)
    const number = numberIn(answer)
    expect(await statusOf(number)).toBe('draft')
    const link = linkIn(answer, 'e')
    const page = await (await fetch(link)).text()
    const category = /<option value="([^"]+)"[^>]*>Meals/.exec(page)?.[1] ?? ''
    const form = {
      merchant: 'Corner Shop',
      amount: '12.50',
      currency: 'USD',
      date: '2026-11-03',
      category,
      note: '',
    }
    expect(
      (await post(link, { ...form, action: 'save', amount: '', category: '' })).headers.get('location'),
    ).toContain('saved=1')
    const refused = await post(link, { ...form, action: 'submit', amount: '1e3' })
    expect(refused.status).toBe(422)
    expect(await refused.text()).toContain('Corner Shop')
    expect(await statusOf(number)).toBe('draft')
    expect((await post(link, { ...form, action: 'submit' })).status).toBe(303)
    expect(await statusOf(number)).toBe('awaiting_approval')
    expect(await (await fetch(link)).text()).toContain('Corner Shop')
  })

  test('several receipts in one mail become several drafts and one answer', async () => {
    const [one, two] = [await taxiReceipt(), await taxiReceipt()]
    const title = await send({
      subject: 'Two',
      files: [one, two, { filename: 'list.txt', content: Buffer.from('milk') }],
    })
    const answer = await answerTo(title)
    const numbers = new Set(answer.text.match(/EXP-\d{4}-\d+/g))
    expect(numbers.size).toBe(2)
    for (const number of numbers) expect(await statusOf(number)).toBe('draft')
    expect(answer.text).toContain('list.txt')
  })

  test('the same mail delivered twice has one effect; without a Message-ID too', async () => {
    const { content } = await taxiReceipt()
    const raw = Buffer.from(
      [
        'From: grace.taylor@techcorp.example',
        `To: ${intake}`,
        'Subject: Twice',
        'MIME-Version: 1.0',
        'Content-Type: application/pdf; name=t.pdf',
        'Content-Disposition: attachment; filename=t.pdf',
        'Content-Transfer-Encoding: base64',
        '',
        content.toString('base64').replace(/.{76}/g, '$&\r\n'),
        '',
      ].join('\r\n'),
    )
    for (const trace of [
      '',
      'Received: from a.example by b.example; Fri, 20 Nov 2026 10:00:00 +0000\r\nDelivered-To: other@techcorp.example\r\n',
    ]) {
      // While the first copy is being judged another is put off (451), and comes again as mail servers do.
      await program.people.waitFor(
        () =>
          smtp().sendMail({
            envelope: { from: grace, to: [intake] },
            raw: Buffer.concat([Buffer.from(trace), raw]),
          }),
        { what: 'the copy to be taken' },
      )
    }
    await answerTo('Twice')
    await program.settle()
    const rows = await program.sql('select 1 from inbound_mail where subject = $1', ['Twice'])
    expect(rows).toHaveLength(1)
    expect(
      await program.sql(
        'select 1 from expense e join inbound_mail m on m.id = e.mail_id where m.subject = $1',
        ['Twice'],
      ),
    ).toHaveLength(1)
    expect(
      (await program.people.mails({ to: grace })).filter(({ subject }) => subject === 'Re: Twice'),
    ).toHaveLength(1)
  })
})

async function blankPicture(): Promise<Buffer> {
  const { default: sharp } = await import('sharp')
  return sharp({ create: { width: 300, height: 400, channels: 3, background: '#fefefe' } })
    .jpeg()
    .toBuffer()
}

describe('mail that becomes no expense', () => {
  test('without a receipt, or from nobody we know, it is answered in plain words', async () => {
    const empty = await answerTo(await send({ subject: 'Nothing', files: [] }))
    expect(empty.text).toMatch(/receipt/i)
    const stranger = await answerTo(
      await send({ subject: 'Hello', from: 'stranger@elsewhere.example' }),
      'stranger@elsewhere.example',
    )
    expect(stranger.text).toContain('stranger@elsewhere.example')
    expect(await program.sql(`select 1 from person where email like '%elsewhere%'`)).toHaveLength(0)
  })

  test.each([
    ['Auto-Submitted', 'auto-replied'],
    ['Precedence', 'bulk'],
    ['List-Id', '<news.example>'],
  ])('written by a machine (%s: %s) it is never answered', async (header, value) => {
    const title = await send({ subject: `Robot ${header}`, headers: { [header]: value } })
    await program.settle()
    const [row] = await program.sql<{ outcome: string }>(
      'select outcome from inbound_mail where subject = $1',
      [title],
    )
    expect(row?.outcome).toBe('automatic')
    expect(
      (await program.people.mails({ to: grace })).some(({ subject }) => subject === `Re: ${title}`),
    ).toBe(false)
  })

  test('too complicated to be read, it is answered all the same, with what to do', async () => {
    const parts = Array.from({ length: 1200 }, (_, n) => `--b\r\nContent-Type: text/plain\r\n\r\n${n}\r\n`)
    const header = [`From: ${grace}`, `To: ${intake}`, 'Subject: Too much', 'MIME-Version: 1.0']
    const raw = [...header, 'Content-Type: multipart/mixed; boundary=b', '', ...parts, '--b--', ''].join(
      '\r\n',
    )
    await smtp().sendMail({ envelope: { from: grace, to: [intake] }, raw })
    const answer = await answerTo('Too much')
    expect(answer.text).toContain('new mail')
    const [row] = await program.sql<{ outcome: string }>(
      `select outcome from inbound_mail where subject = 'Too much'`,
    )
    expect(row?.outcome).toBe('unreadable')
  })

  test('a bounce (null return path) is never answered', async () => {
    const title = await send({ subject: 'Undeliverable', envelopeFrom: '' })
    await program.settle()
    const [row] = await program.sql<{ outcome: string }>(
      'select outcome from inbound_mail where subject = $1',
      [title],
    )
    expect(row?.outcome).toBe('automatic')
  })

  test('to an address that is not ours it is refused at once', async () => {
    const attempt = smtp().sendMail({ from: grace, to: 'nobody@techcorp.example', subject: 'x', text: 'x' })
    await expect(attempt).rejects.toMatchObject({ responseCode: 550 })
  })

  test('more than twenty in an hour are not answered any more, and none is lost', async () => {
    const from = 'eager@elsewhere.example'
    for (let n = 0; n < 24; n++) await send({ from, subject: `Eager ${n}`, files: [] })
    await program.settle()
    expect((await program.people.mails({ to: from })).length).toBe(20)
    expect(await program.sql('select 1 from inbound_mail where sender = $1', [from])).toHaveLength(24)
  })
})

describe('an unproven sender', () => {
  let strict: RunningProgram
  beforeAll(async () => {
    strict = await RunningProgram.start({
      MAIL_TRUSTED_PEERS: '192.0.2.1',
      MAIL_AUTHSERV_ID: 'mx.techcorp.example',
    })
  })
  afterAll(() => strict.end())
  const deliver = (subject: string, ...headers: string[]) =>
    smtp(strict).sendMail({
      envelope: { from: grace, to: [intake] },
      raw: [
        ...headers,
        `From: ${grace}`,
        `To: ${intake}`,
        `Subject: ${subject}`,
        'Content-Type: text/plain',
        '',
        'Hello',
        '',
      ].join('\r\n'),
    })
  const outcomeOf = async (subject: string) => {
    await strict.settle()
    return (
      await strict.sql<{ outcome: string }>('select outcome from inbound_mail where subject = $1', [subject])
    )[0]?.outcome
  }

  test('is quarantined and the person whose address it bears is told; a mail server’s word counts only at the top and of the right name', async () => {
    await deliver('Forged')
    await deliver(
      'Proven',
      'Authentication-Results: mx.techcorp.example; dmarc=pass header.from=techcorp.example',
    )
    await deliver(
      'Wrong server',
      'Authentication-Results: mx.evil.example; dmarc=pass header.from=techcorp.example',
    )
    await deliver(
      'Failed above',
      'Authentication-Results: mx.techcorp.example; dmarc=fail header.from=techcorp.example',
      'Authentication-Results: mx.techcorp.example; dmarc=pass header.from=techcorp.example',
    )
    await deliver(
      'Two senders',
      'Authentication-Results: mx.techcorp.example; dmarc=pass header.from=techcorp.example',
      `From: ${hank}`,
    )
    expect(await outcomeOf('Forged')).toBe('quarantined')
    expect(await outcomeOf('Proven')).toBe('empty')
    expect(await outcomeOf('Wrong server')).toBe('quarantined')
    expect(await outcomeOf('Failed above')).toBe('quarantined')
    expect(await outcomeOf('Two senders')).toBe('quarantined')
    // The true copy of a mail that somebody forged first.
    await deliver(
      'Forged',
      'Authentication-Results: mx.techcorp.example; dmarc=pass header.from=techcorp.example',
    )
    expect(await outcomeOf('Forged')).toBe('empty')
    const answers = (await strict.people.mails({ to: grace })).map(({ subject }) => subject)
    expect(answers).toContain('Re: Forged')
    expect(await strict.sql('select 1 from expense')).toHaveLength(0)
  })
})

describe('the page behind the link', () => {
  test('decides nothing by being opened: GET, HEAD, a prefetching scanner, a browser that runs scripts', async () => {
    const { number, link } = await waitingTaxi()
    for (const method of ['GET', 'HEAD', 'GET']) {
      const page = await fetch(link, { method, headers: { purpose: 'prefetch' } })
      expect(page.status).toBe(200)
      expect(page.headers.get('referrer-policy')).toBe('no-referrer')
      expect(page.headers.get('x-robots-tag')).toContain('noindex')
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    }
    const html = await (await fetch(link)).text()
    expect(html).not.toMatch(/<script|onload|http-equiv="refresh"|autofocus/i)
    const browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    })
    try {
      const page = await browser.newPage()
      await page.goto(link, { waitUntil: 'networkidle' })
      expect(await page.title()).not.toBe('')
      // A scanner that follows every link on the page.
      for (const href of await page.$$eval('a[href]', (links) =>
        links.map((one) => (one as unknown as { href: string }).href),
      )) {
        if (href.startsWith('http')) await fetch(href)
      }
      expect(await statusOf(number)).toBe('awaiting_approval')
      await page.getByRole('button', { name: 'Approve' }).click()
      await page.waitForLoadState('networkidle')
      expect(await page.content()).toContain('Frank Miller')
      expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0)
    } finally {
      await browser.close()
    }
    await requestTo(eve, number)
  })

  test('shows what was decided elsewhere: a click in Slack is seen on the page, a decision by link on the card', async () => {
    const first = await waitingTaxi()
    const card = await cardOf(first.number)
    await program.people.click({ as: frank, channel: 'dm', ts: card.ts, actionId: 'approval.approve' })
    await requestTo(eve, first.number)
    const page = await (await fetch(first.link)).text()
    expect(page).not.toContain('value="approve"')
    expect(page).toContain('Frank Miller')
    const second = await waitingTaxi()
    expect((await post(second.link, { decision: 'reject', comment: 'Take the train' })).status).toBe(303)
    await program.people.waitFor(
      async () => shownText(await cardOf(second.number)).includes('was rejected by Frank Miller'),
      { what: 'the card to show the decision' },
    )
    expect(shownButtons(await cardOf(second.number)).map(({ text }) => text)).toEqual(['Undo'])
    const told = await mailTo(
      grace,
      'the rejection',
      ({ subject, text }) => subject.includes(second.number) && text.includes('Take the train'),
    )
    expect(told.headers['in-reply-to']).toBe(second.answer.headers['in-reply-to'])
  })

  test('deciding again the same way is a success, the other way a conflict that names who decided', async () => {
    const { number, link } = await waitingTaxi()
    await post(link, { decision: 'reject', comment: 'No' })
    expect((await post(link, { decision: 'reject', comment: 'No' })).status).toBe(303)
    const conflict = await post(link, { decision: 'approve' })
    expect(conflict.status).toBe(409)
    expect(await conflict.text()).toContain('Frank Miller')
    expect(await statusOf(number)).toBe('rejected')
  })

  test('wants a reason for rejecting, keeps what was typed, and refuses what is no decision', async () => {
    const { number, link } = await waitingTaxi()
    const refused = await post(link, { decision: 'send_back', comment: '  ' })
    expect(refused.status).toBe(422)
    expect((await post(link, { decision: 'burn' })).status).toBe(400)
    expect(
      (
        await fetch(link, {
          method: 'POST',
          body: '{"decision":"approve"}',
          headers: { 'content-type': 'application/json' },
        })
      ).status,
    ).toBeLessThan(500)
    expect((await fetch(link, { method: 'DELETE' })).status).toBe(404)
    const huge = await post(link, { decision: 'reject', comment: 'x'.repeat(200_000) })
    expect(huge.status).toBeGreaterThanOrEqual(400)
    expect(huge.status).toBeLessThan(500)
    expect(await statusOf(number)).toMatch(/awaiting_approval|approved/)
  })

  test('shows the receipt to whoever has the link, and to nobody else', async () => {
    const { link } = await waitingTaxi()
    const picture = new URL(
      /src="([^"]*\/receipts\/[^"]+)"/.exec(await (await fetch(link)).text())?.[1] ?? '',
      link,
    )
    const response = await fetch(picture)
    expect(response.headers.get('content-type')).toBe('image/jpeg')
    expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(1000)
    const other = await waitingTaxi()
    const stolen = picture.pathname.split('/').at(-1)
    expect((await fetch(`${other.link}/receipts/${stolen}`)).status).toBe(404)
  })

  test('does not open with a token that was tampered with, is for something else, or is nonsense', async () => {
    const { link, answer } = await waitingTaxi()
    const token = link.split('/').at(-1) ?? ''
    const [head, body, signature] = token.split('.')
    const forged = Buffer.from(
      JSON.stringify({
        ...JSON.parse(Buffer.from(body ?? '', 'base64url').toString()),
        person: '01a1f81d-73ec-746a-a7ea-1720f1bfa9ae',
      }),
    ).toString('base64url')
    for (const bad of [
      `${head}.${forged}.${signature}`,
      linkIn(answer, 'e').split('/').at(-1),
      'x',
      createHash('sha256').update('x').digest('hex'),
      '%00',
      `${token}x`,
    ]) {
      const response = await fetch(`${program.url}/a/${bad}`)
      expect(response.status).toBeGreaterThanOrEqual(400)
      expect(response.status).toBeLessThan(500)
      expect((await post(`${program.url}/a/${bad}`, { decision: 'approve' })).status).toBeGreaterThanOrEqual(
        400,
      )
    }
  })
})

async function cardOf(number: string) {
  return program.people.waitFor(
    async () =>
      (await program.people.messages({ as: frank, channel: 'dm' })).find((message) =>
        shownText(message).includes(number),
      ),
    { what: `Frank's card of ${number}` },
  )
}
