import { dateText, message, quote, type SlackMessage, section } from '../../../../templates/slack/text.ts'
import { readTypedExpense } from '../../../features/expenses/index.ts'
import { formatMoney } from '../../../kernel/money.ts'
import { draftFromText } from '../intake/make-drafts.ts'
import { severalAmounts } from '../intake/several-amounts.ts'
import { asPerson } from '../people/as-person.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { isFirstDelivery } from '../transport/deliveries.ts'
import type { CommandInHand } from './command-answers.ts'

/**
 * `/expense taxi 12.50 EUR`: a draft in the person's conversation with us. null where the text is no expense. The same
 * command delivered twice makes one.
 */
export async function draftFromCommand(
  slack: SlackChannel,
  { who, trigger, text, person, reader, words }: CommandInHand,
): Promise<SlackMessage | null> {
  const key = `slack-command:${who.teamId}:${trigger}`
  const { locale } = reader
  return asPerson(slack, person, async (tx) => {
    const typed = await readTypedExpense(tx, text)
    if (typed.kind === 'none') return null
    if (typed.kind === 'several_amounts') {
      const several = severalAmounts(typed.amounts, reader)
      return message(several, [section('several', several)])
    }
    // Of two deliveries at the same moment the second waits for the first, and finds what it made.
    await isFirstDelivery(tx, key)
    const made = await draftFromText(tx, { key, personId: person.id, address: null, note: '' }, text)
    if (!('expense' in made)) return null
    const { merchant, amount, date } = typed
    const parts = [
      merchant === null ? '' : quote(merchant, 80),
      formatMoney(amount, locale),
      dateText(date, locale),
    ]
    const said = parts.filter((part) => part !== '').join(', ')
    const ready = words.talk.typedReady(made.expense.number, said)
    return message(ready.replaceAll('*', ''), [section('made', ready)])
  })
}
