import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { headline } from './expense-parts.ts'
import { message, quote, type SlackMessage, section } from './text.ts'

/** That an expense cannot go on, as a new message in the thread: it was found after its submitter looked away. */
export function blockedMessage(expense: ExpenseView): SlackMessage {
  const reasons = expense.findings
    .filter(({ severity }) => severity === 'blocking')
    .map(({ message }) => message)
  const title = `:no_entry: *${expense.number} cannot go on as it is.* Please change it, or discard it.`
  const lines = reasons.map((reason) => `• ${quote(reason, 400)}`)
  return message(`${expense.number} cannot go on as it is. ${headline(expense)}`, [
    section('outcome', [title, ...lines].join('\n')),
  ])
}
