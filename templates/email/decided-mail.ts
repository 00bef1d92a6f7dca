import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { formatInstant } from '../../src/kernel/calendar-date.ts'
import { amountText, linesOf, merchantText, numberAndKind, quote, thing } from '../expense-words.ts'
import { furtherFacts } from '../fact-words.ts'
import { verdictWord } from '../step-words.ts'
import { factRows } from './expense-blocks.ts'
import { type Mail, renderMail } from './layout.ts'

export interface DecidedMailView {
  expense: ExpenseView
  verdict: 'rejected' | 'sent_back'
  /** The name of the one who decided, and in whose place. */
  by: string
  /** UTC. */
  at: Date
  comment: string | null
  /** The signed page of the expense. */
  link: string
}

/** Tells the submitter that an expense was rejected or sent back, by whom and why. */
export function renderDecidedMail({ expense, verdict, by, at, comment, link }: DecidedMailView): Mail {
  const { company, number } = expense
  const who = quote(by, 130)
  const outcome = `${verdictWord(verdict)} by ${who}`
  const sentBack = verdict === 'sent_back'
  return renderMail({
    subject: `${number} was ${outcome}${sentBack ? ': please change it' : ''}`,
    preview: comment ?? `${amountText(expense)}, ${merchantText(expense)}`,
    company: company.name,
    title: `Your ${thing(expense)} was ${outcome}`,
    blocks: [
      ...(comment ? [{ kind: 'quote' as const, lines: linesOf(comment, 2000) }] : []),
      { kind: 'amount', text: amountText(expense), note: merchantText(expense) },
      {
        kind: 'facts',
        rows: [
          ...factRows(furtherFacts(expense, 'submitter')),
          [
            sentBack ? 'Sent back' : 'Rejected',
            `${who}, ${formatInstant(at, company.timeZone, company.locale)}`,
          ],
          ['Number', numberAndKind(expense)],
        ],
      },
      sentBack
        ? { kind: 'button', label: 'Change it and submit again', url: link, rank: 'main', note: null }
        : {
            kind: 'button',
            label: 'Look at it',
            url: link,
            rank: 'quiet',
            note: `If you do not agree, please talk to ${who}.`,
          },
    ],
    reason: `You get this mail because you submitted this ${thing(expense)}.`,
  })
}
