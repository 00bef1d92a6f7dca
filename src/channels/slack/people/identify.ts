import { acrossCompanies, inCompany, type SystemTx } from '../../../database/index.ts'
import {
  linkSlackUser,
  type Person,
  personByEmail,
  personBySlackUser,
} from '../../../features/people/index.ts'
import { AppError, userError } from '../../../kernel/errors.ts'
import type { SlackUser } from '../payloads.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { describeUser, isFrom, isMemberOf } from './describe-user.ts'
import { areAdminsAsked, type Stranger } from './stranger.ts'

/**
 * Which person a Slack user is. Slack vouches for the e-mail address of a member's profile; with it the user is matched
 * once, among the people of the company that the workspace was installed for, and remembered. Never makes an account.
 *
 * @throws userError `slack_user_unknown`, `slack_user_asked`, `slack_user_external`, `slack_user_elsewhere`,
 *   `person_inactive`: with a kind sentence for that user
 */
export async function identify(slack: SlackChannel, who: SlackUser): Promise<Person> {
  const found = await findPerson(slack, who)
  if ('stranger' in found) {
    throw unknownUser(found.stranger, await areAdminsAsked(slack, found.stranger))
  }
  return found.person
}

/** What we say to a stranger. It never says which companies there are. `isAsked`: the admins have heard of them. */
export function unknownUser({ email, locale, isExternal }: Stranger, isAsked: boolean) {
  const details = { locale: locale ?? 'en' }
  if (isExternal) {
    const message =
      'I can only help people who belong to this workspace. Please ask whoever invited you where to send your receipts.'
    return userError('slack_user_external', message, { details })
  }
  const who = email ? ` (${email})` : ''
  const whatToDo = isAsked
    ? 'I have asked the admins to add you. Please wait for them'
    : 'Please ask your Outlay admin to add you'
  const message = `I do not know you yet${who}. ${whatToDo}, then try again.`
  return userError(isAsked ? 'slack_user_asked' : 'slack_user_unknown', message, { details })
}

/** The same for whoever has something to do about a stranger. */
export async function findPerson(slack: SlackChannel, who: SlackUser): Promise<Found> {
  const person = await acrossCompanies(slack.database, (tx) => findLinked(slack, tx, who))
  return person ? { person } : matchStranger(slack, who)
}

/** The person whom this user was matched with before. @throws userError `person_inactive` */
export async function findLinked(
  slack: SlackChannel,
  tx: SystemTx,
  { teamId, userId }: SlackUser,
): Promise<Person | null> {
  const companyId = await slack.workspaces.companyOf(tx, teamId)
  const person = ofCompany(await personBySlackUser(tx, teamId, userId), companyId)
  if (person) requireActive(person)
  return person
}

async function matchStranger(slack: SlackChannel, who: SlackUser): Promise<Found> {
  const companyId = await acrossCompanies(slack.database, (tx) => slack.workspaces.companyOf(tx, who.teamId))
  const found = await matchByEmail(slack, who, companyId)
  if ('person' in found) requireActive(found.person)
  return found
}

function requireActive({ active }: Person): void {
  if (!active) {
    throw userError('person_inactive', 'Your account in Outlay is not active. Please ask your admin.')
  }
}

type Found = { person: Person } | { stranger: Stranger }

/** A workspace that was installed for one company says nothing about the people of others. */
const ofCompany = (person: Person | null, companyId: string | null) =>
  companyId === null || person?.companyId === companyId ? person : null

async function matchByEmail(
  slack: SlackChannel,
  { teamId, userId }: SlackUser,
  companyId: string | null,
): Promise<Found> {
  const { client } = await slack.workspaces.of(teamId)
  const user = await describeUser(client, userId)
  const email = user?.profile?.email ?? null
  const isMember = user !== null && isMemberOf(teamId, user)
  const bearer =
    email && isMember ? await acrossCompanies(slack.database, (tx) => personByEmail(tx, email)) : null
  const person = ofCompany(bearer, companyId)
  const locale = user?.locale ?? null
  if (!person) {
    const name = user?.profile?.real_name || user?.real_name || user?.name || null
    const isExternal = user === null || !isFrom(teamId, user)
    return { stranger: { teamId, userId, name, email, isMember, isExternal, locale } }
  }
  await requireNotElsewhere(slack, person, { teamId, locale, companyId })
  const actor = { personId: person.id, channel: 'slack' as const }
  await inCompany(slack.database, { companyId: person.companyId, actor }, (tx) =>
    linkSlackUser(tx, person.id, { teamId, userId, locale: locale ?? undefined }),
  )
  return { person }
}

/**
 * Whoever uses Outlay in one workspace stays there while they have an account there: another workspace of the company
 * cannot lead their messages away by giving somebody their address.
 */
async function requireNotElsewhere(
  slack: SlackChannel,
  { slackTeamId, slackUserId }: Person,
  { teamId, locale, companyId }: { teamId: string; locale: string | null; companyId: string | null },
): Promise<void> {
  if (companyId === null || slackTeamId === null || slackUserId === null || slackTeamId === teamId) return
  const client = await clientThere(slack, slackTeamId, companyId)
  const user = client && (await describeUser(client, slackUserId))
  if (!user || user.deleted) return
  const message =
    'You already use Outlay in another Slack workspace of your company. Please write to me there. I can help you here once you have no account there any more.'
  throw userError('slack_user_elsewhere', message, { details: { locale: locale ?? 'en' } })
}

/** null: nobody is served in that workspace any more. */
async function clientThere(slack: SlackChannel, teamId: string, companyId: string) {
  try {
    return (await slack.workspaces.of(teamId, companyId)).client
  } catch (error) {
    const isGone =
      error instanceof AppError && ['workspace_unknown', 'workspace_revoked'].includes(error.code)
    if (isGone) return null
    throw error
  }
}
