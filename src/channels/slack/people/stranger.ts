import { acrossCompanies, inCompany } from '../../../database/index.ts'
import { companyOfStranger, isAccessRequested, peopleWithRole } from '../../../features/people/index.ts'
import type { SlackChannel } from '../slack-channel.ts'

/** A Slack user whom nobody added to Outlay. */
export interface Stranger {
  teamId: string
  userId: string
  name: string | null
  email: string | null
  /** Whether our workspace vouches for them: neither a bot nor somebody from another workspace. Guests are members. */
  isMember: boolean
  /** They belong to another workspace, and meet us in a channel that is shared with it. */
  isExternal: boolean
  /** In which language Slack speaks to them. */
  locale: string | null
}

/** The company that may know a stranger; null: nobody hears of them. */
export async function companyToAsk(slack: SlackChannel, stranger: Stranger): Promise<string | null> {
  if (!stranger.isMember) return null
  return acrossCompanies(
    slack.database,
    async (tx) => (await slack.workspaces.companyOf(tx, stranger.teamId)) ?? companyOfStranger(tx, stranger),
  )
}

/** Whether the admins have heard of a stranger, who wrote to us before. */
export async function areAdminsAsked(slack: SlackChannel, stranger: Stranger): Promise<boolean> {
  const companyId = await companyToAsk(slack, stranger)
  if (companyId === null) return false
  const actor = { personId: null, channel: 'slack' } as const
  return inCompany(
    slack.database,
    { companyId, actor },
    async (tx) => (await isAccessRequested(tx, stranger)) && (await peopleWithRole(tx, 'admin')).length > 0,
  )
}
