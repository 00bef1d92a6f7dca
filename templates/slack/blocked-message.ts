import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { headline } from './expense-parts.ts'
import { withoutMarks } from './outcome.ts'
import { message, quote, type SlackMessage, section } from './text.ts'
import { wordsOf } from './words/index.ts'

/** That an expense cannot go on, as a new message in the thread: it was found after its submitter looked away. */
export function blockedMessage(expense: ExpenseView): SlackMessage {
  const title = wordsOf(expense.company.locale).cards.expense.blockedNow(expense.number)
  const lines = expense.findings
    .filter(({ severity }) => severity === 'blocking')
    .map(({ message }) => `• ${quote(message, 400)}`)
  return message(`${withoutMarks(title, expense)} ${headline(expense)}`, [
    section('outcome', [`:no_entry: ${title}`, ...lines].join('\n')),
  ])
}
