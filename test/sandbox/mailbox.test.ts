import { once } from 'node:events'
import { createTransport, type Transporter } from 'nodemailer'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort, grace, SandboxProcess, setWorkspace } from './support.ts'

const sandbox = new SandboxProcess()
let transport: Transporter

const pdf = Buffer.from('%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n')

beforeAll(async () => {
  await sandbox.start()
  await setWorkspace(sandbox, await freePort())
  transport = createTransport({ host: '127.0.0.1', port: sandbox.endpoint.smtpPort, ignoreTLS: true })
})

afterAll(async () => {
  transport.close()
  await sandbox.end()
})

function mail(subject: string, more: object = {}) {
  return transport.sendMail({
    from: 'Outlay <expenses@techcorp.example>',
    to: grace,
    subject,
    text: 'Hello',
    ...more,
  })
}

test('a mail is kept with its headers and its PDF, byte for byte, over a kill', async () => {
  const sent = await mail('Approved ✓', {
    html: '<p>Hello</p>',
    attachments: [{ filename: 'EXP-1.pdf', content: pdf }],
  })
  await sandbox.kill()
  await sandbox.start()
  const [got] = await sandbox.client.mails({ to: grace.toUpperCase() })
  expect(got).toMatchObject({
    from: 'expenses@techcorp.example',
    to: [grace],
    subject: 'Approved ✓',
    text: 'Hello',
    messageId: sent.messageId,
    envelope: { from: 'expenses@techcorp.example', to: [grace] },
  })
  expect(got?.html).toContain('<p>Hello</p>')
  expect(got?.attachments).toEqual([{ name: 'EXP-1.pdf', mediaType: 'application/pdf', bytes: pdf }])
  expect(await sandbox.client.mails({ to: 'nobody@techcorp.example' })).toEqual([])
})

test('a mail’s HTML may neither run scripts nor load anything', async () => {
  await mail('Hostile', { html: '<script>alert(1)</script><img src="http://evil.example/x.png">' })
  const got = (await sandbox.client.mails({ to: grace })).find((one) => one.subject === 'Hostile')
  const answer = await fetch(`${sandbox.endpoint.url}/sandbox/api/mails/${got?.id}/html`)
  const policy = answer.headers.get('content-security-policy') ?? ''
  expect(policy).toMatch(
    /default-src 'none'; img-src data:;.*sandbox allow-popups allow-popups-to-escape-sandbox$/,
  )
})

test('SMTP refuses as often as asked, and can lose its answer to a mail that it kept', async () => {
  await sandbox.client.faults(
    { kind: 'smtp_reject', code: 451 },
    { kind: 'smtp_reject', code: 550 },
    { kind: 'smtp_lost_reply' },
  )
  await expect(mail('Faulty')).rejects.toMatchObject({ responseCode: 451 })
  await expect(mail('Faulty')).rejects.toMatchObject({ responseCode: 550 })
  await expect(mail('Faulty')).rejects.toThrow()
  const kept = async () =>
    (await sandbox.client.mails({ to: grace })).filter((one) => one.subject === 'Faulty').length
  expect(await kept()).toBe(1)
  await mail('Faulty')
  expect(await kept()).toBe(2)
})

test('a person writes a mail to the program’s intake, and may not before there is one', async () => {
  const draft = {
    from: grace,
    to: 'expenses@techcorp.example',
    subject: 'Taxi',
    files: [{ name: 'r.pdf', bytes: pdf }],
  }
  await expect(sandbox.client.writeMail(draft)).rejects.toThrow('not switched on')
  let raw = ''
  const intake = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, _session, done) => {
      stream.on('data', (chunk) => {
        raw += String(chunk)
      })
      stream.on('end', () => done())
    },
  })
  const port = await freePort()
  await once(intake.listen(port, '127.0.0.1'), 'listening')
  await setWorkspace(sandbox, await freePort(), { intake: { host: '127.0.0.1', port } })
  const { messageId } = await sandbox.client.writeMail(draft)
  await new Promise<void>((resolve) => intake.close(resolve))
  expect(raw).toContain(messageId)
  expect(raw).toContain('From: Grace Taylor <grace.taylor@techcorp.example>')
  expect(raw).toContain(pdf.toString('base64').slice(0, 40))
})
