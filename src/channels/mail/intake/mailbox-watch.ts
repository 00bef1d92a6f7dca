import { setTimeout } from 'node:timers/promises'
import { ImapFlow } from 'imapflow'
import { z } from 'zod'
import { logger } from '../../../kernel/logger.ts'
import { Bell } from './bell.ts'
import { ImapMailbox } from './imap-mailbox.ts'
import type { ImapAddress } from './imap-url.ts'
import type { MailOutcomes, StoreMail } from './received-mail.ts'

export interface ImapMailboxStatus {
  /** `user@host/mailbox` */
  mailbox: string
  state: 'connecting' | 'watching' | 'login_refused' | 'unreachable' | 'closed'
  /** Mails in the mailbox that are still to be done. */
  waiting: number
  /** Why it is not watched, as the server or the network put it. */
  problem: string | null
}

export interface MailboxWatchOptions {
  address: ImapAddress
  store: StoreMail
  outcomes: MailOutcomes
  pollSeconds: number
  answerSeconds: number
  maxBytes: number
}

/** The first pause before a new connection; it doubles up to the longest one. */
const retrySeconds = { first: 1, longest: 30 }
/** A refused log-in is tried more slowly, or the server locks the account. */
const refusedSeconds = 60
/** While mails wait for their outcome, the mailbox is looked into more often: first so soon, then ever more rarely. */
const busySeconds = 1
const closeSeconds = 5

/** Keeps one mailbox connected and watched, from its creation to `close`. */
export class MailboxWatch {
  readonly #options: MailboxWatchOptions
  readonly #mailbox: ImapMailbox
  readonly #stop = new AbortController()
  readonly #ended: Promise<void>
  #connection: Connection
  #retry = retrySeconds.first
  #state: ImapMailboxStatus['state'] = 'connecting'
  #problem: string | null = null

  constructor(options: MailboxWatchOptions) {
    this.#options = options
    this.#mailbox = new ImapMailbox({ ...options, label: options.address.label })
    this.#connection = new Connection(options)
    this.#ended = this.#run()
  }

  status(): ImapMailboxStatus {
    return {
      mailbox: this.#options.address.label,
      state: this.#state,
      waiting: this.#mailbox.waiting,
      problem: this.#problem,
    }
  }

  async close(): Promise<void> {
    this.#stop.abort()
    this.#connection.bell.ring()
    if (!this.#connection.client.usable) this.#connection.client.close() // it was still connecting
    await Promise.race([this.#ended, setTimeout(closeSeconds * 1000, undefined, { ref: false })])
    this.#connection.client.close()
    this.#state = 'closed'
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#useConnection()
      } catch (error) {
        if (!this.#stop.signal.aborted) this.#report(this.#connection.failure ?? error)
      }
      this.#connection.client.close()
      const seconds = this.#state === 'login_refused' ? refusedSeconds : this.#retry
      await setTimeout(seconds * 1000, undefined, { signal: this.#stop.signal }).catch(() => {})
      this.#retry = Math.min(this.#retry * 2, retrySeconds.longest)
      if (!this.#stop.signal.aborted) this.#connection = new Connection(this.#options)
    }
  }

  async #useConnection(): Promise<void> {
    const { client, bell } = this.#connection
    const { address, pollSeconds } = this.#options
    this.#mailbox.opened(await this.#connection.open())
    this.#state = 'watching'
    this.#problem = null
    logger.info({ mailbox: address.label }, 'imap intake: watching')
    const soon = Math.min(busySeconds, pollSeconds)
    let quietSeconds = soon
    while (!this.#stop.signal.aborted) {
      const done =
        (await this.#mailbox.takeIn(client, this.#stop.signal)) + (await this.#mailbox.moveFinished(client))
      this.#retry = retrySeconds.first
      if (done > 0) {
        quietSeconds = soon
        continue // there may be more
      }
      client.idle().catch(() => {}) // ends with the next command, or with the connection, which rings
      await bell.wait((this.#mailbox.waiting > 0 ? quietSeconds : pollSeconds) * 1000)
      quietSeconds = Math.min(quietSeconds * 2, pollSeconds)
      if (!client.usable) throw new Error('The server closed the connection')
    }
    await client.logout()
  }

  #report(error: unknown): void {
    const { reason, refused } = describe(error)
    const mailbox = this.#options.address.label
    this.#state = refused ? 'login_refused' : 'unreachable'
    this.#problem = reason
    if (refused) logger.error({ mailbox, reason }, 'imap intake: log-in refused; check IMAP_URL')
    else logger.warn({ mailbox, reason, retryInSeconds: this.#retry }, 'imap intake: connection failed')
  }
}

/** One connection to the server: an ImapFlow cannot be used again once it is closed. */
class Connection {
  readonly client: ImapFlow
  /** Rings when mail arrived, and when the connection is gone. */
  readonly bell = new Bell()
  /** Why it broke: says more than what the commands under way are rejected with. */
  failure: Error | undefined
  readonly #path: string[]

  constructor({ address, maxBytes, answerSeconds }: MailboxWatchOptions) {
    const answerMs = answerSeconds * 1000
    this.#path = address.path
    this.client = new ImapFlow({
      host: address.host,
      port: address.port,
      secure: address.secure,
      doSTARTTLS: address.startTls,
      auth: { user: address.user, pass: address.password },
      clientInfo: { name: 'Outlay' },
      logger: false,
      disableAutoIdle: true,
      disableCompression: true,
      connectionTimeout: answerMs,
      greetingTimeout: answerMs,
      socketTimeout: answerMs,
      maxLiteralSize: maxBytes + 1024 * 1024,
    })
    this.client.on('exists', () => this.bell.ring())
    this.client.on('close', () => this.bell.ring())
    this.client.on('error', (error) => {
      this.failure = error
    })
  }

  /** Logs in and opens the mailbox; returns its UIDVALIDITY. */
  async open(): Promise<bigint> {
    await this.client.connect()
    // Holding the lock also tells ImapFlow that silence between two commands is no failure.
    await this.client.getMailboxLock(this.#path, { maxLockHoldTime: false })
    if (!this.client.mailbox) throw new Error('The server closed the connection')
    return this.client.mailbox.uidValidity
  }
}

const imapProblem = z.object({
  message: z.string(),
  responseText: z.string().optional(),
  reason: z.string().optional(),
  authenticationFailed: z.boolean().optional(),
  serverResponseCode: z.string().optional(),
})

/** What may be logged of a failed connection: not the error itself, which also holds the command that failed. */
function describe(error: unknown): { reason: string; refused: boolean } {
  const { data } = imapProblem.safeParse(error)
  if (!data) return { reason: String(error), refused: false }
  // RFC 5530: the server cannot reach its users' passwords, which says nothing about ours.
  const refused = data.authenticationFailed === true && data.serverResponseCode !== 'UNAVAILABLE'
  return { reason: data.responseText ?? data.reason ?? data.message, refused }
}
