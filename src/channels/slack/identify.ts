import { acrossCompanies, inCompany } from '../../database/index.ts'
import { linkSlackUser, type Person, personByEmail, personBySlackUser } from '../../features/people/index.ts'
import { userError } from '../../kernel/errors.ts'
import type { SlackChannel } from './slack-channel.ts'
import { slackError } from './slack-client.ts'

/** A Slack user whom nobody added to Outlay. */
export interface Stranger {
  teamId: string
  userId: string
  name: string | null
  email: string | null
  /** Whether our workspace vouches for them: neither a bot nor somebody from another workspace. */
  isMember: boolean
}

/**
 * Which person a Slack user is. Slack vouches for the e-mail address of a member's profile; with it the user is matched
 * once and remembered. Never makes an account.
 *
 * @throws userError `slack_user_unknown`, `person_inactive`: with a kind sentence for that user
 */
export async function identify(slack: SlackChannel, teamId: string, userId: string): Promise<Person> {
  const found = await findPerson(slack, teamId, userId)
  if ('stranger' in found) throw unknownUser(found.stranger, 'Please ask your Outlay admin to add you')
  return found.person
}

/** What we say to a stranger. It never says which companies there are. */
export function unknownUser({ email }: Stranger, whatToDo: string) {
  const who = email ? ` (${email})` : ''
  return userError('slack_user_unknown', `I do not know you yet${who}. ${whatToDo}, then try again.`)
}

/** The same for whoever has something to do about a stranger. */
export async function findPerson(
  slack: SlackChannel,
  teamId: string,
  userId: string,
): Promise<{ person: Person } | { stranger: Stranger }> {
  const known = await acrossCompanies(slack.database, (tx) => personBySlackUser(tx, teamId, userId))
  const found = known ? { person: known } : await matchByEmail(slack, teamId, userId)
  if ('person' in found && !found.person.active) {
    throw userError('person_inactive', 'Your account in Outlay is not active. Please ask your admin.')
  }
  return found
}

async function matchByEmail(
  slack: SlackChannel,
  teamId: string,
  userId: string,
): Promise<{ person: Person } | { stranger: Stranger }> {
  const { client } = await slack.workspaces.of(teamId)
  const { user } = await client.users.info({ user: userId, include_locale: true }).catch((error: unknown) => {
    throw slackError(error)
  })
  const email = user?.profile?.email ?? null
  // A guest from another workspace bears an address that its own admin vouches for, not ours.
  const isFromHere = user?.team_id === teamId && !user.is_stranger
  const isMember = isFromHere && !user.is_bot && !user.deleted && user.is_email_confirmed !== false
  const person =
    email && isMember ? await acrossCompanies(slack.database, (tx) => personByEmail(tx, email)) : null
  if (!person) {
    const name = user?.profile?.real_name || user?.real_name || user?.name || null
    return { stranger: { teamId, userId, name, email, isMember } }
  }
  const actor = { personId: person.id, channel: 'slack' as const }
  await inCompany(slack.database, { companyId: person.companyId, actor }, (tx) =>
    linkSlackUser(tx, person.id, { teamId, userId, locale: user?.locale }),
  )
  return { person }
}
