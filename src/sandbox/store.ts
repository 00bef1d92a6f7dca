import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'
import type { z } from 'zod'
import { permanentError } from '../kernel/errors.ts'
import { type Message, messageSchema } from './shapes.ts'

/** An event on its way to the app; kept until it is delivered or given up. */
export interface PendingEvent {
  id: string
  body: string
  attempt: number
  nextAt: number
  reason: string
}

/** A mail as the list needs it; the raw message lies beside the database. */
export interface MailRow {
  id: string
  receivedAt: number
  from: string
  recipients: string[]
}

/**
 * Everything the sandbox remembers, in one SQLite file. WAL: a committed row survives kill -9. Small records are
 * also held in memory (`Collection`); messages, events and mails are read from the file.
 *
 * The file is locked for the life of the process, so a second sandbox on the same directory cannot start.
 */
export class Store {
  readonly #db: DatabaseSync

  /** @throws AppError `sandbox_running` when another process holds the directory. */
  constructor(file: string) {
    this.#db = new DatabaseSync(file, { timeout: 500 })
    try {
      this.#db.exec(`
        PRAGMA locking_mode = EXCLUSIVE;
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL;
        CREATE TABLE IF NOT EXISTS record (kind TEXT, id TEXT, body TEXT NOT NULL, PRIMARY KEY (kind, id));
        CREATE TABLE IF NOT EXISTS message (
          channel TEXT, ts TEXT, thread TEXT, visible_to TEXT, body TEXT NOT NULL, PRIMARY KEY (channel, ts)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS message_thread ON message (channel, thread, ts);
        CREATE TABLE IF NOT EXISTS event (
          id TEXT PRIMARY KEY, body TEXT NOT NULL, attempt INTEGER NOT NULL, next_at INTEGER NOT NULL, reason TEXT NOT NULL);
        CREATE INDEX IF NOT EXISTS event_due ON event (next_at);
        CREATE TABLE IF NOT EXISTS mail (
          id TEXT PRIMARY KEY, received_at INTEGER NOT NULL, sender TEXT NOT NULL, recipients TEXT NOT NULL);
      `)
    } catch (cause) {
      throw permanentError('sandbox_running', 'Another sandbox is running on this directory.', { cause })
    }
  }

  close(): void {
    this.#db.close()
  }

  records(kind: string): { id: string; body: string }[] {
    const rows = this.#db.prepare('SELECT id, body FROM record WHERE kind = ? ORDER BY rowid').all(kind)
    return rows.map((row) => ({ id: String(row.id), body: String(row.body) }))
  }

  putRecord(kind: string, id: string, body: string): void {
    this.#db
      .prepare(
        'INSERT INTO record (kind, id, body) VALUES (?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body',
      )
      .run(kind, id, body)
  }

  deleteRecord(kind: string, id: string): void {
    this.#db.prepare('DELETE FROM record WHERE kind = ? AND id = ?').run(kind, id)
  }

  putMessage(channel: string, message: Message): void {
    const thread =
      message.thread_ts === undefined || message.thread_ts === message.ts ? null : message.thread_ts
    this.#db
      .prepare(
        'INSERT OR REPLACE INTO message (channel, ts, thread, visible_to, body) VALUES (?, ?, ?, ?, ?)',
      )
      .run(channel, message.ts, thread, message.visible_to ?? null, JSON.stringify(message))
  }

  deleteMessage(channel: string, ts: string): void {
    this.#db.prepare('DELETE FROM message WHERE channel = ? AND ts = ?').run(channel, ts)
  }

  message(channel: string, ts: string): Message | undefined {
    const row = this.#db.prepare('SELECT body FROM message WHERE channel = ? AND ts = ?').get(channel, ts)
    return row === undefined ? undefined : messageSchema.parse(JSON.parse(String(row.body)))
  }

  /**
   * Messages of a channel (not replies) or of a thread (with its first message), newest first.
   * `viewer` adds the ephemeral messages of that person; without it none are returned.
   */
  messages(options: {
    channel: string
    thread?: string | undefined
    viewer?: string | undefined
    after?: string | undefined
    before?: string | undefined
    limit: number
  }): Message[] {
    const rows = this.#db
      .prepare(
        `SELECT body FROM message
         WHERE channel = :channel AND ts > :after AND ts < :before
           AND (CASE WHEN :thread = '' THEN thread IS NULL ELSE thread = :thread OR ts = :thread END)
           AND (visible_to IS NULL OR visible_to = :viewer)
         ORDER BY ts DESC LIMIT :limit`,
      )
      .all({
        channel: options.channel,
        thread: options.thread ?? '',
        viewer: options.viewer ?? '',
        after: options.after ?? '0',
        before: options.before ?? '9999999999999',
        limit: options.limit,
      })
    return rows.map((row) => messageSchema.parse(JSON.parse(String(row.body))))
  }

  /** How many messages of others this person has not seen, thread replies included. */
  unread(channel: string, user: string, since: string): number {
    const row = this.#db
      .prepare(
        `SELECT count(*) AS n FROM message WHERE channel = ? AND ts > ?
           AND (visible_to IS NULL OR visible_to = ?) AND json_extract(body, '$.user') <> ?`,
      )
      .get(channel, since, user, user)
    return Number(row?.n ?? 0)
  }

  threadSummary(channel: string, thread: string): { count: number; users: string[]; latest: string } {
    const rows = this.#db
      .prepare(
        `SELECT ts, json_extract(body, '$.user') AS user FROM message
         WHERE channel = ? AND thread = ? AND visible_to IS NULL ORDER BY ts`,
      )
      .all(channel, thread)
    const users = [...new Set(rows.map((row) => String(row.user)))]
    return { count: rows.length, users, latest: String(rows.at(-1)?.ts ?? '') }
  }

  putEvent(event: PendingEvent): void {
    this.#db
      .prepare('INSERT OR REPLACE INTO event (id, body, attempt, next_at, reason) VALUES (?, ?, ?, ?, ?)')
      .run(event.id, event.body, event.attempt, event.nextAt, event.reason)
  }

  deleteEvent(id: string): void {
    this.#db.prepare('DELETE FROM event WHERE id = ?').run(id)
  }

  /** The events that wait, soonest first. */
  events(limit: number): PendingEvent[] {
    const rows = this.#db.prepare('SELECT * FROM event ORDER BY next_at, rowid LIMIT ?').all(limit)
    return rows.map((row) => ({
      id: String(row.id),
      body: String(row.body),
      attempt: Number(row.attempt),
      nextAt: Number(row.next_at),
      reason: String(row.reason),
    }))
  }

  eventCount(): number {
    return Number(this.#db.prepare('SELECT count(*) AS n FROM event').get()?.n ?? 0)
  }

  putMail(mail: MailRow): void {
    this.#db
      .prepare('INSERT INTO mail (id, received_at, sender, recipients) VALUES (?, ?, ?, ?)')
      .run(mail.id, mail.receivedAt, mail.from, JSON.stringify(mail.recipients))
  }

  /** Mails, newest first; only those delivered to `to` when it is given. */
  mails(to: string | undefined, limit: number): MailRow[] {
    const rows = this.#db
      .prepare(
        `SELECT id, received_at, sender, recipients FROM mail
         WHERE :to = '' OR EXISTS (SELECT 1 FROM json_each(recipients) WHERE lower(value) = :to)
         ORDER BY rowid DESC LIMIT :limit`,
      )
      .all({ to: to?.toLowerCase() ?? '', limit })
    return rows.map(mailRow)
  }

  mail(id: string): MailRow | undefined {
    const row = this.#db.prepare('SELECT id, received_at, sender, recipients FROM mail WHERE id = ?').get(id)
    return row === undefined ? undefined : mailRow(row)
  }

  mailCount(): number {
    return Number(this.#db.prepare('SELECT count(*) AS n FROM mail').get()?.n ?? 0)
  }

  mailRecipients(): { address: string; count: number }[] {
    const rows = this.#db
      .prepare(
        'SELECT lower(j.value) AS address, count(*) AS n FROM mail, json_each(recipients) j GROUP BY 1 ORDER BY 1',
      )
      .all()
    return rows.map((row) => ({ address: String(row.address), count: Number(row.n) }))
  }
}

function mailRow(row: Record<string, SQLOutputValue>): MailRow {
  const recipients: unknown = JSON.parse(String(row.recipients))
  return {
    id: String(row.id),
    receivedAt: Number(row.received_at),
    from: String(row.sender),
    recipients: Array.isArray(recipients) ? recipients.map(String) : [],
  }
}

/**
 * Small records of one kind: read from memory, written through to the file. Change a record only by `put`. A field
 * that a schema gains later needs a default: directories of earlier versions are opened as they are.
 */
export class Collection<T> {
  readonly #store: Store
  readonly #kind: string
  readonly #items = new Map<string, T>()

  constructor(store: Store, kind: string, schema: z.ZodType<T>) {
    this.#store = store
    this.#kind = kind
    for (const { id, body } of store.records(kind)) this.#items.set(id, schema.parse(JSON.parse(body)))
  }

  get(id: string): T | undefined {
    return this.#items.get(id)
  }

  all(): T[] {
    return [...this.#items.values()]
  }

  put(id: string, value: T): T {
    this.#items.set(id, value)
    this.#store.putRecord(this.#kind, id, JSON.stringify(value))
    return value
  }

  deleteWhere(matches: (item: T) => boolean): void {
    for (const [id, item] of this.#items) if (matches(item)) this.delete(id)
  }

  delete(id: string): void {
    this.#items.delete(id)
    this.#store.deleteRecord(this.#kind, id)
  }
}
