import { deletedMessage } from '../../../../templates/slack/deleted-message.ts'
import { wordsOf } from '../../../../templates/slack/words/index.ts'
import type { Tx, WorkInHand } from '../../../database/index.ts'
import { expensesOfDeliveries } from '../../../features/expenses/index.ts'
import { subjectsOfThread } from '../../../features/notifications/index.ts'
import type { Person, Reader } from '../../../features/people/index.ts'
import { formatMoney } from '../../../kernel/money.ts'
import type { ChangeDelivery } from '../payloads.ts'
import { asPerson, readerAndWords } from '../people/as-person.ts'
import { findPerson } from '../people/identify.ts'
import { reply, type Saying, sayAlone } from '../people/say.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { deliveryKeys, draftFromText, messageKey } from './make-drafts.ts'
import { findQuestionOf, forgetQuestion } from './questions.ts'

/**
 * Somebody edited or deleted a message. It makes no other expense of what is one, and takes none away: what was typed stays
 * as it was first written, and drafts of a deleted message can be discarded. That is said once, and only where something can be done.
 * What was none before is read anew: a slip of the pen may have kept it from being understood. What was said in a thread about
 * an expense was a remark, and stays one.
 */
export async function receiveChange(
  slack: SlackChannel,
  change: ChangeDelivery,
  deliveryId: string,
  work: WorkInHand,
): Promise<void> {
  const found = await findPerson(slack, change)
  if ('stranger' in found) return work.finishAlone()
  const { reader } = await readerAndWords(slack, found.person, change)
  const told = await asPerson(slack, found.person, (tx) =>
    change.text === null
      ? deleted(tx, change, reader)
      : edited(tx, change, change.text, { ...found, reader }),
  )
  const tell = change.isDirect ? reply : sayAlone
  if (told) await tell(slack, change, { key: deliveryId, ...told, work })
  await work.finishAlone()
}

/** What to say; with a key and the time since when it may have been said, where it is said once of several changes. */
interface Told {
  saying: Saying
  key?: string
  maybeSaidSince?: Date
}

async function deleted(tx: Tx, change: ChangeDelivery, { locale }: Reader): Promise<Told | null> {
  const key = messageKey(change)
  await forgetQuestion(tx, key)
  const made = await expensesOfDeliveries(tx, deliveryKeys(key, change.files))
  const drafts = made.filter(
    ({ status, submitterId }) => status === 'draft' && submitterId === tx.actor.personId,
  )
  return drafts.length === 0 ? null : { saying: deletedMessage(drafts, locale) }
}

async function edited(
  tx: Tx,
  change: ChangeDelivery,
  text: string,
  { person, reader: { locale } }: { person: Person; reader: Reader },
): Promise<Told | null> {
  const { talk } = wordsOf(locale)
  const key = messageKey(change)
  const [typed] = await expensesOfDeliveries(tx, [`${key}:text`])
  if (typed) {
    // Changed since, it is not what was written any more anyway.
    const isUntouched = typed.status === 'draft' && typed.updatedAt.getTime() === typed.createdAt.getTime()
    if (!isUntouched || typed.amountMinor === null || typed.currency === null) return null
    const amount = formatMoney({ minor: typed.amountMinor, currency: typed.currency }, locale)
    const saying = talk.editedDraft(typed.number, [typed.merchantName, amount].filter(Boolean).join(', '))
    // Once, however often it is edited.
    return { saying, key: `${typed.id}:edited`, maybeSaidSince: typed.createdAt }
  }
  const isTalk =
    change.files.length > 0 ||
    !change.isDirect ||
    (await findQuestionOf(tx, key)) !== null ||
    (await isRemark(tx, change, person))
  if (!isTalk)
    await draftFromText(tx, { key, personId: person.id, address: threadOf(change), note: '' }, text)
  return null
}

/** Whether it stands in a thread about something of theirs, as `talkInThread` has it. */
async function isRemark(tx: Tx, { channel, threadTs }: ChangeDelivery, { id }: Person): Promise<boolean> {
  if (threadTs === undefined) return false
  const { expenses, approvals } = await subjectsOfThread(tx, { personId: id, channel, threadTs })
  return expenses.length + approvals.length > 0
}

const threadOf = ({ teamId, channel, ts, threadTs }: ChangeDelivery) => ({
  teamId,
  channel,
  threadTs: threadTs ?? ts,
})
