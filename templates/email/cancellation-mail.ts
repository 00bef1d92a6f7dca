import type { DocumentFacts } from '../../src/features/expenses/index.ts'
import { formatDate, formatInstant } from '../../src/kernel/calendar-date.ts'
import { formatMoney } from '../../src/kernel/money.ts'
import { linesOf, plainSpaces } from '../expense-words.ts'
import { oneLine } from '../html.ts'
import type { FactRow } from './blocks.ts'
import { type Mail, renderMail } from './layout.ts'

/** The mail that takes back a statement that was mailed before. */
export interface CancellationMailView extends DocumentFacts {
  audience: 'submitter' | 'finance'
  /** The statement that is cancelled: `EXP-2026-0042`, or `EXP-2026-0042-2`. */
  statement: string
  company: { name: string; timeZone: string }
  /** BCP 47: how dates and amounts are written. */
  locale: string
  submitter: { name: string; email: string }
  /** Who took back their decision. `at` in UTC. */
  undone: { by: string; at: Date; comment: string | null }
  /** Name of the attached file. */
  attachment: string
}

/** Writes the mail that goes out with the cancellation of a statement, to everybody who was mailed the statement. */
export function renderCancellationMail(view: CancellationMailView): Mail {
  const { company, undone, attachment } = view
  const number = oneLine(view.statement, 40)
  const by = oneLine(undone.by, 60)
  const amount = formatMoney(view.amount, view.locale)
  const own = view.audience === 'submitter'
  return renderMail({
    subject: own
      ? `The statement ${number} is cancelled`
      : `Cancelled: statement ${number}, ${plainSpaces(amount)}, ${oneLine(view.merchant, 40)}`,
    preview: `${by} took back a decision. ${amount}, ${oneLine(view.merchant, 80)}`,
    company: company.name,
    title: `The statement ${number} is cancelled`,
    blocks: [
      {
        kind: 'paragraph',
        text: `${by} took back a decision, so ${own ? 'your' : 'this'} expense is not approved any more. ${consequence(view)}`,
      },
      ...(undone.comment ? [{ kind: 'quote' as const, lines: linesOf(undone.comment, 2000) }] : []),
      { kind: 'amount', text: amount, note: view.merchant },
      { kind: 'facts', rows: facts(view) },
      {
        kind: 'paragraph',
        text: `${oneLine(attachment, 100)} is attached. If the expense is approved again, a new statement is mailed.`,
      },
    ],
    reason: own
      ? 'You get this mail because you submitted this expense.'
      : `You get this mail because you were mailed the statement as finance at ${oneLine(company.name, 120)}.`,
  })
}

function consequence({ audience, paidBy }: CancellationMailView): string {
  if (audience === 'submitter') return 'There is nothing for you to do.'
  return `Please do not ${paidBy === 'person' ? 'reimburse or book' : 'book'} anything by that statement.`
}

function facts(view: CancellationMailView): FactRow[] {
  const { audience, company, companyAmount, locale, submitter, undone } = view
  const rows: FactRow[] = [['Statement', view.statement]]
  if (companyAmount) rows.push([`In ${companyAmount.currency}`, formatMoney(companyAmount, locale)])
  rows.push(['Category', view.category], ['Date', formatDate(view.date, locale)])
  if (audience === 'finance') rows.push(['Submitted by', submitter.name, submitter.email])
  const when = formatInstant(undone.at, company.timeZone, locale)
  rows.push(['Taken back', `${oneLine(undone.by, 120)}, ${when}`])
  return rows
}
