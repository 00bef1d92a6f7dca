import { escapeText, type SlackMessage } from '../../../../templates/slack/text.ts'
import type { WorkInHand } from '../../../database/index.ts'
import { logger } from '../../../kernel/logger.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { postOnce, slackError } from '../transport/slack-client.ts'
import { conversationWith } from './conversation.ts'

/** Somebody's message, to whose thread we answer. */
export interface Written {
  teamId: string
  userId: string
  channel: string
  ts: string
  threadTs?: string | undefined
}

/** What we say: words, or a message that is made already. */
export type Saying = string | (Pick<SlackMessage, 'text'> & Partial<SlackMessage>)

/** As a message; words are plain text, and are escaped. */
export const toMessage = (saying: Saying) =>
  typeof saying === 'string' ? { text: escapeText(saying) } : saying

interface Once {
  /** It is said once for each key, however often this work is tried. */
  key: string
  saying: Saying
  work: WorkInHand
  /** Where other work may have said it already: since when. */
  maybeSaidSince?: Date
}

const since = ({ work, maybeSaidSince }: Once) => maybeSaidSince ?? (work.attempt > 1 ? work.since : null)

/** Replies in the thread of somebody's message. */
export async function reply(slack: SlackChannel, written: Written, once: Once): Promise<void> {
  const { client } = await slack.workspaces.of(written.teamId)
  await postOnce(client, {
    key: once.key,
    channel: written.channel,
    threadTs: written.threadTs ?? written.ts,
    message: toMessage(once.saying),
    maybePostedSince: since(once),
  }).catch((error: unknown) => {
    throw slackError(error)
  })
}

/** Says something in the conversation with somebody. */
export async function sayAlone(
  slack: SlackChannel,
  { teamId, userId }: Pick<Written, 'teamId' | 'userId'>,
  once: Once,
): Promise<void> {
  try {
    const { client } = await slack.workspaces.of(teamId)
    await postOnce(client, {
      key: once.key,
      channel: await conversationWith(client, userId),
      message: toMessage(once.saying),
      maybePostedSince: since(once),
    })
  } catch (error) {
    throw slackError(error)
  }
}

/** A note that only one person sees. Where they or we are no more, there is nobody to tell. */
export async function whisper(
  slack: SlackChannel,
  to: { teamId: string; userId: string; channel?: string | undefined; threadTs?: string | undefined },
  saying: Saying,
): Promise<void> {
  if (!to.channel) return
  const { client } = await slack.workspaces.of(to.teamId)
  await client.chat
    .postEphemeral({
      channel: to.channel,
      user: to.userId,
      ...toMessage(saying),
      ...(to.threadTs ? { thread_ts: to.threadTs } : {}),
    })
    .catch((error: unknown) => {
      const problem = slackError(error)
      if (problem.kind !== 'permanent') throw problem
      logger.warn({ error }, 'somebody could not be told')
    })
}
