import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ImapFlow } from 'imapflow'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type ImapIntakeOptions, startImapIntake } from '../../../../src/channels/mail/intake/index.ts'
import { logger } from '../../../../src/kernel/logger.ts'
import { Dovecot, type DovecotAccount, skippedWithoutDovecot } from '../../../support/dovecot.ts'
import { MemoryStore, mail, subjectOf } from './memory-store.ts'
import { StallingProxy } from './stalling-proxy.ts'

/** So rarely that a test never sees it. */
const never = 3600
const often = 0.2
const cleanUps: (() => Promise<unknown> | unknown)[] = []

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

function start(memory: MemoryStore, options: Partial<ImapIntakeOptions> & { urls: string[] }) {
  const intake = startImapIntake({
    store: memory.store,
    outcomes: memory.outcomes,
    pollSeconds: often,
    ...options,
  })
  cleanUps.push(() => intake.close())
  return intake
}

/** Waits until it holds, as long as a busy machine may need. */
const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 20_000, interval: 50 })

/** The mailbox as its owner sees it, with a mail program. */
class Person {
  readonly #client: ImapFlow

  private constructor(client: ImapFlow) {
    this.#client = client
  }

  static async at(dovecot: Dovecot, account: DovecotAccount): Promise<Person> {
    const { user, password: pass } = account
    const client = new ImapFlow({
      host: '127.0.0.1',
      port: dovecot.port,
      auth: { user, pass },
      logger: false,
    })
    client.on('error', () => {})
    await client.connect()
    cleanUps.push(() => client.close())
    return new Person(client)
  }

  async append(subject: string, options: { filler?: number; flags?: string[]; path?: string } = {}) {
    await this.#client.append(options.path ?? 'INBOX', mail(subject, options.filler), options.flags)
  }

  /** The subjects in a folder, without those marked as deleted; none if there is no such folder. */
  async subjects(path: string, deleted = false): Promise<string[]> {
    const exists = (await this.#client.list()).some((folder) => folder.path === path)
    if (!exists) return []
    const lock = await this.#client.getMailboxLock(path)
    try {
      await this.#client.noop()
      const uids = (await this.#client.search({ deleted }, { uid: true })) || []
      if (uids.length === 0) return []
      const rows = await this.#client.fetchAll(uids, { source: true }, { uid: true })
      return rows.map(({ source }) => subjectOf(source ?? Buffer.alloc(0))).sort()
    } finally {
      lock.release()
    }
  }

  async move(subject: string, destination: string): Promise<void> {
    const lock = await this.#client.getMailboxLock('INBOX')
    await this.#client.mailboxCreate(destination)
    await this.#client.messageMove({ subject }, destination)
    lock.release()
  }

  create = (path: string) => this.#client.mailboxCreate(path)
}

describe.skipIf(skippedWithoutDovecot)(`IMAP intake ${skippedWithoutDovecot || ''}`, () => {
  let dovecot: Dovecot

  beforeAll(async () => {
    dovecot = await Dovecot.start()
  })
  afterAll(() => dovecot?.end())

  async function newMailbox() {
    const account = dovecot.newAccount()
    return { account, person: await Person.at(dovecot, account), memory: new MemoryStore() }
  }

  test('mails are stored, whatever their flags, and moved by their outcome and not before', async () => {
    const { account, person, memory } = await newMailbox()
    await person.append('Good')
    await person.append('Bad')
    await person.append('Slow', { flags: ['\\Seen', '\\Flagged'] })
    await person.append('Deleted', { flags: ['\\Deleted'] })
    const intake = start(memory, { urls: [dovecot.url(account)] })

    await eventually(() => expect(memory.subjects).toEqual(['Bad', 'Good', 'Slow']))
    expect([...memory.mails.values()]).toContainEqual({
      raw: mail('Good'),
      via: 'imap',
      envelopeFrom: null,
      envelopeTo: [],
      peerTrusted: false,
    })
    expect(await person.subjects('INBOX')).toEqual(['Bad', 'Good', 'Slow'])

    memory.decide('Good', 'processed')
    memory.decide('Bad', 'failed')
    await eventually(async () => expect(await person.subjects('INBOX')).toEqual(['Slow']))
    expect(await person.subjects('Processed')).toEqual(['Good'])
    expect(await person.subjects('Failed')).toEqual(['Bad'])
    expect(await person.subjects('INBOX', true)).toEqual(['Deleted'])
    expect(memory.calls).toHaveLength(3)
    expect(intake.status()).toMatchObject([{ state: 'watching', waiting: 1, problem: null }])
  })

  test('the server tells of new mails, by APPEND and by delivery, without being asked', async () => {
    const { account, person, memory } = await newMailbox()
    memory.outcome = 'processed' // while a mail waits for its outcome, the mailbox is also looked into
    const intake = start(memory, { urls: [dovecot.url(account)], pollSeconds: never })
    await eventually(() => expect(intake.status()).toMatchObject([{ state: 'watching' }]))
    await person.append('First')
    await eventually(async () => expect(await person.subjects('Processed')).toEqual(['First']))
    await eventually(() => expect(intake.status()).toMatchObject([{ waiting: 0 }]))
    await dovecot.deliver(account, mail('Second'))
    await eventually(() => expect(memory.subjects).toEqual(['First', 'Second']))
  })

  test('a mail that arrives while another one is stored is taken in after it', async () => {
    const { account, person, memory } = await newMailbox()
    await person.append('First')
    const first = Promise.withResolvers<void>()
    const store = vi.fn(async (received: Parameters<typeof memory.store>[0]) => {
      if (subjectOf(received.raw) === 'First') await first.promise
      return memory.store(received)
    })
    start(memory, { urls: [dovecot.url(account)], pollSeconds: never, store })
    await eventually(() => expect(store).toHaveBeenCalledTimes(1))
    await person.append('Second')
    first.resolve()
    await eventually(() => expect(memory.subjects).toEqual(['First', 'Second']))
  })

  test('50 mails are each stored and moved although the server is restarted in the middle', async () => {
    const own = await Dovecot.start()
    cleanUps.push(() => own.end())
    const account = own.newAccount()
    const person = await Person.at(own, account)
    const subjects = Array.from({ length: 50 }, (_, index) => `Taxi ${index + 10}`)
    for (const subject of subjects) await person.append(subject)
    const memory = new MemoryStore()
    memory.outcome = 'processed'
    const store = async (received: Parameters<typeof memory.store>[0]) => {
      const stored = await memory.store(received)
      if (memory.calls.length === 20) {
        await own.stop()
        await own.startAgain()
      }
      return stored
    }
    start(memory, { urls: [own.url(account)], pollSeconds: never, store })

    await eventually(() => expect(memory.subjects).toEqual(subjects))
    const later = await Person.at(own, account)
    await eventually(async () => expect(await later.subjects('Processed')).toEqual(subjects))
    expect(await later.subjects('INBOX')).toEqual([])
    expect(memory.calls).toHaveLength(50)
  })

  test('after a crash the same mails are stored again under the same ids, and moved', async () => {
    const { account, person, memory } = await newMailbox()
    for (const subject of ['A', 'B', 'C']) await person.append(subject)
    const crashed = start(memory, { urls: [dovecot.url(account)] })
    await eventually(() => expect(memory.mails.size).toBe(3))
    await crashed.close()
    const ids = [...memory.calls]

    memory.outcome = 'processed'
    start(memory, { urls: [dovecot.url(account)] })
    await eventually(async () => expect(await person.subjects('Processed')).toEqual(['A', 'B', 'C']))
    expect(memory.calls).toEqual([...ids, ...ids])
    expect(memory.mails.size).toBe(3)
  })

  test('a mail that was stored although storing it failed is stored again under the same id', async () => {
    const { account, person, memory } = await newMailbox()
    await person.append('A')
    const store = vi.fn(memory.store).mockImplementationOnce(async (received) => {
      await memory.store(received)
      throw new Error('the connection broke after the commit')
    })
    memory.outcome = 'processed'
    start(memory, { urls: [dovecot.url(account)], store })
    await eventually(async () => expect(await person.subjects('Processed')).toEqual(['A']))
    expect(store).toHaveBeenCalledTimes(2)
    expect(memory.mails.size).toBe(1)
  })

  test('mails that cannot be stored stay, and do not hold up the others', async () => {
    const { account, person, memory } = await newMailbox()
    const bad = Array.from({ length: 5 }, (_, index) => `Bad ${index}`)
    for (const subject of [...bad, 'Good']) await person.append(subject)
    let broken = true
    const store = async (received: Parameters<typeof memory.store>[0]) => {
      if (broken && subjectOf(received.raw).startsWith('Bad')) throw new Error('not today')
      return memory.store(received)
    }
    memory.outcome = 'processed'
    const intake = start(memory, { urls: [dovecot.url(account)], store })
    await eventually(async () => expect(await person.subjects('Processed')).toEqual(['Good']))
    await eventually(() => expect(intake.status()).toMatchObject([{ waiting: 5 }]))
    expect(await person.subjects('INBOX')).toEqual(bad)

    broken = false
    await eventually(async () => expect(await person.subjects('Processed')).toEqual([...bad, 'Good']))
  })

  test('nothing is moved while nobody knows the outcomes', async () => {
    const { account, person, memory } = await newMailbox()
    await person.append('A')
    memory.outcome = 'processed'
    const outcomes = vi.fn(memory.outcomes).mockRejectedValueOnce(new Error('the database is away'))
    outcomes.mockResolvedValueOnce(new Map())
    const unknown = eventually(() => expect(outcomes).toHaveBeenCalledTimes(2))
    start(memory, { urls: [dovecot.url(account)], outcomes })
    await unknown
    expect(await person.subjects('INBOX')).toEqual(['A'])
    await eventually(async () => expect(await person.subjects('Processed')).toEqual(['A']))
  })

  test('mails that the server does not move stay, which is told, and are moved once it does', async () => {
    const { account, person, memory } = await newMailbox()
    await person.append('A')
    const obstacle = join(account.home, 'Maildir/.Processed')
    await writeFile(obstacle, 'not a folder')
    memory.outcome = 'processed'
    const intake = start(memory, { urls: [dovecot.url(account)] })
    const problem = expect.stringContaining('did not move 1 mails to Processed')
    await eventually(() => expect(intake.status()).toMatchObject([{ waiting: 1, problem }]))
    expect(await person.subjects('INBOX')).toEqual(['A'])

    await rm(obstacle)
    await eventually(async () => expect(await person.subjects('Processed')).toEqual(['A']))
    expect(memory.calls).toHaveLength(1)
  })

  test('a mail that is too large is not read but moved to Failed', async () => {
    const { account, person, memory } = await newMailbox()
    await person.append('Large', { filler: 20_000 })
    await person.append('Small', { filler: 5000 })
    const warn = vi.spyOn(logger, 'warn')
    cleanUps.push(() => warn.mockRestore())
    start(memory, { urls: [dovecot.url(account)], maxBytes: 10_000 })
    await eventually(async () => expect(await person.subjects('Failed')).toEqual(['Large']))
    await eventually(() => expect(memory.subjects).toEqual(['Small']))
    expect(warn).toHaveBeenCalledWith(
      expect.objectContaining({ uid: 1 }),
      expect.stringContaining('too large'),
    )
  })

  test('after a change of UIDVALIDITY a known UID is another mail', async () => {
    const own = await Dovecot.start()
    cleanUps.push(() => own.end())
    const account = own.newAccount()
    const before = await Person.at(own, account)
    await before.create('Receipts')
    await before.append('Old', { path: 'Receipts' })
    const memory = new MemoryStore()
    start(memory, { urls: [own.url(account, { path: 'Receipts' })] })
    await eventually(() => expect(memory.subjects).toEqual(['Old']))

    await own.stop()
    memory.decide('Old', 'processed')
    await rm(join(account.home, 'Maildir/.Receipts'), { recursive: true })
    await own.startAgain()
    const after = await Person.at(own, account)
    await after.create('Receipts')
    await after.append('New', { path: 'Receipts' })
    await eventually(() => expect(memory.subjects).toEqual(['New', 'Old']))
    expect(await after.subjects('Receipts')).toEqual(['New'])

    memory.decide('New', 'failed')
    await eventually(async () => expect(await after.subjects('Failed')).toEqual(['New']))
    expect(await after.subjects('Processed')).toEqual([])
  })

  test('a mail that a person takes away is forgotten', async () => {
    const { account, person, memory } = await newMailbox()
    await person.append('Private')
    const intake = start(memory, { urls: [dovecot.url(account)] })
    await eventually(() => expect(intake.status()).toMatchObject([{ waiting: 1 }]))
    await person.move('Private', 'Archive')
    memory.outcome = 'processed'
    await eventually(() => expect(intake.status()).toMatchObject([{ waiting: 0 }]))
    expect(await person.subjects('Archive')).toEqual(['Private'])
  })

  test('a connection that fell silent is noticed and replaced', async () => {
    const { account, person, memory } = await newMailbox()
    const proxy = await StallingProxy.start(dovecot.port)
    cleanUps.push(() => proxy.close())
    const intake = start(memory, { urls: [dovecot.url(account, { port: proxy.port })], answerSeconds: 1 })
    await eventually(() => expect(intake.status()).toMatchObject([{ state: 'watching' }]))

    proxy.fallSilent()
    await person.append('A')
    await eventually(() => expect(intake.status()).toMatchObject([{ state: 'unreachable' }]))
    expect(intake.status()[0]?.problem).toMatch(/time|greeting/i)
    proxy.recover()
    await eventually(() => expect(memory.subjects).toEqual(['A']))
    expect(intake.status()).toMatchObject([{ state: 'watching', problem: null }])
  })

  test('a refused log-in is told apart, hinders no other mailbox and shows no password', async () => {
    const { account, person, memory } = await newMailbox()
    await person.append('A')
    const lines = (['info', 'warn', 'error'] as const).map((level) => vi.spyOn(logger, level))
    cleanUps.push(() => lines.map((line) => line.mockRestore()))
    const wrong = dovecot.url(account, { password: 'not-my-password' })
    const absent = dovecot.url(account, { path: 'Absent' })
    const intake = start(memory, { urls: [wrong, absent, dovecot.url(account)] })

    await eventually(() => expect(memory.subjects).toEqual(['A']))
    await eventually(() =>
      expect(intake.status()).toMatchObject([
        { state: 'login_refused', problem: 'Authentication failed.' },
        { state: 'unreachable', problem: expect.stringContaining("doesn't exist") },
        { state: 'watching', problem: null },
      ]),
    )
    const logged = JSON.stringify([lines.map((line) => line.mock.calls), intake.status()])
    expect(logged).toContain('log-in refused')
    expect(logged).not.toContain('not-my-password')
    expect(logged).not.toContain(account.password)
  })

  test('closing ends the mail under way and logs out; a wrong address stops the start', async () => {
    const { account, person, memory } = await newMailbox()
    await person.append('A')
    await person.append('B')
    const storing = Promise.withResolvers<void>()
    const store = vi.fn(async (received: Parameters<typeof memory.store>[0]) => {
      await storing.promise
      return memory.store(received)
    })
    const intake = start(memory, { urls: [dovecot.url(account)], store })
    await eventually(() => expect(store).toHaveBeenCalledTimes(1))
    const closed = intake.close()
    storing.resolve()
    await closed
    expect(memory.subjects).toEqual(['A'])
    expect(intake.status()).toMatchObject([{ state: 'closed' }])
    await eventually(async () => {
      const lines = (await dovecot.log()).split('\n').filter((line) => line.includes(account.user))
      expect(lines.filter((line) => line.includes('Logged out'))).toHaveLength(1)
    })
    expect(() => startImapIntake({ ...memory, urls: [dovecot.url(account), 'imap:nonsense'] })).toThrow(
      'IMAP_URL',
    )
  })

  test.each([
    ['without MOVE', { prefix: 'INBOX.', capability: 'IMAP4rev1 IDLE NAMESPACE UIDPLUS' }],
    ['with neither MOVE nor UIDPLUS nor IDLE', { prefix: 'INBOX.', capability: 'IMAP4rev1 NAMESPACE' }],
  ])(
    'on a server with a name space and %s, folders are made and only our mails removed',
    async (_, options) => {
      const own = await Dovecot.start(options)
      cleanUps.push(() => own.end())
      const account = own.newAccount()
      const person = await Person.at(own, account)
      await person.append('Deleted by a person', { flags: ['\\Deleted'] })
      await person.append('Good')
      await person.append('Open')
      const memory = new MemoryStore()
      start(memory, { urls: [own.url(account)] })
      await eventually(() => expect(memory.subjects).toEqual(['Good', 'Open']))
      memory.decide('Good', 'processed')

      await eventually(async () => expect(await person.subjects('INBOX.Processed')).toEqual(['Good']))
      await eventually(async () => expect(await person.subjects('INBOX')).toEqual(['Open']))
      expect(await person.subjects('INBOX', true)).toContain('Deleted by a person')
      await person.append('Later')
      await eventually(() => expect(memory.subjects).toEqual(['Good', 'Later', 'Open']))
      expect(await person.subjects('INBOX.Processed')).toEqual(['Good'])
    },
  )
})
