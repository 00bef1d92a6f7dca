import { actions, actionsBlock, linkButton } from '../../../../templates/slack/expense-parts.ts'
import { dateText, message, quote, type SlackMessage, section } from '../../../../templates/slack/text.ts'
import { readTypedExpense, type TypedExpense } from '../../../features/expenses/index.ts'
import { formatMoney } from '../../../kernel/money.ts'
import { draftFromText } from '../intake/make-drafts.ts'
import { severalAmounts } from '../intake/several-amounts.ts'
import { asPerson } from '../people/as-person.ts'
import { linkInTime } from '../show/message-link.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { isFirstDelivery } from '../transport/deliveries.ts'
import type { CommandInHand } from './command-answers.ts'

/**
 * `/expense taxi 12.50 EUR`: a draft in the person's conversation with us. null where the text is no expense. The same
 * command delivered twice makes one.
 */
export async function draftFromCommand(
  slack: SlackChannel,
  inHand: CommandInHand,
): Promise<SlackMessage | null> {
  const { who, trigger, text, person, reader, words } = inHand
  const key = `slack-command:${who.teamId}:${trigger}`
  const inTx: Parameters<typeof linkInTime>[2] = (run) => asPerson(slack, person, run)
  const typed = await inTx((tx) => readTypedExpense(tx, text))
  if (typed.kind === 'none') return null
  if (typed.kind === 'several_amounts') {
    const several = severalAmounts(typed.amounts, reader)
    return message(several, [section('several', several)])
  }
  const made = await inTx(async (tx) => {
    // Of two deliveries at the same moment the second waits for the first, and finds what it made.
    await isFirstDelivery(tx, key)
    return draftFromText(tx, { key, personId: person.id, address: null, note: '' }, text)
  })
  if (!('expense' in made)) return null
  const ready = words.talk.typedReady(made.expense.number, said(typed, inHand))
  const link = await linkInTime(slack, { teamId: who.teamId, expenseId: made.expense.id }, inTx)
  return message(ready.replaceAll('*', ''), [
    section('made', ready),
    ...(link ? [actionsBlock('link', [linkButton(actions.openMessage, words.talk.showDraft, link)])] : []),
  ])
}

/** What was understood, and what of it was guessed. */
function said(
  { merchant, amount, date, uncertain }: Extract<TypedExpense, { kind: 'expense' }>,
  { reader: { locale }, words }: CommandInHand,
): string {
  const parts = [
    merchant === null ? '' : quote(merchant, 80),
    formatMoney(amount, locale),
    dateText(date, locale),
  ]
  const understood = parts.filter((part) => part !== '').join(', ')
  const isGuessed = uncertain.includes('currency')
  return isGuessed ? `${understood}. ${words.cards.confirm.tookCurrency(amount.currency)}` : `${understood}.`
}
