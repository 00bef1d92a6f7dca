import type { DocumentFacts } from '../../src/features/expenses/index.ts'
import { formatDate, formatInstant } from '../../src/kernel/calendar-date.ts'
import { formatMoney } from '../../src/kernel/money.ts'
import { plainSpaces } from '../expense-words.ts'
import { oneLine } from '../html.ts'
import { type Mail, renderMail } from './layout.ts'

/** The mail that carries the document of a completed expense. */
export interface DocumentMailView extends DocumentFacts {
  audience: 'submitter' | 'finance'
  /** For instance `EXP-2026-0042`. */
  expenseNumber: string
  /** The same, unless an earlier statement was cancelled: then `EXP-2026-0042-2`. */
  documentNumber: string
  company: { name: string; timeZone: string }
  /** BCP 47: how dates and amounts are written. */
  locale: string
  submitter: { name: string; email: string }
  /** Who approved, oldest first. `at` in UTC. */
  approvals: { who: string; at: Date }[]
  /** The clause under which nobody was asked. */
  automatic: string | null
  /** Name of the attached file. */
  attachment: string
}

/** Writes the mail that goes out with the PDF of an approved expense, to its submitter or to finance. */
export function renderDocumentMail(view: DocumentMailView): Mail {
  const number = oneLine(view.expenseNumber, 40)
  const amount = formatMoney(view.amount, view.locale)
  const merchant = oneLine(view.merchant, 80)
  const own = view.audience === 'submitter'
  return renderMail({
    subject: own
      ? `Your expense ${number} is approved`
      : `${number} approved: ${plainSpaces(amount)}, ${merchant}`,
    preview: own
      ? `${amount}, ${merchant}. The statement is attached.`
      : `${view.submitter.name}, ${view.category}. The statement is attached.`,
    company: view.company.name,
    title: own ? 'Your expense is approved' : 'Expense approved',
    blocks: [
      { kind: 'amount', text: amount, note: view.merchant },
      { kind: 'facts', rows: facts(view) },
      {
        kind: 'paragraph',
        text: `The expense statement is attached.${own ? ' There is nothing more for you to do.' : ''}`,
      },
    ],
    reason: own
      ? 'You get this mail because you submitted this expense.'
      : `You get this mail because you work in finance at ${view.company.name} and this expense is complete.`,
  })
}

function facts(view: DocumentMailView): [label: string, ...values: string[]][] {
  const { locale, submitter, companyAmount } = view
  const rows: [string, ...string[]][] = [['Number', view.expenseNumber]]
  if (view.documentNumber !== view.expenseNumber) {
    rows.push(['Statement', view.documentNumber, 'In place of the one that was cancelled'])
  }
  if (companyAmount) rows.push([`In ${companyAmount.currency}`, formatMoney(companyAmount, locale)])
  rows.push(['Category', view.category], ['Date', formatDate(view.date, locale)])
  if (view.audience === 'finance') rows.push(['Submitted by', submitter.name, submitter.email])
  rows.push(['Paid by', payment(view)], ['Approved by', ...approvers(view)], ['Attached', view.attachment])
  return rows
}

function payment(view: DocumentMailView): string {
  if (view.paidBy === 'company') return `${view.company.name}, nothing to reimburse`
  return view.audience === 'submitter' ? 'You, to be reimbursed' : `${view.submitter.name}, to be reimbursed`
}

function approvers(view: DocumentMailView): string[] {
  if (view.automatic !== null) return [`Nobody had to be asked (${oneLine(view.automatic, 200)})`]
  return view.approvals.map(({ who, at }) => {
    return `${oneLine(who, 120)}, ${formatInstant(at, view.company.timeZone, view.locale)}`
  })
}
