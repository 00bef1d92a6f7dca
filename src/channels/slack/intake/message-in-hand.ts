import type { Words } from '../../../../templates/slack/words/index.ts'
import type { WorkInHand } from '../../../database/index.ts'
import type { Person, Reader } from '../../../features/people/index.ts'
import type { MessageDelivery } from '../payloads.ts'
import { reply } from '../people/say.ts'
import type { SlackChannel } from '../slack-channel.ts'

/** A message in hand, and whom it is from. */
export interface MessageInHand {
  message: MessageDelivery
  deliveryId: string
  person: Person
  reader: Reader
  words: Words
  work: WorkInHand
}

/** Answers in the thread, and is done. */
export async function answer(
  slack: SlackChannel,
  { message, deliveryId, work }: MessageInHand,
  saying: string,
): Promise<void> {
  await reply(slack, message, { key: deliveryId, saying, work })
  await work.finishAlone()
}
