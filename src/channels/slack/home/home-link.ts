import type { WebClient } from '@slack/web-api'
import { logger } from '../../../kernel/logger.ts'

/** The app of a token never changes. */
const known = new Map<string, string>()

/**
 * A link that opens App Home, or our conversation with whoever follows it
 * (https://docs.slack.dev/interactivity/deep-linking), or null where Slack does not say which app we are: nothing depends on
 * it.
 */
export async function appLink(
  client: WebClient,
  teamId: string,
  tab: 'home' | 'messages',
): Promise<string | null> {
  const appId = known.get(teamId) ?? (await appIdOf(client))
  if (!appId) return null
  known.set(teamId, appId)
  return `slack://app?${new URLSearchParams({ team: teamId, id: appId, tab })}`
}

async function appIdOf(client: WebClient): Promise<string | undefined> {
  try {
    const { bot_id: bot } = await client.auth.test()
    if (!bot) return undefined
    return (await client.bots.info({ bot })).bot?.app_id
  } catch (error) {
    logger.info({ error }, 'Slack did not say which app we are')
    return undefined
  }
}
