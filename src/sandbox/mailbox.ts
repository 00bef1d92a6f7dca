import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import { createTransport } from 'nodemailer'
import { SMTPServer } from 'smtp-server'
import { z } from 'zod'
import { permanentError, userError } from '../kernel/errors.ts'
import { logger } from '../kernel/logger.ts'
import { secret } from './ids.ts'
import type { Sandbox } from './sandbox.ts'
import type { MailRow } from './store.ts'

const mostMailBytes = 40 * 1024 * 1024

/**
 * Takes every mail for everybody, on loopback, without TLS or sign-in. A mail is on the disk before its 250.
 */
export function mailServer(sandbox: Sandbox): SMTPServer {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: mostMailBytes,
    banner: 'Outlay sandbox mailbox',
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('error', done)
      stream.on('end', () => {
        if (stream.sizeExceeded) return done(smtpError(552, 'Message too large'))
        const { mailFrom, rcptTo } = session.envelope
        const envelope = {
          from: mailFrom === false ? '' : mailFrom.address,
          recipients: rcptTo.map((recipient) => recipient.address),
        }
        receive(sandbox, envelope, Buffer.concat(chunks)).then(
          (outcome) => {
            // The uncertain answer: the mail is kept, but the sender never learns it.
            if (outcome === 'lost')
              for (const connection of server.connections) hangUp(connection, session.id)
            else if (outcome === 'kept') done(null, 'Kept in the sandbox mailbox')
            else done(smtpError(outcome, 'Refused by a test switch'))
          },
          (error: unknown) => {
            logger.error({ err: error }, 'a mail could not be kept')
            done(smtpError(451, 'Local error'))
          },
        )
      })
    },
  })
  server.on('error', (error) => logger.debug({ err: error }, 'mail connection'))
  return server
}

const connectionSchema = z.object({
  id: z.string(),
  close: z.custom<() => void>((v) => typeof v === 'function'),
})

function hangUp(connection: unknown, id: string): void {
  const parsed = connectionSchema.safeParse(connection)
  if (parsed.success && parsed.data.id === id) parsed.data.close.call(connection)
}

function smtpError(code: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode: code })
}

async function receive(
  sandbox: Sandbox,
  envelope: { from: string; recipients: string[] },
  raw: Buffer,
): Promise<'kept' | 'lost' | number> {
  const started = Date.now()
  const fault = sandbox.faults.forSmtp()
  const line = { at: started, way: 'mail' as const, name: `mail to ${envelope.recipients.join(', ')}` }
  if (fault?.kind === 'smtp_reject') {
    sandbox.log.add({ ...line, ms: 0, ok: false, note: String(fault.code) })
    return fault.code
  }
  const id = `${String(started).padStart(15, '0')}-${secret().slice(0, 8)}`
  const file = mailFile(sandbox, id)
  await mkdir(join(sandbox.dir, 'mail'), { recursive: true })
  await writeFile(`${file}.part`, raw, { mode: 0o600, flush: true })
  await rename(`${file}.part`, file)
  sandbox.store.putMail({ id, receivedAt: started, ...envelope })
  sandbox.changed({ kind: 'mails' })
  const lost = fault?.kind === 'smtp_lost_reply'
  sandbox.log.add({ ...line, ms: Date.now() - started, ok: !lost, note: lost ? 'answer lost' : '250' })
  return lost ? 'lost' : 'kept'
}

function mailFile(sandbox: Sandbox, id: string): string {
  return join(sandbox.dir, 'mail', `${id}.eml`)
}

/** The bytes of a mail as they came. @throws AppError `no_such_mail` */
export async function rawMail(sandbox: Sandbox, id: string): Promise<Buffer> {
  if (sandbox.store.mail(id) === undefined) throw userError('no_such_mail', 'This mail is not here.')
  return readFile(mailFile(sandbox, id))
}

export interface ParsedMailPart {
  name: string
  mediaType: string
  bytes: Buffer
  inline: boolean
}

/** A mail, parsed for showing. */
export interface ParsedMail {
  id: string
  receivedAt: string
  envelope: { from: string; to: string[] }
  from: string
  fromName: string
  to: string[]
  subject: string
  text: string
  html: string
  messageId: string
  inReplyTo: string
  /** The first Message-ID of its conversation. */
  thread: string
  headers: Record<string, string>
  attachments: ParsedMailPart[]
}

const cache = new Map<string, ParsedMail>()
const mostCached = 300

/**
 * Parses a mail. mailparser's own conversions between HTML and text are switched off: on a large mail they take
 * seconds and hundreds of megabytes.
 */
export async function parseMail(sandbox: Sandbox, row: MailRow): Promise<ParsedMail> {
  const known = cache.get(row.id)
  if (known !== undefined) return known
  const parsed = await simpleParser(await rawMail(sandbox, row.id), {
    skipHtmlToText: true,
    skipTextToHtml: true,
    skipTextLinks: true,
  })
  const headers: Record<string, string> = {}
  for (const { key, line } of parsed.headerLines) {
    const value = line
      .slice(line.indexOf(':') + 1)
      .replace(/\r?\n[ \t]+/g, ' ')
      .trim()
    headers[key] = headers[key] === undefined ? value : `${headers[key]}\n${value}`
  }
  const references = typeof parsed.references === 'string' ? [parsed.references] : (parsed.references ?? [])
  const sender = parsed.from?.value[0]
  const mail: ParsedMail = {
    id: row.id,
    receivedAt: new Date(row.receivedAt).toISOString(),
    envelope: { from: row.from, to: row.recipients },
    from: sender?.address ?? row.from,
    fromName: sender?.name ?? '',
    to: [parsed.to ?? []].flat().flatMap((list) => list.value.map((one) => one.address ?? one.name)),
    subject: parsed.subject ?? '',
    text: parsed.text ?? '',
    html: parsed.html === false ? '' : parsed.html,
    messageId: parsed.messageId ?? '',
    inReplyTo: parsed.inReplyTo ?? '',
    thread: references[0] ?? parsed.inReplyTo ?? parsed.messageId ?? row.id,
    headers,
    attachments: parsed.attachments.map((part, i) => ({
      name: part.filename ?? `part-${i + 1}`,
      mediaType: part.contentType,
      bytes: part.content,
      inline: part.related,
    })),
  }
  cache.set(row.id, mail)
  const oldest = cache.keys().next().value
  if (cache.size > mostCached && oldest !== undefined) cache.delete(oldest)
  return mail
}

/** A mail that a person writes on the page. */
export const draftSchema = z.object({
  from: z.string(),
  to: z.string().min(3),
  subject: z.string().default(''),
  text: z.string().default(''),
  inReplyTo: z.string().optional(),
  files: z
    .array(z.object({ name: z.string(), mediaType: z.string().optional(), base64: z.string() }))
    .default([]),
})

/** Delivers a person's mail to the program's intake by SMTP. @throws AppError `no_intake`, `not_delivered` */
export async function writeMail(
  sandbox: Sandbox,
  draft: z.infer<typeof draftSchema>,
): Promise<{ messageId: string }> {
  const intake = sandbox.settings?.intake
  if (intake === undefined) throw userError('no_intake', 'Mail to the program is not switched on.')
  const { user: author } = sandbox.actingAs({ as: draft.from })
  const transport = createTransport({
    host: intake.host,
    port: intake.port,
    secure: false,
    ignoreTLS: true,
    connectionTimeout: 5_000,
    socketTimeout: 20_000,
  })
  try {
    const sent = await transport.sendMail({
      from: { name: author.name, address: author.email },
      to: draft.to,
      subject: draft.subject,
      text: draft.text,
      ...(draft.inReplyTo === undefined ? {} : { inReplyTo: draft.inReplyTo, references: draft.inReplyTo }),
      attachments: draft.files.map((file) => ({
        filename: file.name,
        content: Buffer.from(file.base64, 'base64'),
        ...(file.mediaType === undefined ? {} : { contentType: file.mediaType }),
      })),
    })
    return { messageId: sent.messageId }
  } catch (cause) {
    const answer = cause instanceof Error ? cause.message : ''
    throw permanentError('not_delivered', `The mail was not taken: ${answer}`, { cause })
  } finally {
    transport.close()
  }
}
