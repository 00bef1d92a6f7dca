import type { KnownBlock } from '@slack/types'
import { SlackError, WebAPIPlatformError, WebAPIRateLimitedError, type WebClient } from '@slack/web-api'
import { AppError, permanentError, transientError } from '../../../kernel/errors.ts'

/** Answers that no later try can mend. The rest may pass: outages, limits, a token that was just replaced. */
const hopeless = new Set([
  'cannot_dm_bot',
  'cant_update_message',
  'channel_not_found',
  'invalid_arguments',
  'invalid_blocks',
  'is_archived',
  'message_not_found',
  'not_in_channel',
  'restricted_action',
  'user_not_in_channel',
  'msg_too_long',
  'user_disabled',
  'user_not_found',
  'user_not_visible',
  'users_not_found',
])

/** Turns an error of the Web API into one of ours; ours pass as they are. */
export function slackError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (error instanceof WebAPIRateLimitedError) {
    const details = { retryAfterSeconds: error.retryAfter }
    return transientError('slack_rate_limited', 'Slack asks us to slow down.', { cause: error, details })
  }
  const code = slackErrorCode(error)
  const make = code !== null && hopeless.has(code) ? permanentError : transientError
  return make('slack_call_failed', `Slack answered “${code ?? String(error)}”.`, { cause: error })
}

/** Whether a call to the Web API failed. */
export function isSlackError(error: unknown): boolean {
  return error instanceof SlackError
}

/** Slack's own word for what went wrong (`channel_not_found`), where it said one. */
export function slackErrorCode(error: unknown): string | null {
  return error instanceof WebAPIPlatformError ? error.data.error : null
}

/** Names a message of ours, in its metadata: after a crash it is found again by this instead of posted twice. */
const metadataType = 'outlay_message'

export interface MessageToPost {
  /** Unique for this message for all time. */
  key: string
  channel: string
  threadTs?: string | undefined
  message: { text: string; blocks?: KnownBlock[] }
  /** Set when an earlier try may have posted it already: since when (UTC). */
  maybePostedSince: Date | null
}

/** Posts a message, or finds it where an earlier try posted it. Returns its time stamp. */
export async function postOnce(
  client: WebClient,
  post: MessageToPost,
): Promise<{ ts: string; found: boolean }> {
  const found = post.maybePostedSince && (await findPosted(client, post, post.maybePostedSince))
  if (found) return { ts: found, found: true }
  const answer = await client.chat.postMessage({
    channel: post.channel,
    ...(post.threadTs ? { thread_ts: post.threadTs } : {}),
    text: post.message.text,
    ...(post.message.blocks ? { blocks: post.message.blocks } : {}),
    metadata: { event_type: metadataType, event_payload: { key: post.key } },
    unfurl_links: false,
    unfurl_media: false,
  })
  if (!answer.ts) throw transientError('slack_call_failed', 'Slack did not say where the message is.')
  return { ts: answer.ts, found: false }
}

async function findPosted(client: WebClient, post: MessageToPost, since: Date): Promise<string | null> {
  const range = {
    channel: post.channel,
    oldest: String(since.getTime() / 1000 - 60),
    include_all_metadata: true,
    limit: 200,
  }
  let cursor: string | undefined
  do {
    const page = post.threadTs
      ? await client.conversations.replies({ ...range, ts: post.threadTs, ...(cursor ? { cursor } : {}) })
      : await client.conversations.history({ ...range, ...(cursor ? { cursor } : {}) })
    const messages: { ts?: string; metadata?: { event_type?: string; event_payload?: unknown } }[] =
      page.messages ?? []
    const ours = messages.find(({ metadata }) => {
      const payload = metadata?.event_payload
      return metadata?.event_type === metadataType && isKeyed(payload) && payload.key === post.key
    })
    if (ours?.ts) return ours.ts
    cursor = page.response_metadata?.next_cursor || undefined
  } while (cursor)
  return null
}

function isKeyed(payload: unknown): payload is { key: unknown } {
  return typeof payload === 'object' && payload !== null && 'key' in payload
}
