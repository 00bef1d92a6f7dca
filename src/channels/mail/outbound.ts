import nodemailer, { type Transporter } from 'nodemailer'
import { inCompany, type Tx, type WorkInHand } from '../../database/index.ts'
import { getMail, recordMailResult } from '../../features/notifications/index.ts'
import { type AppError, permanentError, transientError } from '../../kernel/errors.ts'
import { composeMail } from './compose-mail.ts'
import { domainOf, type MailChannel } from './mail-channel.ts'

/** The connection to the mail server: few connections, kept open, with time-outs on everything. */
export function openMailTransport(smtpUrl: string): Transporter {
  return nodemailer.createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: 3,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
  })
}

/**
 * Hands one queued mail to the mail server. After an uncertain answer it is sent again with the same Message-ID, and
 * counts once by it.
 * @throws permanentError `mail_refused`; transientError `mail_not_sent`
 */
export async function sendMail(
  channel: MailChannel,
  companyId: string,
  mailId: string,
  work: WorkInHand,
): Promise<void> {
  const actor = { personId: null, channel: 'system' } as const
  const inTx = <T>(run: (tx: Tx) => Promise<T>) => inCompany(channel.database, { companyId, actor }, run)
  const { mail, content } = await inTx(async (tx) => {
    const mail = await getMail(tx, mailId)
    // It may come in another one by now.
    const isNeeded = mail.status !== 'not_needed'
    return { mail, content: isNeeded ? await composeMail(channel, tx, mail) : null }
  })
  if (!content) {
    await inTx(async (tx) => {
      await work.finish(tx)
      await recordMailResult(tx, mailId, { status: 'not_needed' })
    })
    return
  }
  try {
    await channel.transport.sendMail({
      from: channel.from,
      // As an object: an address must not be taken apart into several.
      to: { name: '', address: mail.toAddress },
      subject: content.subject,
      html: content.html,
      text: content.text,
      messageId: `<${mail.id}@${domainOf(channel.from)}>`,
      date: mail.createdAt,
      ...(content.inReplyTo ? { inReplyTo: content.inReplyTo, references: content.inReplyTo } : {}),
      // RFC 3834: no machine shall answer this.
      headers: {
        'Auto-Submitted': mail.kind === 'answer' ? 'auto-replied' : 'auto-generated',
        'X-Auto-Response-Suppress': 'All',
      },
      attachments: content.attachment
        ? [
            {
              filename: content.attachment.fileName,
              content: content.attachment.bytes,
              contentType: 'application/pdf',
            },
          ]
        : [],
    })
  } catch (error) {
    const problem = mailError(error)
    await inTx((tx) =>
      recordMailResult(tx, mailId, {
        status: problem.kind === 'permanent' ? 'failed' : 'queued',
        problem: error instanceof Error ? error.message : String(error),
      }),
    )
    throw problem
  }
  await inTx(async (tx) => {
    await work.finish(tx)
    await recordMailResult(tx, mailId, { status: 'sent' })
  })
}

/**
 * Final is a 5yz reply to this mail itself, its recipient or its content (RFC 5321, 4.2.1). The rest may pass: outages,
 * greylisting, and a log-in that fails while somebody changes the password.
 */
function mailError(error: unknown): AppError {
  const code = error instanceof Error && 'responseCode' in error ? Number(error.responseCode) : 0
  const isAboutThisMail =
    error instanceof Error && 'code' in error && ['EENVELOPE', 'EMESSAGE'].includes(String(error.code))
  if (isAboutThisMail && code >= 500 && code < 600)
    return permanentError('mail_refused', `The mail server refused the mail (${code}).`, { cause: error })
  return transientError('mail_not_sent', 'The mail could not be sent yet.', { cause: error })
}
