import { acrossCompanies, inCompany } from '../../database/index.ts'
import { queueMail } from '../../features/notifications/index.ts'
import {
  companyOfStranger,
  type Person,
  peopleWithRole,
  recordAccessRequest,
} from '../../features/people/index.ts'
import { logger } from '../../kernel/logger.ts'
import { findPerson, type Stranger, unknownUser } from './identify.ts'
import type { MessageDelivery } from './payloads.ts'
import type { SlackChannel } from './slack-channel.ts'

/**
 * Which person wrote to us. The admins are asked, once, about a member of our workspace whom nobody added.
 * @throws userError `slack_user_unknown`, `person_inactive`: with a kind sentence for that user
 */
export async function identifyWriter(slack: SlackChannel, message: MessageDelivery): Promise<Person> {
  const found = await findPerson(slack, message.teamId, message.userId)
  if ('person' in found) return found.person
  const isAsked = await requestAccess(slack, found.stranger)
  const whatToDo = isAsked
    ? 'I have asked the admins to add you. Please wait for them'
    : 'Please ask your Outlay admin to add you'
  throw unknownUser(found.stranger, whatToDo)
}

/** Mails the admins of the company that may know a stranger. Returns whether there is anybody to ask. */
async function requestAccess(slack: SlackChannel, stranger: Stranger): Promise<boolean> {
  if (!stranger.isMember) return false
  const companyId = await acrossCompanies(slack.database, (tx) => companyOfStranger(tx, stranger))
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
