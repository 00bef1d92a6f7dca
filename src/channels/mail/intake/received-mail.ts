import { setTimeout } from 'node:timers/promises'
import { transientError } from '../../../kernel/errors.ts'

/** A mail as it reached us. `raw` is byte for byte what was handed over: nothing is added, so that its hash stays. */
export interface ReceivedMail {
  raw: Buffer
  via: 'smtp' | 'imap'
  /** The return path; null is the empty one of bounces, and unknown by IMAP. */
  envelopeFrom: string | null
  /** The accepted recipients; empty by IMAP. */
  envelopeTo: string[]
  /** Handed over by a trusted SMTP peer. */
  peerTrusted: boolean
}

/** Stores the raw mail under its delivery key and commits, or throws. The same mail again gives the same id. */
export type StoreMail = (mail: ReceivedMail) => Promise<{ id: string }>

/** How far stored mails are: 'open' while they are worked on. A mail that is missing counts as open. */
export type MailOutcomes = (ids: string[]) => Promise<Map<string, 'open' | 'processed' | 'failed'>>

/** The largest mail that is taken in, in bytes: 25 MB, as the large mail services have it. */
export const defaultMaxBytes = 25 * 1024 * 1024

/** How long storing or asking for outcomes may take, in seconds. */
const databaseSeconds = 60

/**
 * Gives up on the database after a while. What it does goes on, which harms nothing: a mail stored after all gives
 * the same id when it comes again.
 * @throws transientError `mail_store_timeout`
 */
export async function inTime<T>(work: Promise<T>): Promise<T> {
  const finished = new AbortController()
  const tooLate = setTimeout(databaseSeconds * 1000, undefined, { signal: finished.signal }).then(() => {
    throw transientError('mail_store_timeout', `No answer from the database in ${databaseSeconds} seconds.`)
  })
  try {
    return await Promise.race([work, tooLate])
  } finally {
    finished.abort()
  }
}
