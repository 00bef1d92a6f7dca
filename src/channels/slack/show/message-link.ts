import { setTimeout as sleep } from 'node:timers/promises'
import type { Tx } from '../../../database/index.ts'
import { messageAbout } from '../../../features/notifications/index.ts'
import { logger } from '../../../kernel/logger.ts'
import { appLink } from '../home/home-link.ts'
import type { SlackChannel } from '../slack-channel.ts'

/**
 * A link to our message about an expense of the actor; to our conversation with them where that is not posted yet, as it
 * will be the newest message there. null where Slack gives none: nothing depends on it.
 */
export async function linkToMessage(
  slack: SlackChannel,
  { teamId, expenseId }: { teamId: string; expenseId: string | null },
  inTx: <T>(run: (tx: Tx) => Promise<T>) => Promise<T>,
): Promise<string | null> {
  try {
    const posted = expenseId === null ? null : await inTx((tx) => messageAbout(tx, expenseId))
    const { client } = await slack.workspaces.of(posted?.teamId ?? teamId)
    if (posted === null) return await appLink(client, teamId, 'messages')
    const { channel, ts } = posted
    return (await client.chat.getPermalink({ channel, message_ts: ts })).permalink ?? null
  } catch (error) {
    logger.info({ error }, 'Slack gave no link to a message')
    return null
  }
}

/** Slack, and whoever typed, waits three seconds for an answer; a link is not worth more than this. */
const mostMs = 1000

/** The same for an answer that somebody waits for: null as well where Slack takes long. */
export function linkInTime(...asked: Parameters<typeof linkToMessage>): Promise<string | null> {
  return Promise.race([linkToMessage(...asked), sleep(mostMs, null, { ref: false })])
}
