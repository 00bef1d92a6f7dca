import { actions, actionsBlock, button } from './expense-parts.ts'
import { joined, message, plain, type SlackMessage, section } from './text.ts'
import { wordsOf } from './words/index.ts'

/** Somebody deleted the message from which these drafts were made: they stay, and can be discarded. */
export function deletedMessage(drafts: { id: string; number: string }[], locale: string): SlackMessage {
  const { talk, common } = wordsOf(locale)
  const numbers = drafts.map(({ number }) => number)
  const text = talk.deletedDraft(joined(numbers, 'and', locale), drafts.length)
  const buttons = drafts.map(({ id, number }) =>
    button(actions.discard, drafts.length === 1 ? talk.discardIt : talk.discard(number), id, {
      accessibility_label: talk.discard(number),
      confirm: {
        title: plain(talk.discardSure),
        text: plain(talk.discardMeans(number), 300),
        confirm: plain(talk.discardIt, 30),
        deny: plain(common.keep, 30),
      },
    }),
  )
  // The same action may stand once in a block.
  const rows = buttons.map((one, index) => actionsBlock(`discard_${index + 1}`, [one]))
  return message(text, [section('deleted', text), ...rows])
}
