import { deletedMessage } from '../../../../templates/slack/deleted-message.ts'
import { wordsOf } from '../../../../templates/slack/words/index.ts'
import type { Tx, WorkInHand } from '../../../database/index.ts'
import { expensesOfDeliveries, readTypedExpense } from '../../../features/expenses/index.ts'
import type { Reader } from '../../../features/people/index.ts'
import { formatMoney } from '../../../kernel/money.ts'
import type { ChangeDelivery } from '../payloads.ts'
import { asPerson, readerAndWords } from '../people/as-person.ts'
import { findPerson } from '../people/identify.ts'
import { reply, type Saying } from '../people/say.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { deliveryKeys, messageKey } from './make-drafts.ts'
import { findQuestionOf, forgetQuestion } from './questions.ts'

/**
 * Somebody edited or deleted a message. It makes no other expense, and takes none away: what was typed stays as it was
 * first written, and drafts of a deleted message can be discarded. It is said once, and only where something can be done.
 */
export async function receiveChange(
  slack: SlackChannel,
  change: ChangeDelivery,
  deliveryId: string,
  work: WorkInHand,
): Promise<void> {
  const found = await findPerson(slack, change.teamId, change.userId)
  if ('stranger' in found) return work.finishAlone()
  const { reader } = await readerAndWords(slack, found.person, change)
  const saying = await asPerson(slack, found.person, (tx) =>
    change.text === null ? deleted(tx, change, reader) : edited(tx, change, change.text, reader),
  )
  if (saying) await reply(slack, change, { key: deliveryId, saying, work })
  await work.finishAlone()
}

async function deleted(tx: Tx, change: ChangeDelivery, { locale }: Reader): Promise<Saying | null> {
  const key = messageKey(change)
  await forgetQuestion(tx, key)
  const made = await expensesOfDeliveries(tx, deliveryKeys(key, change.files))
  const drafts = made.filter(
    ({ status, submitterId }) => status === 'draft' && submitterId === tx.actor.personId,
  )
  return drafts.length === 0 ? null : deletedMessage(drafts, locale)
}

async function edited(
  tx: Tx,
  change: ChangeDelivery,
  text: string,
  { locale }: Reader,
): Promise<Saying | null> {
  const { talk } = wordsOf(locale)
  const key = messageKey(change)
  const [typed] = await expensesOfDeliveries(tx, [`${key}:text`])
  if (typed) {
    // Changed since, it is not what was written any more anyway.
    const isUntouched = typed.status === 'draft' && typed.updatedAt.getTime() === typed.createdAt.getTime()
    if (!isUntouched || typed.amountMinor === null || typed.currency === null) return null
    const amount = formatMoney({ minor: typed.amountMinor, currency: typed.currency }, locale)
    return talk.editedDraft(typed.number, [typed.merchantName, amount].filter(Boolean).join(', '))
  }
  // A slip of the pen may have kept it from being understood.
  const isTalk = change.files.length > 0 || !change.isDirect || (await findQuestionOf(tx, key)) !== null
  const isExpense = !isTalk && (await readTypedExpense(tx, text)).kind === 'expense'
  return isExpense ? talk.editedNothing : null
}
