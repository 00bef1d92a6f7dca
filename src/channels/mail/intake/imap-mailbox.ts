import type { ImapFlow } from 'imapflow'
import { transientError } from '../../../kernel/errors.ts'
import { logger } from '../../../kernel/logger.ts'
import { inTime, type MailOutcomes, type StoreMail } from './received-mail.ts'

/** Mails taken in, or moved, before something else gets its turn. */
const batch = 100
/** So many failures in a row are no longer one bad mail: the database is away. */
const failuresInARow = 3

export interface ImapMailboxOptions {
  label: string
  store: StoreMail
  outcomes: MailOutcomes
  maxBytes: number
}

/**
 * What is known of one mailbox, over all its connections. Only the mailbox itself says which mails are still to be
 * done: what is kept here saves work and may be forgotten at any moment.
 */
export class ImapMailbox {
  readonly #options: ImapMailboxOptions
  #uidValidity: bigint | undefined
  /** UID → id of the mails that are stored and wait for their outcome. */
  readonly #stored = new Map<number, string>()
  /** UIDs that could not be taken in: tried again after the new ones, the last one failed last. */
  readonly #failed = new Set<number>()

  constructor(options: ImapMailboxOptions) {
    this.#options = options
  }

  /** How many mails are in the mailbox and still to be done. */
  get waiting(): number {
    return this.#stored.size + this.#failed.size
  }

  /** UIDs mean something only as long as UIDVALIDITY stays the same (RFC 9051, 2.3.1.1). */
  opened(uidValidity: bigint): void {
    if (this.#uidValidity !== uidValidity) {
      this.#stored.clear()
      this.#failed.clear()
    }
    this.#uidValidity = uidValidity
  }

  /**
   * Stores the mails that are in the mailbox and not stored yet, at most a batch of them.
   * @returns how many were stored or moved away
   * @throws when the connection is lost; a mail that cannot be stored is logged and tried again
   */
  async takeIn(client: ImapFlow, stop: AbortSignal): Promise<number> {
    await client.noop() // lets the server tell what is new
    const present = await findUndeleted(client, '1:*')
    this.#forgetAllBut(new Set(present))
    const fresh = present.filter((uid) => !this.#stored.has(uid) && !this.#failed.has(uid))
    const uids = [...fresh, ...this.#failed].slice(0, batch)
    const sizes = await fetchSizes(client, uids)
    let taken = 0
    let failures = 0
    for (const uid of uids) {
      if (stop.aborted || failures === failuresInARow) break
      const size = sizes.get(uid)
      if (size === undefined) continue // somebody took it away
      try {
        await this.#take(client, uid, size)
        this.#failed.delete(uid)
        taken++
        failures = 0
      } catch (error) {
        if (!client.usable) throw error
        logger.warn(
          { error, mailbox: this.#options.label, uid },
          'imap intake: mail not taken in; tried again later',
        )
        this.#failed.delete(uid)
        this.#failed.add(uid)
        failures++
      }
    }
    return taken
  }

  /**
   * Moves the mails whose outcome is known to `Processed` and `Failed`.
   * @returns how many
   * @throws transientError `imap_not_moved` when they are still there: what the server takes for this mailbox may have
   *   been replaced, and a new connection sees the new one
   */
  async moveFinished(client: ImapFlow): Promise<number> {
    let moved = 0
    const finished = await this.#finished()
    for (const folder of ['Processed', 'Failed'] as const) {
      const uids = finished[folder]
      for (let start = 0; start < uids.length; start += batch) {
        const some = uids.slice(start, start + batch)
        await this.#move(client, some, folder)
        moved += some.length
      }
    }
    return moved
  }

  async #take(client: ImapFlow, uid: number, size: number): Promise<void> {
    const { maxBytes, store, label } = this.#options
    const raw = size > maxBytes ? null : await fetchSource(client, uid, maxBytes + 1)
    if (raw === null || raw.length > maxBytes) {
      logger.warn({ mailbox: label, uid, size, maxBytes }, 'imap intake: mail too large, moved to Failed')
      await this.#move(client, [uid], 'Failed')
      return
    }
    const mail = { raw, via: 'imap' as const, envelopeFrom: null, envelopeTo: [], peerTrusted: false }
    const { id } = await inTime(store(mail))
    this.#stored.set(uid, id)
  }

  async #finished(): Promise<Record<'Processed' | 'Failed', number[]>> {
    const finished: Record<'Processed' | 'Failed', number[]> = { Processed: [], Failed: [] }
    const outcomes = await this.#askOutcomes()
    for (const [uid, id] of this.#stored) {
      const outcome = outcomes.get(id)
      if (outcome === 'processed') finished.Processed.push(uid)
      if (outcome === 'failed') finished.Failed.push(uid)
    }
    return finished
  }

  async #askOutcomes(): ReturnType<MailOutcomes> {
    if (this.#stored.size === 0) return new Map()
    try {
      return await inTime(this.#options.outcomes([...new Set(this.#stored.values())]))
    } catch (error) {
      logger.warn(
        { error, mailbox: this.#options.label },
        'imap intake: outcomes not known; asked again later',
      )
      return new Map()
    }
  }

  async #move(client: ImapFlow, uids: number[], folder: string): Promise<void> {
    const left = await moveMessages(client, uids, folder)
    for (const uid of uids) if (!left.includes(uid)) this.#stored.delete(uid)
    if (left.length === 0) return
    throw transientError('imap_not_moved', `The mail server did not move ${left.length} mails to ${folder}.`)
  }

  #forgetAllBut(present: Set<number>): void {
    for (const uid of this.#stored.keys()) if (!present.has(uid)) this.#stored.delete(uid)
    for (const uid of this.#failed) if (!present.has(uid)) this.#failed.delete(uid)
  }
}

/** The UIDs that exist. A mail marked as deleted is gone, though its server may show it until somebody expunges. */
async function findUndeleted(client: ImapFlow, range: string): Promise<number[]> {
  const uids = await client.search({ uid: range, deleted: false }, { uid: true })
  if (!uids) throw transientError('imap_search_failed', 'The mail server did not list the mailbox.')
  return uids
}

/** UID → size in bytes of those that are still there. */
async function fetchSizes(client: ImapFlow, uids: number[]): Promise<Map<number, number | undefined>> {
  if (uids.length === 0) return new Map()
  const rows = await client.fetchAll(uids, { size: true }, { uid: true })
  return new Map(rows.map(({ uid, size }) => [uid, size]))
}

/** The raw mail, up to `maxLength` bytes: a server may be wrong about the size. */
async function fetchSource(client: ImapFlow, uid: number, maxLength: number): Promise<Buffer> {
  const row = await client.fetchOne(uid, { source: { maxLength } }, { uid: true })
  const raw = row ? row.source : undefined
  if (!raw) throw transientError('imap_no_source', 'The mail server did not send the mail.')
  return raw
}

/**
 * Moves messages to a folder, which is made if it is missing, and looks whether they are gone.
 * @returns the UIDs that are still there
 */
async function moveMessages(client: ImapFlow, uids: number[], folder: string): Promise<number[]> {
  if (!(await move(client, uids, folder))) {
    // It may be there already, of which not every server tells; the second try shows it.
    await client.mailboxCreate(folder).catch(() => {})
    await move(client, uids, folder)
  }
  return findUndeleted(client, uids.join(','))
}

async function move(client: ImapFlow, uids: number[], folder: string): Promise<boolean> {
  if (client.capabilities.has('MOVE') || client.capabilities.has('UIDPLUS')) {
    return Boolean(await client.messageMove(uids, folder, { uid: true }))
  }
  // Without UIDPLUS an EXPUNGE would also remove what other people have marked as deleted.
  const copied = await client.messageCopy(uids, folder, { uid: true })
  return Boolean(copied) && client.messageFlagsAdd(uids, ['\\Deleted'], { uid: true })
}
