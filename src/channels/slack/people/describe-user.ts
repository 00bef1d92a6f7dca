import type { UsersInfoResponse, WebClient } from '@slack/web-api'
import { slackError, slackErrorCode } from '../transport/slack-client.ts'

/** What Slack says of somebody (https://docs.slack.dev/reference/objects/user-object). */
type DescribedUser = NonNullable<UsersInfoResponse['user']>

/** Who somebody is; null: whom a workspace does not know, or may not show us, belongs to another one. */
export async function describeUser(client: WebClient, userId: string): Promise<DescribedUser | null> {
  try {
    const { user } = await client.users.info({ user: userId, include_locale: true })
    return user ?? null
  } catch (error) {
    if (['user_not_found', 'user_not_visible'].includes(slackErrorCode(error) ?? '')) return null
    throw slackError(error)
  }
}

type Membership = Pick<DescribedUser, 'team_id' | 'is_stranger' | 'is_bot' | 'deleted' | 'is_email_confirmed'>

/** Somebody from another workspace bears an address that its own admin vouches for, not this one's. */
export const isFrom = (teamId: string, { team_id, is_stranger }: Membership) =>
  team_id === teamId && !is_stranger

/** Whether a workspace vouches for somebody's address. Guests are members; bots and those who left are not. */
export const isMemberOf = (teamId: string, user: Membership) =>
  isFrom(teamId, user) && !user.is_bot && !user.deleted && user.is_email_confirmed !== false
