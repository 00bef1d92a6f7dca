import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { logger } from '../../../../src/kernel/logger.ts'
import { Dovecot, skippedWithoutDovecot } from '../../../support/dovecot.ts'
import { cleanUp, cleanUps, eventually, never, Person, start } from './imap-support.ts'
import { MemoryStore, mail, subjectOf } from './memory-store.ts'

afterEach(cleanUp)

describe.skipIf(skippedWithoutDovecot)(`Mails in an IMAP mailbox ${skippedWithoutDovecot || ''}`, () => {
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
