import type { Env } from '../config/env.ts'
import { inboundOutcomes, startImapIntake, startSmtpIntake, storeInboundMail } from './channels/mail/index.ts'
import { acrossCompanies, type Database } from './database/index.ts'
import { companyByIntake } from './features/people/index.ts'
import { AppError } from './kernel/errors.ts'
import { logger } from './kernel/logger.ts'

export interface MailIntake {
  /** Where mails can be handed in; null where the SMTP intake is off. */
  smtpPort: number | null
  close(): Promise<void>
}

/** Opens the ways in for mail: SMTP straight to us, and the mailboxes that are configured. */
export async function startMailIntake(env: Env, database: Database): Promise<MailIntake> {
  const smtp = env.intake.smtpPort === 0 ? null : await openSmtp(env, database)
  const imap =
    env.intake.imapUrls.length === 0
      ? null
      : startImapIntake({
          urls: env.intake.imapUrls,
          store: (mail) => storeInboundMail(database, mail),
          outcomes: inboundOutcomes(database),
        })
  return {
    smtpPort: smtp?.port ?? null,
    close: async () => {
      await Promise.all([smtp?.close(), imap?.close()])
    },
  }
}

async function openSmtp(env: Env, database: Database) {
  const open = (port: number) =>
    startSmtpIntake({
      port,
      host: env.host,
      trustedPeers: env.intake.trustedPeers,
      acceptsRecipient: async (address) =>
        (await acrossCompanies(database, (tx) => companyByIntake(tx, [address]))) !== null,
      store: (mail) => storeInboundMail(database, mail),
    })
  const { smtpPort, anyPort } = env.intake
  try {
    return await open(smtpPort)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'smtp_intake_port' || !anyPort) throw error
    const other = await open(0)
    logger.warn({ taken: smtpPort, port: other.port }, 'mails are taken at another port')
    return other
  }
}
