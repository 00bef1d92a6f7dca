import nodemailer from 'nodemailer'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { SandboxMail } from '../../src/sandbox/client.ts'
import { textOfPdf } from '../support/pdf-text.ts'
import { RunningProgram } from '../support/running-program.ts'
import { eve, frank, grace, hank } from './play.ts'

vi.setConfig({ testTimeout: 90_000 })

const intake = 'expenses@techcorp.example'
let program: RunningProgram
beforeAll(async () => {
  program = await RunningProgram.start()
})
afterAll(() => program.end())

type Attachment = { filename: string; content: Buffer; cid?: string }

/** A mail without any receipt. */
async function send(
  subject: string,
  text: string,
  from = grace,
  attachments: Attachment[] = [],
): Promise<void> {
  const transport = nodemailer.createTransport({
    host: '127.0.0.1',
    port: program.intakePort,
    ignoreTLS: true,
  })
  await transport.sendMail({ from, to: intake, subject, text, attachments })
}

const mailTo = (to: string, what: string, check: (mail: SandboxMail) => boolean) =>
  program.people.waitFor(async () => (await program.people.mails({ to })).find(check), {
    what,
    timeoutMs: 60_000,
  })
const answerTo = (subject: string, to = grace) =>
  mailTo(to, `the answer to “${subject}”`, (mail) => mail.subject === `Re: ${subject}`)
const linkIn = ({ text }: SandboxMail, path: 'a' | 'e') =>
  new RegExp(`https?://\\S+/${path}/[\\w.-]+`).exec(text)?.[0] ?? ''
const numberIn = ({ text }: SandboxMail) => /(EXP|REQ)-\d{4}-\d+/.exec(text)?.[0] ?? ''
const post = (link: string, form: Record<string, string>) =>
  fetch(link, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' })
const categoryOn = (page: string, name: string) =>
  new RegExp(`<option value="([^"]+)"[^>]*>${name}`).exec(page)?.[1] ?? ''
const pageOf = async (link: string) => (await (await fetch(link)).text()).replaceAll('\u00a0', ' ')
const approve = async (to: string, number: string) => {
  const request = await mailTo(to, `the request about ${number} to ${to}`, ({ subject }) =>
    subject.includes(`(${number})`),
  )
  expect((await post(linkIn(request, 'a'), { decision: 'approve' })).status).toBe(303)
}

describe('a mail without a receipt', () => {
  test('“Mileage” starts one; its page works it out; the statement shows the calculation', async () => {
    await send('Mileage to the customer', 'Kick-off at Initech.')
    const answer = await answerTo('Mileage to the customer')
    expect(answer.text).toContain('Which trip was it?')
    const link = linkIn(answer, 'e')
    const page = await pageOf(link)
    expect(page).toContain('to the customer')
    const form = {
      from: 'Boston',
      to: 'New York',
      distance: '215.5',
      date: '2026-11-03',
      category: categoryOn(page, 'Business Travel') || categoryOn(page, 'Travel'),
      note: 'Kick-off',
    }
    expect((await post(link, { ...form, action: 'submit' })).status).toBe(303)
    const number = numberIn(answer)
    await approve(frank, number)
    await approve(eve, number)
    const statement = await mailTo(grace, 'the statement', ({ attachments }) =>
      attachments.some(({ name }) => name === `${number}.pdf`),
    )
    const text = await textOfPdf(statement.attachments[0]?.bytes ?? Buffer.alloc(0))
    expect(text).toContain('215.5 mi')
    expect(text.replaceAll('\u00a0', ' ')).toContain('USD 156.24')
  })

  test('“Per diem” starts one for the days away', async () => {
    await send('Per diem', '')
    const answer = await answerTo('Per diem')
    const link = linkIn(answer, 'e')
    const category =
      categoryOn(await pageOf(link), 'Business Travel') || categoryOn(await pageOf(link), 'Travel')
    const days = { firstDay: '2026-11-03', lastDay: '2026-11-04', breakfasts: '1', lunches: '', dinners: '' }
    expect((await post(link, { ...days, category, action: 'save' })).status).toBe(303)
    const page = await pageOf(link)
    expect(page).toContain('<p class="amount">USD 86.00</p>')
    expect(page).toContain('2 travel days at USD 51.00; USD 16.00 off for 1 breakfast provided')
  })

  test('“Request: …” asks to spend; once approved, an expense that names it is approved at once', async () => {
    await send('Request: team lunch', 'For the kick-off.')
    const answer = await answerTo('Request: team lunch')
    const link = linkIn(answer, 'e')
    const page = await pageOf(link)
    expect(page).toContain('value="team lunch"')
    expect(page).toContain('For the kick-off.')
    const wish = {
      merchant: 'Team lunch',
      amount: '90.00',
      currency: 'USD',
      date: '2026-12-01',
      category: categoryOn(page, 'Meals'),
    }
    expect((await post(link, { ...wish, action: 'submit' })).status).toBe(303)
    const number = numberIn(answer)
    expect(number).toMatch(/^REQ-/)
    await approve(frank, number)
    const told = await mailTo(grace, 'the approved request', ({ subject }) =>
      subject.startsWith('You may spend'),
    )
    expect(told.subject).toContain(number)
    expect(told.attachments).toEqual([])
    expect(await pageOf(linkIn(told, 'e'))).toContain('Approved: you may spend it')
  })

  test('starts one also with the small picture of a signature, and says that it was left out', async () => {
    const content = await sharp({ create: { width: 60, height: 30, channels: 3, background: '#0b5a66' } })
      .png()
      .toBuffer()
    await send('Request for a chair', 'Mine is broken.', hank, [
      { filename: 'logo.png', content, cid: 'logo@techcorp.example' },
    ])
    const answer = await answerTo('Request for a chair', hank)
    expect(answer.text).toContain('What would you like to spend?')
    expect(answer.text).toContain('I left out:')
    expect(await pageOf(linkIn(answer, 'e'))).toContain('value="a chair"')
  })

  test.each(['Re: Request', 'Requested by mistake', 'Lunch'])('“%s” starts nothing', async (subject) => {
    const before = await program.sql('select 1 from expense')
    await send(subject, 'Hello', hank)
    const answer = await answerTo(subject.replace('Re: ', ''), hank)
    expect(answer.text).toContain('I found no receipt in your mail')
    expect(await program.sql('select 1 from expense')).toHaveLength(before.length)
  })
})
