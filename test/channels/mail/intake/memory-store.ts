import { createHash } from 'node:crypto'
import type { MailOutcomes, ReceivedMail, StoreMail } from '../../../../src/channels/mail/intake/index.ts'

/** Keeps mails as the database does it: the same mail again gives the same id. */
export class MemoryStore {
  readonly mails = new Map<string, ReceivedMail>()
  /** The id of every call that succeeded. */
  readonly calls: string[] = []
  /** What became of a mail; asked for every mail that is not decided by `decide`. */
  outcome: 'open' | 'processed' | 'failed' = 'open'
  readonly #decided = new Map<string, 'open' | 'processed' | 'failed'>()

  readonly store: StoreMail = async (mail) => {
    const id = createHash('sha256').update(mail.raw).digest('hex')
    this.mails.set(id, mail)
    this.calls.push(id)
    return { id }
  }

  readonly outcomes: MailOutcomes = async (ids) =>
    new Map(ids.map((id) => [id, this.#decided.get(id) ?? this.outcome]))

  decide(subject: string, outcome: 'open' | 'processed' | 'failed'): void {
    for (const [id, mail] of this.mails) if (subjectOf(mail.raw) === subject) this.#decided.set(id, outcome)
  }

  get subjects(): string[] {
    return [...this.mails.values()].map(({ raw }) => subjectOf(raw)).sort()
  }
}

/** A small mail; `filler` bytes make it larger. */
export function mail(subject: string, filler = 0): Buffer {
  const text = `${'x'.repeat(70)}\r\n`.repeat(Math.ceil(filler / 72))
  return Buffer.from(`From: grace@example.test\r\nSubject: ${subject}\r\n\r\nTaxi EUR 23.50\r\n${text}`)
}

export function subjectOf(raw: Buffer): string {
  return /^Subject: (.*)\r$/m.exec(raw.toString('latin1'))?.[1] ?? ''
}
