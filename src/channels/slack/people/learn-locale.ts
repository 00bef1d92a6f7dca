import { isSlackLocaleOld, noteSlackLocale, requireActor } from '../../../features/people/index.ts'
import { logger } from '../../../kernel/logger.ts'
import type { SlackUser } from '../payloads.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { asUser } from './as-person.ts'
import { describeUser } from './describe-user.ts'

/**
 * Learns in which language Slack speaks to somebody, at most once a day. It only says so when it is asked, and they may
 * change it. That it does not say now keeps nobody waiting: the next time will do.
 */
export async function learnLocale(slack: SlackChannel, who: SlackUser): Promise<void> {
  const isOld = await asUser(slack, who, async (tx) => isSlackLocaleOld(tx, await requireActor(tx)))
  if (!isOld) return
  try {
    const { client } = await slack.workspaces.of(who.teamId)
    const user = await describeUser(client, who.userId)
    await asUser(slack, who, async (tx) => noteSlackLocale(tx, await requireActor(tx), user?.locale ?? null))
  } catch (error) {
    logger.warn({ error }, 'Slack did not say in which language it speaks to somebody')
  }
}
