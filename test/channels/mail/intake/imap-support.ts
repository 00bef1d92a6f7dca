import { ImapFlow } from 'imapflow'
import { vi } from 'vitest'
import { type ImapIntakeOptions, startImapIntake } from '../../../../src/channels/mail/intake/index.ts'
import type { Dovecot, DovecotAccount } from '../../../support/dovecot.ts'
import { type MemoryStore, mail, subjectOf } from './memory-store.ts'

/** A poll so rare that a test never sees it. */
export const never = 3600
/** What a test leaves to be done after it. */
export const cleanUps: (() => Promise<unknown> | unknown)[] = []

export async function cleanUp(): Promise<void> {
  for (const step of cleanUps.splice(0).reverse()) await step()
}

export function start(memory: MemoryStore, options: Partial<ImapIntakeOptions> & { urls: string[] }) {
  const intake = startImapIntake({
    store: memory.store,
    outcomes: memory.outcomes,
    pollSeconds: 0.2,
    ...options,
  })
  cleanUps.push(() => intake.close())
  return intake
}

/** Waits until it holds, as long as a busy machine may need. */
export const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 20_000, interval: 50 })

/** The mailbox as its owner sees it, with a mail program. */
export class Person {
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
