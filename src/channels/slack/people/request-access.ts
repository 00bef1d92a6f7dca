import { inCompany } from '../../../database/index.ts'
import { queueMail } from '../../../features/notifications/index.ts'
import { type Person, peopleWithRole, recordAccessRequest } from '../../../features/people/index.ts'
import { logger } from '../../../kernel/logger.ts'
import type { SlackUser } from '../payloads.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { findPerson, unknownUser } from './identify.ts'
import { companyToAsk, type Stranger } from './stranger.ts'

/**
 * Which person wrote to us, typed a command or chose a shortcut. The admins are asked, once, about a member of our workspace whom nobody added.
 * @throws userError `slack_user_unknown`, `slack_user_asked`, `slack_user_external`, `slack_user_elsewhere`, `person_inactive`: with a kind sentence for that user
 */
export async function identifyWriter(slack: SlackChannel, who: SlackUser): Promise<Person> {
  const found = await findPerson(slack, who)
  if ('person' in found) return found.person
  throw unknownUser(found.stranger, await requestAccess(slack, found.stranger))
}

/** Mails the admins of the company that may know a stranger. Returns whether there is anybody to ask. */
async function requestAccess(slack: SlackChannel, stranger: Stranger): Promise<boolean> {
  const companyId = await companyToAsk(slack, stranger)
  if (companyId === null) return false
  const actor = { personId: null, channel: 'slack' } as const
  return inCompany(slack.database, { companyId, actor }, async (tx) => {
    const admins = await peopleWithRole(tx, 'admin')
    if (admins.length === 0 || !(await recordAccessRequest(tx, stranger))) return admins.length > 0
    for (const { id, email } of admins) {
      await queueMail(tx, {
        kind: 'access_request',
        to: { address: email, personId: id },
        details: { user: { name: stranger.name, email: stranger.email } },
      })
    }
    logger.info({ admins: admins.length }, 'asked the admins about an unknown Slack user')
    return true
  })
}
