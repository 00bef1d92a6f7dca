import { escapeText } from '../../../../templates/slack/text.ts'
import type { Tx, WorkInHand } from '../../../database/index.ts'
import { expensesOfDeliveries, takingReceipts } from '../../../features/expenses/index.ts'
import { subjectsOfThread } from '../../../features/notifications/index.ts'
import type { Person } from '../../../features/people/index.ts'
import { AppError } from '../../../kernel/errors.ts'
import { logger } from '../../../kernel/logger.ts'
import type { MessageDelivery } from '../payloads.ts'
import { asPerson, readerAndWords } from '../people/as-person.ts'
import { findPerson } from '../people/identify.ts'
import { wordsFor } from '../people/reader.ts'
import { identifyWriter } from '../people/request-access.ts'
import { reply } from '../people/say.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { fetchFiles, mostFiles } from './fetch-files.ts'
import { deliveryKeys, draftFromFiles, draftFromText, messageKey, type Source } from './make-drafts.ts'
import { answer, type MessageInHand } from './message-in-hand.ts'
import { askAboutFiles, findQuestionOf } from './questions.ts'
import { severalAmounts } from './several-amounts.ts'
import { talkInThread } from './talk-in-thread.ts'

/** Files first sent by mistake and files not ready look alike for a while; after this many tries it is a mistake. */
const triesForFile = 6

/**
 * Makes what somebody posted their expenses, or answers it, in the thread of the message. In a channel the thread says only
 * that we have it: what was read is their own to see, and goes into their conversation with us.
 */
export async function receiveMessage(
  slack: SlackChannel,
  message: MessageDelivery,
  deliveryId: string,
  work: WorkInHand,
): Promise<void> {
  const person = await writerOf(slack, message, work)
  if (!person) return work.finishAlone()
  const inHand = { message, deliveryId, person, work, ...(await readerAndWords(slack, person, message)) }
  if (message.files.length > 0) return receiveFiles(slack, inHand)
  if (message.threadTs !== undefined && (await talkInThread(slack, inHand))) return
  if (message.isDirect || message.isMention) return receiveText(slack, inHand)
  return work.finishAlone()
}

/**
 * Whoever talks below something of ours in a channel without being known to us does not talk to us, nor do they when they
 * post a file there that is no receipt.
 */
async function writerOf(
  slack: SlackChannel,
  message: MessageDelivery,
  work: WorkInHand,
): Promise<Person | null> {
  if (message.isDirect || message.isMention) return identifyWriter(slack, message)
  const found = await findActive(slack, message)
  if (found) return found
  return (await bringsReceipt(slack, message, work)) ? identifyWriter(slack, message) : null
}

async function findActive(slack: SlackChannel, message: MessageDelivery): Promise<Person | null> {
  try {
    const found = await findPerson(slack, message)
    return 'person' in found ? found.person : null
  } catch (error) {
    if (error instanceof AppError && error.kind === 'user') return null
    throw error
  }
}

async function bringsReceipt(
  slack: SlackChannel,
  message: MessageDelivery,
  work: WorkInHand,
): Promise<boolean> {
  const files = message.files.slice(0, mostFiles)
  if (files.length === 0) return false
  const isLastTry = work.failures + 1 >= triesForFile
  const fetched = await fetchFiles(slack, { ...message, files }, { isLastTry, words: wordsFor(message) })
  return !fetched.onlyOthers
}

async function receiveFiles(slack: SlackChannel, inHand: MessageInHand): Promise<void> {
  const { message, deliveryId, words, work, person } = inHand
  if (message.files.length > mostFiles) {
    return answer(slack, inHand, words.talk.tooManyFiles(message.files.length))
  }
  // By another try a file may be gone; what the first one made of it stands.
  const taken = work.attempt > 1 ? await countTaken(slack, inHand) : 0
  if (taken > 0) {
    await noteInChannel(slack, inHand, taken)
    return work.finishAlone()
  }
  const isLastTry = work.failures + 1 >= triesForFile
  const { files, problems, onlyOthers } = await fetchFiles(slack, message, { isLastTry, words })
  // Colleagues show each other files that are no receipts.
  if (onlyOthers && !message.isDirect && !message.isMention) return work.finishAlone()
  if (problems.length > 0) {
    const saying = { text: problems.map(escapeText).join('\n') }
    await reply(slack, message, { key: `${deliveryId}:problems`, saying, work })
  }
  await asPerson(slack, person, async (tx) => {
    const source = sourceOf(inHand)
    const inThread = await mayBelongToThread(tx, inHand)
    if (files.length > 1 || (files.length > 0 && inThread)) {
      await askAboutFiles(tx, { ...source, teamId: message.teamId, inThread }, files)
    } else {
      await draftFromFiles(tx, source, { files, together: false })
    }
  })
  if (files.length > 0) await noteInChannel(slack, inHand, files.length)
  await work.finishAlone()
}

/** Of how many files an earlier try made something already. */
async function countTaken(slack: SlackChannel, { message, person }: MessageInHand): Promise<number> {
  const key = messageKey(message)
  return asPerson(slack, person, async (tx) => {
    const question = await findQuestionOf(tx, key)
    if (question) return question.files.length
    return (await expensesOfDeliveries(tx, deliveryKeys(key, message.files))).length
  })
}

/** Says to all who read a channel that we have it, and nothing of what it says. Where we may not, it is with us as well. */
async function noteInChannel(slack: SlackChannel, inHand: MessageInHand, count: number): Promise<void> {
  const { message, deliveryId, person, words, work } = inHand
  if (message.isDirect) return
  const saying = words.talk.noted(person.name, count)
  await reply(slack, message, { key: `${deliveryId}:noted`, saying, work }).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.kind !== 'permanent') throw error
    logger.warn({ error }, 'a channel could not be told')
  })
}

/** Whether the files were posted below an expense of their sender that takes further receipts. */
async function mayBelongToThread(tx: Tx, { message, person }: MessageInHand): Promise<boolean> {
  const { channel, threadTs, isDirect } = message
  if (threadTs === undefined || !isDirect) return false
  const { expenses } = await subjectsOfThread(tx, { personId: person.id, channel, threadTs })
  return (await takingReceipts(tx, expenses)).length > 0
}

async function receiveText(slack: SlackChannel, inHand: MessageInHand): Promise<void> {
  const { message, words, work, person, reader } = inHand
  const typed = await asPerson(slack, person, (tx) => draftFromText(tx, sourceOf(inHand), message.text))
  if ('expense' in typed) {
    await noteInChannel(slack, inHand, 0)
    return work.finishAlone()
  }
  const help = message.isDirect ? words.talk.help : words.talk.helpInChannel
  const saying = typed.kind === 'none' ? help : severalAmounts(typed.amounts, reader)
  await answer(slack, inHand, saying)
}

function sourceOf({ message, person }: MessageInHand): Source & { key: string } {
  const { teamId, channel, ts, threadTs, text, isDirect } = message
  return {
    key: messageKey(message),
    personId: person.id,
    address: isDirect ? { teamId, channel, threadTs: threadTs ?? ts } : null,
    note: text,
  }
}
