import type { Transporter } from 'nodemailer'
import type { Database } from '../../database/index.ts'
import type { LinkKeys } from '../../kernel/signed-link.ts'

/** What everything in this channel works with. */
export interface MailChannel {
  database: Database
  transport: Transporter
  /** The From of every mail of ours: `Outlay <outlay@example.com>`. */
  from: string
  /** Where links in mails lead, and what they are signed with. */
  site: { publicUrl: string; keys: LinkKeys }
  /** Whose Authentication-Results count; null: nobody's. */
  authservId: string | null
  /** DATA_KEY: the codes that prove who decides come from it. */
  dataKey: string
}

/** Our own address, in lower case. */
export function addressOf(from: string): string {
  return (/<([^>]+)>/.exec(from)?.[1] ?? from).trim().toLowerCase()
}

/** The part of our own address behind the @: the right side of our Message-IDs. */
export function domainOf(from: string): string {
  return /@([\w.-]+)/.exec(from)?.[1] ?? 'localhost'
}
