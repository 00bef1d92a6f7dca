import { acrossCompanies, inCompany } from '../../database/index.ts'
import { linkSlackUser, type Person, personByEmail, personBySlackUser } from '../../features/people/index.ts'
import { userError } from '../../kernel/errors.ts'
import type { SlackChannel } from './slack-channel.ts'
import { slackError } from './slack-client.ts'

/**
 * Which person a Slack user is. Slack vouches for the e-mail address of a member's profile; with it the user is matched
 * once and remembered. Never makes an account.
 *
 * @throws userError `slack_user_unknown`, `person_inactive`: with a kind sentence for that user
 */
export async function identify(slack: SlackChannel, teamId: string, userId: string): Promise<Person> {
  const known = await acrossCompanies(slack.database, (tx) => personBySlackUser(tx, teamId, userId))
  const person = known ?? (await matchByEmail(slack, teamId, userId))
  if (!person.active) {
    throw userError('person_inactive', 'Your account in Outlay is not active. Please ask your admin.')
  }
  return person
}

async function matchByEmail(slack: SlackChannel, teamId: string, userId: string): Promise<Person> {
  const { user } = await slack.client.users.info({ user: userId }).catch((error: unknown) => {
    throw slackError(error)
  })
  const email = user?.profile?.email
  // A guest from another workspace bears an address that its own admin vouches for, not ours.
  const isFromHere = user?.team_id === teamId && !user.is_stranger
  const isMember = isFromHere && !user.is_bot && !user.deleted && user.is_email_confirmed !== false
  const person =
    email && isMember ? await acrossCompanies(slack.database, (tx) => personByEmail(tx, email)) : null
  if (!person) {
    throw userError(
      'slack_user_unknown',
      `I do not know you yet${email ? ` (${email})` : ''}. Please ask your Outlay admin to add you, then try again.`,
    )
  }
  const actor = { personId: person.id, channel: 'slack' as const }
  await inCompany(slack.database, { companyId: person.companyId, actor }, (tx) =>
    linkSlackUser(tx, person.id, { teamId, userId }),
  )
  return person
}
