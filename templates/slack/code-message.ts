import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { headline } from './expense-parts.ts'
import { context, instantText, message, type SlackMessage, section } from './text.ts'

export interface CodeMessageView {
  expense: ExpenseView
  /** Six digits; once it is of no use it is shown no more, and this says why. */
  code: string | { endedBy: 'use' | 'newer' | 'time' }
  /** UTC. */
  expiresAt: Date
}

const endings = {
  use: [':white_check_mark:', 'was used.'],
  newer: [':heavy_minus_sign:', 'was replaced by a newer one.'],
  time: [':heavy_minus_sign:', 'has expired. The page sends a new one.'],
} as const

/** A code for whoever decides by mail: it proves that they are who they are, and is taken away when it is of no use. */
export function codeMessage({ expense, code, expiresAt }: CodeMessageView): SlackMessage {
  const { timeZone, locale } = expense.company
  if (typeof code !== 'string') {
    const [mark, ending] = endings[code.endedBy]
    const closing = `The code for ${expense.number} ${ending}`
    return message(closing, [context('code', `${mark} ${closing}`)])
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
