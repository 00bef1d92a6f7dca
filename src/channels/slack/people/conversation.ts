import type { WebClient } from '@slack/web-api'
import { transientError } from '../../../kernel/errors.ts'

/**
 * The conversation with somebody, opened where there is none yet. Errors of Slack are thrown as they come.
 * @returns its channel
 */
export async function conversationWith(client: WebClient, userId: string): Promise<string> {
  const { channel } = await client.conversations.open({ users: userId })
  if (!channel?.id) throw transientError('slack_call_failed', 'Slack did not open the conversation.')
  return channel.id
}
