import type { IncomingMessage } from 'node:http'
import { acrossCompanies, inCompany } from '../../../database/index.ts'
import { mailInstallLink } from '../../../features/notifications/index.ts'
import { adminByEmail } from '../../../features/people/index.ts'
import { AppError } from '../../../kernel/errors.ts'
import { logger } from '../../../kernel/logger.ts'
import { inBackground } from '../in-background.ts'
import type { SlackChannel } from '../slack-channel.ts'

/** In bytes: an address has 320 characters at most. */
const bodyLimit = 2048

/** The address that somebody typed into the form; null: it is none. */
export async function readAddress(request: IncomingMessage): Promise<string | null> {
  let body = ''
  for await (const part of request.setEncoding('utf8')) {
    body += String(part)
    if (body.length > bodyLimit) return null
  }
  const address = (new URLSearchParams(body).get('email') ?? '').trim()
  return /^[^\s@]+@[^\s@]+$/.test(address) && address.length <= 320 ? address : null
}

/**
 * Mails an admin the link by which they add the app to a workspace. To any other address goes nothing, and whoever asked
 * does not learn that, neither by the answer nor by how long it takes.
 */
export function askForInstallLink({ database }: SlackChannel, address: string): void {
  inBackground('mailing the link that adds Outlay to a workspace', async () => {
    const admin = await acrossCompanies(database, (tx) => adminByEmail(tx, address))
    if (!admin) return void logger.info('somebody who is no admin asked for a link to add Outlay to Slack')
    const actor = { personId: admin.id, channel: 'web' } as const
    await inCompany(database, { companyId: admin.companyId, actor }, mailInstallLink).catch(
      (error: unknown) => {
        if (!(error instanceof AppError) || error.kind !== 'user') throw error
        logger.info({ code: error.code }, 'no link to add Outlay to Slack was mailed')
      },
    )
  })
}
