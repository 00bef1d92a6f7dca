import { z } from 'zod'
import type { SystemTx, Tx } from '../../database/index.ts'
import { permanentError } from '../../kernel/errors.ts'

/** `open`: not worked on yet. `reading`: its receipts are being read. The rest are ends. */
const outcomes = [
  'open',
  'reading',
  'submitted',
  'drafted',
  'quarantined',
  'unknown_sender',
  'unreadable',
  'empty',
  'automatic',
] as const
export type MailOutcome = (typeof outcomes)[number]

/** What goes to the folder of failed mails: nothing came of them. */
const failures: readonly MailOutcome[] = ['quarantined', 'unknown_sender', 'unreadable', 'empty', 'automatic']

/** How far a mail is, as the mailbox it came from sees it. */
export function progressOf(outcome: MailOutcome): 'open' | 'processed' | 'failed' {
  if (outcome === 'open' || outcome === 'reading') return 'open'
  return failures.includes(outcome) ? 'failed' : 'processed'
}

const rowSchema = z.object({
  id: z.string(),
  company_id: z.string().nullable(),
  person_id: z.string().nullable(),
  key: z.string(),
  via: z.enum(['smtp', 'imap']),
  envelope_from: z.string().nullable(),
  envelope_to: z.array(z.string()),
  peer_trusted: z.boolean(),
  outcome: z.enum(outcomes),
  because: z.string().nullable(),
  sender: z.string().nullable(),
  subject: z.string().nullable(),
  message_id: z.string().nullable(),
  ignored: z.array(z.object({ name: z.string(), reason: z.string() })),
})
export type InboundMail = z.infer<typeof rowSchema>
const columns = Object.keys(rowSchema.shape).join(', ')

/** A stored mail, locked until the end of the transaction. @throws permanentError `mail_unknown` */
export async function lockInboundMail(tx: Tx | SystemTx, id: string): Promise<InboundMail> {
  const [row] = await tx.em.execute<unknown[]>(
    `select ${columns} from inbound_mail where id = ? for update`,
    [id],
  )
  if (!row) throw permanentError('mail_unknown', 'There is no such mail.', { details: { id } })
  return rowSchema.parse(row)
}

/** The mail as it came. */
export async function readRawMail(tx: SystemTx, id: string): Promise<{ raw: Buffer; mail: InboundMail }> {
  const mail = await lockInboundMail(tx, id)
  const [row] = await tx.em.execute<{ raw: Buffer }[]>('select raw from inbound_mail where id = ?', [id])
  return { raw: row?.raw ?? Buffer.alloc(0), mail }
}

export interface MailVerdict {
  outcome: MailOutcome
  because?: string | null
  personId?: string | null
  sender?: string | null
  subject?: string | null
  messageId?: string | null
  ignored?: { name: string; reason: string }[]
}

/** Gives a stored mail to a company: from then on it is seen only there. */
export async function assignInboundMail(tx: SystemTx, id: string, companyId: string): Promise<void> {
  await tx.em.execute('update inbound_mail set company_id = ? where id = ? and company_id is null', [
    companyId,
    id,
  ])
}

/** Notes how far a mail is and what was understood of it. */
export async function recordVerdict(tx: Tx | SystemTx, id: string, verdict: MailVerdict): Promise<void> {
  const isEnd = progressOf(verdict.outcome) !== 'open'
  await tx.em.execute(
    `update inbound_mail set outcome = ?, because = coalesce(?, because), person_id = coalesce(?, person_id),
       sender = coalesce(?, sender), subject = coalesce(?, subject), message_id = coalesce(?, message_id),
       ignored = coalesce(?::jsonb, ignored), finished_at = ? where id = ?`,
    [
      verdict.outcome,
      verdict.because ?? null,
      verdict.personId ?? null,
      verdict.sender ?? null,
      verdict.subject ?? null,
      verdict.messageId ?? null,
      verdict.ignored ? JSON.stringify(verdict.ignored) : null,
      isEnd ? tx.now : null,
      id,
    ],
  )
}
