import type { Words } from '../../../../templates/slack/words/index.ts'
import { AppError } from '../../../kernel/errors.ts'
import { logger } from '../../../kernel/logger.ts'
import { inBackground } from '../in-background.ts'
import type { ActionDelivery, SlackUser } from '../payloads.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { isSlackError, slackError, slackErrorCode } from '../transport/slack-client.ts'
import { inWords } from './in-words.ts'
import { type Saying, toMessage } from './say.ts'

/**
 * What to say to somebody whose press, form or command came to nothing: their mistake as it is; that Slack is busy, or
 * was too slow; or that it was us.
 * @throws what is neither ours nor Slack's, such as a lost database: Slack says by itself that nobody answered
 */
export function inWordsOf(error: unknown, words: Words): string {
  if (!(error instanceof AppError) && !isSlackError(error)) throw error
  const problem = slackError(error)
  const { code, kind, details } = problem
  if (code === 'payload_refused') throw error
  if (kind === 'user') return inWords(problem, words)
  logger.warn({ error }, 'somebody was told that it did not work')
  if (code === 'slack_rate_limited')
    return words.common.slackIsBusy(Math.ceil(Number(details?.retryAfterSeconds ?? 1)))
  const tooLate = ['expired_trigger_id', 'trigger_expired', 'exchanged_trigger_id', 'trigger_exchanged']
  return tooLate.includes(slackErrorCode(error) ?? '') ? words.common.tooLate : words.common.sorry
}

/** Says something to whoever pressed a button, where they pressed it, or else in the conversation with us. */
export function tellPerson(
  slack: SlackChannel,
  who: SlackUser & Pick<ActionDelivery, 'channel' | 'threadTs'>,
  saying: Saying,
): void {
  inBackground('telling somebody', async () => {
    const { client } = await slack.workspaces.of(who.teamId)
    const { channel, threadTs, userId } = who
    const message = toMessage(saying)
    if (!channel) await client.chat.postMessage({ channel: userId, ...message })
    else {
      const thread = threadTs ? { thread_ts: threadTs } : {}
      await client.chat.postEphemeral({ channel, user: userId, ...message, ...thread })
    }
  })
}
