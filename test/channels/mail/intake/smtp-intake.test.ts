import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import nodemailer from 'nodemailer'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  type SmtpIntakeOptions,
  type StoreMail,
  startSmtpIntake,
} from '../../../../src/channels/mail/intake/index.ts'
import { MemoryStore, mail } from './memory-store.ts'

const intakeAddress = 'expenses@techcorp.example'
const envelope = { from: 'grace@example.test', to: intakeAddress }
const cleanUps: (() => Promise<void> | void)[] = []

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

async function start(options: Partial<SmtpIntakeOptions> = {}) {
  const memory = new MemoryStore()
  const intake = await startSmtpIntake({
    port: 0,
    host: '127.0.0.1',
    trustedPeers: [],
    acceptsRecipient: async (address) => address === intakeAddress,
    store: memory.store,
    ...options,
  })
  cleanUps.push(() => intake.close())
  return { intake, memory }
}

/** A mail server that delivers to us. */
function sender(port: number) {
  const transport = nodemailer.createTransport({ host: '127.0.0.1', port })
  return (raw: Buffer, other: { from?: string; to?: string | string[] } = {}) =>
    transport.sendMail({ envelope: { ...envelope, ...other }, raw })
}

/** Speaks SMTP line by line. */
class Conversation {
  readonly #socket: Socket
  readonly #replies: AsyncIterator<string>

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1')
    this.#socket.on('error', () => {})
    this.#replies = replies(this.#socket)
    cleanUps.push(() => void this.#socket.destroy())
  }

  async reply(): Promise<string> {
    return (await this.#replies.next()).value ?? 'closed'
  }

  async say(line: string): Promise<string> {
    this.write(`${line}\r\n`)
    return this.reply()
  }

  write(text: string | Buffer): void {
    this.#socket.write(text)
  }

  hangUp(): void {
    this.#socket.destroy()
  }

  /** Up to the moment where the text is sent. */
  static async untilData(port: number): Promise<Conversation> {
    const conversation = new Conversation(port)
    await conversation.reply()
    await conversation.say('EHLO test')
    await conversation.say(`MAIL FROM:<${envelope.from}>`)
    await conversation.say(`RCPT TO:<${intakeAddress}>`)
    expect(await conversation.say('DATA')).toMatch(/^354/)
    return conversation
  }
}

async function* replies(socket: Socket): AsyncGenerator<string> {
  let text = ''
  for await (const chunk of socket) {
    text += chunk
    for (;;) {
      const whole = /^(?:\d{3}-.*\r\n)*\d{3} .*\r\n/.exec(text)?.[0]
      if (!whole) break
      text = text.slice(whole.length)
      yield whole.trim()
    }
  }
}

describe('SMTP intake', () => {
  test('a mail is confirmed only after it has been committed, byte for byte', async () => {
    const committed = Promise.withResolvers<void>()
    const { memory, intake } = await start({
      store: async (received) => {
        const stored = await memory.store(received)
        await committed.promise
        return stored
      },
    })
    const raw = Buffer.concat([mail('Lunch'), Buffer.from('.\r\n..dots\r\n\xff\x80 8-bit\r\n', 'latin1')])
    let confirmed = false
    const sent = sender(intake.port)(raw).then((info) => {
      confirmed = true
      return info
    })
    await vi.waitFor(() => expect(memory.mails.size).toBe(1))
    expect(confirmed).toBe(false)

    committed.resolve()
    expect((await sent).response).toMatch(/^250 2\.6\.0/)
    expect([...memory.mails.values()]).toEqual([
      { raw, via: 'smtp', envelopeFrom: envelope.from, envelopeTo: [intakeAddress], peerTrusted: false },
    ])
  })

  test('a mail that cannot be stored is sent again and lost nowhere', async () => {
    const store = vi.fn<StoreMail>().mockRejectedValueOnce(new Error('the database is away'))
    const { memory, intake } = await start({ store })
    store.mockImplementation(memory.store)
    const send = sender(intake.port)

    await expect(send(mail('Lunch'))).rejects.toMatchObject({
      responseCode: 451,
      response: expect.stringMatching(/^451 4\.3\.0 .*try again/),
    })
    await send(mail('Lunch'))
    await send(mail('Lunch')) // the answer to the first one was lost
    expect(memory.calls).toHaveLength(2)
    expect(memory.subjects).toEqual(['Lunch'])
  })

  test('unknown recipients are refused, the others get the mail', async () => {
    const { memory, intake } = await start()
    const send = sender(intake.port)
    await expect(send(mail('A'), { to: 'nobody@techcorp.example' })).rejects.toMatchObject({
      responseCode: 550,
      response: expect.stringMatching(/^550 5\.1\.1 /),
    })
    const info = await send(mail('B'), { to: ['nobody@techcorp.example', intakeAddress] })
    expect(info.rejected).toEqual(['nobody@techcorp.example'])
    expect([...memory.mails.values()].map(({ envelopeTo }) => envelopeTo)).toEqual([[intakeAddress]])
  })

  test('a recipient that cannot be checked is tried again', async () => {
    const { intake } = await start({
      acceptsRecipient: () => Promise.reject(new Error('the database is away')),
    })
    await expect(sender(intake.port)(mail('A'))).rejects.toMatchObject({ responseCode: 451 })
  })

  test('a mail that says it is too large is refused before it is sent', async () => {
    const { intake } = await start({ maxBytes: 10_000 })
    const conversation = new Conversation(intake.port)
    await conversation.reply()
    expect(await conversation.say('EHLO test')).toMatch(/SIZE 10000/)
    expect(await conversation.say('MAIL FROM:<> SIZE=10001')).toMatch(/^552 5\.3\.4 /)
    expect(await conversation.say('MAIL FROM:<> SIZE=10000')).toMatch(/^250 /)
  })

  test('a mail that is too large without saying so is refused, and the connection goes on', async () => {
    const { memory, intake } = await start({ maxBytes: 10_000 })
    const conversation = await Conversation.untilData(intake.port)
    conversation.write(mail('Large', 200_000))
    expect(await conversation.say('.')).toMatch(/^552 5\.3\.4 /)
    expect(memory.mails.size).toBe(0)

    await conversation.say(`MAIL FROM:<${envelope.from}>`)
    await conversation.say(`RCPT TO:<${intakeAddress}>`)
    await conversation.say('DATA')
    conversation.write(mail('Small', 9000))
    expect(await conversation.say('.')).toMatch(/^250 /)
    expect(memory.subjects).toEqual(['Small'])
  })

  test.each([
    [['127.0.0.0/8'], true],
    [['10.0.0.0/8', '::1'], false],
  ])('with the trusted peers %j a mail from loopback is trusted: %s', async (trustedPeers, trusted) => {
    const { memory, intake } = await start({ trustedPeers })
    await sender(intake.port)(mail('A'))
    expect([...memory.mails.values()].map(({ peerTrusted }) => peerTrusted)).toEqual([trusted])
  })

  test('the null return path of a bounce is taken', async () => {
    const { memory, intake } = await start()
    await sender(intake.port)(mail('Undeliverable'), { from: '' })
    expect([...memory.mails.values()].map(({ envelopeFrom }) => envelopeFrom)).toEqual([null])
  })

  test('50 senders at once are all served, a few at a time', async () => {
    let running = 0
    let most = 0
    const { memory, intake } = await start({
      store: async (received) => {
        most = Math.max(most, ++running)
        await new Promise((resolve) => setTimeout(resolve, 5))
        running--
        return memory.store(received)
      },
    })
    const send = sender(intake.port)
    await Promise.all(Array.from({ length: 50 }, (_, index) => send(mail(`Taxi ${index}`, 50_000))))
    expect(memory.mails.size).toBe(50)
    expect(most).toBeGreaterThan(1)
    expect(most).toBeLessThanOrEqual(8)
  })

  test('a mail whose sender hangs up in the middle is not stored, and its place is free again', async () => {
    const { memory, intake } = await start()
    const conversations = await Promise.all(
      Array.from({ length: 20 }, () => Conversation.untilData(intake.port)),
    )
    for (const conversation of conversations) conversation.write(mail('Half'))
    for (const conversation of conversations) conversation.hangUp()
    await sender(intake.port)(mail('Whole'))
    expect(memory.subjects).toEqual(['Whole'])
  })

  test('there is no log-in, no STARTTLS and no way to pretend another address', async () => {
    const { intake } = await start()
    const conversation = new Conversation(intake.port)
    expect(await conversation.reply()).toMatch(/^220 /)
    expect(await conversation.say('EHLO test')).not.toMatch(/AUTH|STARTTLS|XCLIENT/)
    for (const command of ['AUTH PLAIN AGEAYg==', 'STARTTLS', 'XCLIENT ADDR=127.0.0.1', 'SHELL id']) {
      expect(await conversation.say(command)).toMatch(/^500 /)
    }
  })

  test('closing lets a mail that is under way end, and hangs up on those who wait', async () => {
    const { memory, intake } = await start()
    const idle = new Conversation(intake.port)
    await idle.reply()
    const busy = await Conversation.untilData(intake.port)
    busy.write(mail('Last'))

    const closed = intake.close()
    expect(await idle.reply()).toMatch(/^421 /)
    expect(await busy.say('.')).toMatch(/^250 /)
    expect(await busy.reply()).toMatch(/^421 /)
    await closed
    expect(memory.subjects).toEqual(['Last'])
    const [refused] = await once(connect(intake.port, '127.0.0.1'), 'error')
    expect(refused).toMatchObject({ code: 'ECONNREFUSED' })
  })

  test('a port that is taken stops the start', async () => {
    const { intake } = await start()
    await expect(start({ port: intake.port })).rejects.toMatchObject({
      code: 'smtp_intake_port',
      message: expect.stringContaining('INTAKE_SMTP_PORT'),
    })
  })
})
