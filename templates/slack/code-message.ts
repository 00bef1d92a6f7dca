import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { headline } from './expense-parts.ts'
import { context, instantText, message, type SlackMessage, section } from './text.ts'

export interface CodeMessageView {
  expense: ExpenseView
  /** Six digits; null once it was used or has expired: then it is shown no more. */
  code: string | null
  wasUsed: boolean
  /** UTC. */
  expiresAt: Date
}

/** A code for whoever decides by mail: it proves that they are who they are, and is taken away when it is of no use. */
export function codeMessage({ expense, code, wasUsed, expiresAt }: CodeMessageView): SlackMessage {
  const { timeZone, locale } = expense.company
  if (code === null) {
    const closing = wasUsed
      ? `:white_check_mark: The code for ${expense.number} was used.`
      : `:heavy_minus_sign: The code for ${expense.number} has expired. The page sends a new one.`
    return message(closing.replace(/^:\w+: /, ''), [context('code', closing)])
  }
  const shown = `${code.slice(0, 3)} ${code.slice(3)}`
  return message(`${shown} is your code to decide ${expense.number}.`, [
    section('code', `:key: Your code to decide ${expense.number} is *${shown}*`),
    context('about', headline(expense)),
    context(
      'until',
      `Type it on the page where you decide. It is good until ${instantText(expiresAt, timeZone, locale)}. Nobody of us ever asks you for it; if you are not deciding anything now, tell your admin.`,
    ),
  ])
}
