import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { formatInstant } from '../../src/kernel/calendar-date.ts'
import { amountText, linesOf, merchantText, numberAndKind, quote, thing } from '../expense-words.ts'
import { furtherFacts } from '../fact-words.ts'
import { waitingFor } from '../step-words.ts'
import { decisionNoun } from '../undone-words.ts'
import type { Block } from './blocks.ts'
import { factRows } from './expense-blocks.ts'
import { type Mail, renderMail } from './layout.ts'

type Undone = ExpenseView['undone'][number]

export interface UndoneMailView {
  expense: ExpenseView
  /** Of `expense.undone`: for the submitter the one that was taken back, for an approver their own. */
  undone: Undone
  audience: 'submitter' | 'approver'
  /** The submitter's signed page; null for an approver, who is asked anew by a mail of its own. */
  link: string | null
}

/** Tells the submitter, or an approver whose decision was undone with it, that somebody took back a decision. */
export function renderUndoneMail(view: UndoneMailView): Mail {
  const { expense, undone, audience, link } = view
  const { company, number } = expense
  const own = audience === 'submitter'
  const noun = decisionNoun(undone)
  const by = quote(undone.by, 60)
  return renderMail({
    subject: own
      ? `${by} took back the ${noun} of ${number}`
      : `Your ${noun} of ${number} does not count any more`,
    preview: undone.comment ?? `${amountText(expense)}, ${merchantText(expense)}`,
    company: company.name,
    title: own ? `${by} took back the ${noun}` : `Your ${noun} does not count any more`,
    blocks: [
      { kind: 'paragraph', text: own ? toSubmitter(expense) : toApprover(by) },
      ...(undone.comment ? [{ kind: 'quote' as const, lines: linesOf(undone.comment, 2000) }] : []),
      { kind: 'amount', text: amountText(expense), note: merchantText(expense) },
      {
        kind: 'facts',
        rows: [
          ...factRows(furtherFacts(expense, audience)),
          ['Taken back', `${by}, ${formatInstant(undone.at, company.timeZone, company.locale)}`],
          ['Number', numberAndKind(expense)],
        ],
      },
      ...lookAtIt(link),
    ],
    reason: own
      ? `You get this mail because you submitted this ${thing(expense)}.`
      : `You get this mail because you had decided about this ${thing(expense)}.`,
  })
}

function toSubmitter(expense: ExpenseView): string {
  if (expense.status !== 'awaiting_approval') return `Your ${thing(expense)} was decided again since.`
  return `Your ${thing(expense)} is to be decided again: it is waiting for ${waitingFor(expense)} now. There is nothing for you to do.`
}

function toApprover(by: string): string {
  return `${by} took back an earlier decision about this, and what followed from it is undone. You are asked again, by a mail of its own, when it is your turn.`
}

function lookAtIt(url: string | null): Block[] {
  return url === null ? [] : [{ kind: 'button', label: 'Look at it', url, rank: 'quiet', note: null }]
}
