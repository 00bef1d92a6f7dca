import { parseImapUrl } from './imap-url.ts'
import { type ImapMailboxStatus, MailboxWatch } from './mailbox-watch.ts'
import { defaultMaxBytes, type MailOutcomes, type StoreMail } from './received-mail.ts'

export interface ImapIntakeOptions {
  /** `imaps://user:password@host:port/INBOX`, percent-encoded; see parseImapUrl. */
  urls: string[]
  store: StoreMail
  outcomes: MailOutcomes
  /** How often a mailbox is looked into although the server tells no news, in seconds; default 30. */
  pollSeconds?: number
  /** How long a server may keep silent when it is to answer, in seconds; default 30. */
  answerSeconds?: number
  /** Largest mail, in bytes; default 25 MB. Larger ones are moved to `Failed`. */
  maxBytes?: number
}

export interface ImapIntake {
  /** Ends the mail under way and logs out; takes a few seconds at most. */
  close(): Promise<void>
  status(): ImapMailboxStatus[]
}

/**
 * Watches IMAP mailboxes, one connection each: every mail in them is stored, and is moved to `Processed` or `Failed`
 * when its outcome is known. Reconnects by itself. A mail is moved only after its outcome, so that a crash at any
 * moment means no more than that it is stored again, under the same id.
 * @throws userError `imap_url_invalid`
 */
export function startImapIntake(options: ImapIntakeOptions): ImapIntake {
  const { store, outcomes, pollSeconds = 30, answerSeconds = 30, maxBytes = defaultMaxBytes } = options
  const addresses = options.urls.map(parseImapUrl) // all of them, before the first one is watched
  const watches = addresses.map(
    (address) => new MailboxWatch({ address, store, outcomes, pollSeconds, answerSeconds, maxBytes }),
  )
  return {
    async close() {
      await Promise.all(watches.map((watch) => watch.close()))
    },
    status: () => watches.map((watch) => watch.status()),
  }
}
