import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { headline } from './expense-parts.ts'
import { context, instantText, message, type SlackMessage, section } from './text.ts'
import { wordsOf } from './words/index.ts'

export interface CodeMessageView {
  expense: ExpenseView
  /** Six digits; once it is of no use it is shown no more, and this says why. */
  code: string | { endedBy: 'use' | 'newer' | 'time' }
  /** UTC. */
  expiresAt: Date
}

const marks = { use: ':white_check_mark:', newer: ':heavy_minus_sign:', time: ':heavy_minus_sign:' } as const

/** A code for whoever decides by mail: it proves that they are who they are, and is taken away when it is of no use. */
export function codeMessage({ expense, code, expiresAt }: CodeMessageView): SlackMessage {
  const { number, company } = expense
  const texts = wordsOf(company.locale).cards.code
  if (typeof code !== 'string') {
    const closing = texts.ended[code.endedBy](number)
    return message(closing, [context('code', `${marks[code.endedBy]} ${closing}`)])
  }
  const shown = `${code.slice(0, 3)} ${code.slice(3)}`
  return message(texts.yours(shown, number), [
    section('code', `:key: ${texts.shown(shown, number)}`),
    context('about', headline(expense)),
    context('until', texts.until(instantText(expiresAt, company))),
  ])
}
