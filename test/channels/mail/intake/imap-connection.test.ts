import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { startImapIntake } from '../../../../src/channels/mail/intake/index.ts'
import { logger } from '../../../../src/kernel/logger.ts'
import { Dovecot, skippedWithoutDovecot } from '../../../support/dovecot.ts'
import { cleanUp, cleanUps, eventually, never, Person, start } from './imap-support.ts'
import { MemoryStore } from './memory-store.ts'
import { StallingProxy } from './stalling-proxy.ts'

afterEach(cleanUp)

describe.skipIf(skippedWithoutDovecot)(`Connections to IMAP servers ${skippedWithoutDovecot || ''}`, () => {
  let dovecot: Dovecot

  beforeAll(async () => {
    dovecot = await Dovecot.start()
  })
  afterAll(() => dovecot?.end())

  async function newMailbox() {
    const account = dovecot.newAccount()
    return { account, person: await Person.at(dovecot, account), memory: new MemoryStore() }
  }

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
})
