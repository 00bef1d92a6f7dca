import { z } from 'zod'

/** Why a mail must never be answered: a machine wrote it (RFC 3834) or it went to many (RFC 2919, RFC 2369). */
const automatic = z.enum(['auto_submitted', 'bulk', 'list', 'auto_reply'])
export type Automatic = z.infer<typeof automatic>

const ignoredFile = z.object({ name: z.string(), reason: z.string() })
export type IgnoredFile = z.infer<typeof ignoredFile>

const mailFile = z.object({
  name: z.string(),
  /** As claimed by the mail; used only to find words for what is ignored. */
  mediaType: z.string(),
  inline: z.boolean(),
  bytes: z.instanceof(Uint8Array),
  /** Null when it is no picture, or a damaged one. */
  picture: z.object({ width: z.number(), height: z.number(), moving: z.boolean() }).nullable(),
})
export type MailFile = z.infer<typeof mailFile>

const sender = z.object({ address: z.string(), name: z.string() })
export type Sender = z.infer<typeof sender>

/** What the reading process makes of a mail, before its files are judged. */
const readMail = z.object({
  from: z.array(sender),
  to: z.array(z.string()),
  cc: z.array(z.string()),
  subject: z.string(),
  messageId: z.string().nullable(),
  inReplyTo: z.string().nullable(),
  references: z.array(z.string()),
  dateHeader: z.string().nullable(),
  automatic: automatic.nullable(),
  authenticationResults: z.array(z.string()),
  text: z.string(),
  html: z.string().nullable(),
  files: z.array(mailFile),
  ignored: z.array(ignoredFile),
})
export type ReadMail = z.infer<typeof readMail>

/** What that process answers. `detail` is for engineers. */
export const processAnswer = z.union([
  z.object({ mail: readMail }),
  z.object({ problem: z.enum(['mail_unreadable', 'mail_too_complex']), detail: z.string() }),
])
export type ProcessAnswer = z.infer<typeof processAnswer>

export interface ReceiptFile {
  /** As the sender named it, cleaned; shown, never used as a path. */
  name: string
  bytes: Uint8Array
  /** Shown within the mail's text rather than attached to it. */
  inline: boolean
}

export interface ParsedMail {
  /** All addresses of all From headers, lower case. Anything but exactly one proves nothing (see judgeSender). */
  from: Sender[]
  to: string[]
  cc: string[]
  /** Decoded, one line, at most 300 characters. */
  subject: string
  /** With angle brackets; null when missing or not fit to be repeated in an answer. */
  messageId: string | null
  inReplyTo: string | null
  /** The latest 20 at most. */
  references: string[]
  /** Null when missing or unparsable: never "now". */
  date: Date | null
  /** Not null: never answer. */
  automatic: Automatic | null
  /** Values of the Authentication-Results headers, topmost first, unfolded. */
  authenticationResults: string[]
  /** What the person wrote, without quoted mails and signature where they are marked; at most 20,000 characters. */
  text: string
  /** The HTML that may be the receipt: of the first forwarded mail, else of this mail; at most 500,000 characters. */
  html: string | null
  /** Pictures and PDFs, also those in forwarded mails. */
  receipts: ReceiptFile[]
  /** Everything else that was sent along. `reason` is a sentence for the sender. */
  ignored: IgnoredFile[]
}
