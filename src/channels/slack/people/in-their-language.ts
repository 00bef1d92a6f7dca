import { wordsOf } from '../../../../templates/slack/words/index.ts'
import {
  type ExpenseLine,
  type ExpenseView,
  lineSeenBy,
  seenBy,
  type WaitingExpense,
  waitingSeenBy,
} from '../../../features/expenses/index.ts'
import type { Reader } from '../../../features/people/index.ts'

/** The same expense for somebody who reads it in Slack, in their language. */
export function shownTo(expense: ExpenseView, reader: Reader): ExpenseView {
  return seenBy(expense, reader, wordsOf(reader.locale).language)
}

/** The same lines of a list. */
export function linesFor(lines: ExpenseLine[], { locale }: Reader): ExpenseLine[] {
  const { language } = wordsOf(locale)
  return lines.map((line) => lineSeenBy(line, { locale, language }))
}

/** The same of what waits for them, to be decided or to be paid. */
export function waitingFor<Line extends Pick<WaitingExpense, 'warned'>>(
  lines: Line[],
  { locale }: Pick<Reader, 'locale'>,
): Line[] {
  const { language } = wordsOf(locale)
  return lines.map((line) => waitingSeenBy(line, { locale, language }))
}
