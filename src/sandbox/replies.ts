import { z } from 'zod'
import { secret } from './ids.ts'
import { blockProblems } from './limits.ts'
import { addMessage, botMessage, changeMessage, removeMessage, withIds } from './messages.ts'
import { blockSchema, type Channel } from './shapes.ts'
import { SlackError } from './slack-error.ts'
import { fileKind } from './views.ts'
import type { Workspace } from './workspace.ts'

const replyMinutes = 30
const replyUses = 5

/** A new `response_url` for what this person just did. */
export function replyUrl(
  workspace: Workspace,
  to: { channel: string; user: string; ts?: string; ephemeral: boolean },
): string {
  const now = Date.now()
  workspace.replyAddresses.deleteWhere((address) => address.expires < now)
  const id = secret()
  workspace.replyAddresses.put(id, { ...to, usesLeft: replyUses, expires: now + replyMinutes * 60_000 })
  return `${workspace.url}/response/${id}`
}

/** What an app may post to a `response_url` or answer to a command. */
export const replySchema = z.looseObject({
  response_type: z.enum(['ephemeral', 'in_channel']).optional(),
  text: z.string().optional(),
  blocks: z.array(blockSchema).optional(),
  replace_original: z.boolean().optional(),
  delete_original: z.boolean().optional(),
  thread_ts: z.string().optional(),
})

/** Shows an app's answer: to this person only, unless it says `in_channel`. */
export function reply(
  workspace: Workspace,
  channel: Channel,
  user: string,
  answer: z.infer<typeof replySchema>,
): void {
  const message = botMessage(workspace, {
    text: answer.text ?? '',
    ...(answer.blocks === undefined ? {} : { blocks: answer.blocks }),
    ...(answer.thread_ts === undefined ? {} : { thread_ts: answer.thread_ts }),
    ...(answer.response_type === 'in_channel' ? {} : { visible_to: user }),
  })
  addMessage(workspace, channel, message)
}

/**
 * A post to a `response_url`: five uses within 30 minutes; shows, replaces or deletes.
 * @throws SlackError `expired_url`, `used_url`, `invalid_blocks`, `no_text`
 */
export function useResponseUrl(workspace: Workspace, id: string, body: unknown): void {
  const address = workspace.replyAddresses.get(id)
  if (address === undefined || address.expires < Date.now()) throw new SlackError('expired_url')
  if (address.usesLeft <= 0) throw new SlackError('used_url')
  const channel = workspace.channels.get(address.channel)
  const parsed = replySchema.safeParse(body)
  if (!parsed.success || channel === undefined) throw new SlackError('invalid_payload')
  const answer = parsed.data
  const problems = blockProblems(answer.blocks ?? [], { surface: 'message', file: fileKind(workspace) })
  if (problems.length > 0) throw new SlackError('invalid_blocks')
  workspace.replyAddresses.put(id, { ...address, usesLeft: address.usesLeft - 1 })
  const original = address.ts === undefined ? undefined : workspace.store.message(channel.id, address.ts)
  if (answer.delete_original === true) {
    if (original !== undefined) removeMessage(workspace, channel, original)
    return
  }
  if (answer.text === undefined && answer.blocks === undefined) throw new SlackError('no_text')
  if (answer.replace_original === true && original !== undefined) {
    const { blocks: _, ...rest } = original
    const blocks = answer.blocks === undefined ? {} : { blocks: withIds(answer.blocks) }
    changeMessage(workspace, channel, original, { ...rest, text: answer.text ?? '', ...blocks })
    return
  }
  reply(workspace, channel, address.user, answer)
}
