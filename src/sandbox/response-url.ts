import { reply, replySchema } from './interactions.ts'
import { blockProblems } from './limits.ts'
import { changeMessage, removeMessage, withIds } from './messages.ts'
import type { Sandbox } from './sandbox.ts'
import { SlackError } from './slack-error.ts'
import { fileKind } from './views.ts'

/**
 * A post to a `response_url`: five uses within 30 minutes; shows, replaces or deletes.
 * @throws SlackError `expired_url`, `used_url`, `invalid_blocks`, `no_text`
 */
export function useResponseUrl(sandbox: Sandbox, id: string, body: unknown): void {
  const address = sandbox.replyAddresses.get(id)
  if (address === undefined || address.expires < Date.now()) throw new SlackError('expired_url')
  if (address.usesLeft <= 0) throw new SlackError('used_url')
  const channel = sandbox.channels.get(address.channel)
  const parsed = replySchema.safeParse(body)
  if (!parsed.success || channel === undefined) throw new SlackError('invalid_payload')
  const answer = parsed.data
  const problems = blockProblems(answer.blocks ?? [], { surface: 'message', file: fileKind(sandbox) })
  if (problems.length > 0) throw new SlackError('invalid_blocks')
  sandbox.replyAddresses.put(id, { ...address, usesLeft: address.usesLeft - 1 })
  const original = address.ts === undefined ? undefined : sandbox.store.message(channel.id, address.ts)
  if (answer.delete_original === true) {
    if (original !== undefined) removeMessage(sandbox, channel, original)
    return
  }
  if (answer.text === undefined && answer.blocks === undefined) throw new SlackError('no_text')
  if (answer.replace_original === true && original !== undefined) {
    const { blocks: _, ...rest } = original
    const blocks = answer.blocks === undefined ? {} : { blocks: withIds(answer.blocks) }
    changeMessage(sandbox, channel, original, { ...rest, text: answer.text ?? '', ...blocks })
    return
  }
  reply(sandbox, channel, address.user, answer)
}
