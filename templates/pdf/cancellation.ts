import type { Readable } from 'node:stream'
import type { DocumentFacts } from '../../src/features/expenses/index.ts'
import { formatDate, formatInstant } from '../../src/kernel/calendar-date.ts'
import { formatMoney } from '../../src/kernel/money.ts'
import { documentHead } from './document-head.ts'
import { decisionRecord, recordSection } from './record-table.ts'
import { closeSheet, type Line, openSheet, type Sheet, section, write } from './sheet.ts'
import { table } from './table.ts'
import { paragraphs, short } from './words.ts'

/** What the document shows that takes an expense statement out of force. */
export interface CancellationView extends DocumentFacts {
  /** Its own number. */
  documentNumber: string
  /** The statement that it cancels: `EXP-2026-0042`, or `EXP-2026-0042-2` for the second one of that expense. */
  statement: { number: string; issuedAt: Date }
  company: { name: string; timeZone: string }
  /** BCP 47: how dates and amounts are written, and the paper. */
  locale: string
  submitter: { name: string; email: string }
  /** Who took back their decision, and so the statement; `at` in UTC. */
  undone: { by: string; at: Date; comment: string | null }
  /** Submission, each decision and what was taken back, oldest first; `at` in UTC. */
  history: { at: Date; who: string; what: string; comment: string | null; channel: string }[]
  issuedAt: Date
}

/**
 * Draws the cancellation of an expense statement: which statement, why, and everything that was decided until then.
 * The statement itself is kept. Times are shown in the company's zone. The same view gives the same bytes. Returns the
 * PDF as a stream.
 */
export function renderCancellation(view: CancellationView): Readable {
  const { company, locale, issuedAt, documentNumber } = view
  const statement = short(view.statement.number, 40)
  // pdfkit writes the title into XML without escaping it.
  const title = `Cancellation of the expense statement ${statement}`.replace(/[&<>]/g, ' ')
  const sheet = openSheet({ title, locale, issuedAt })
  documentHead(sheet, { company: company.name, title: 'Cancellation', number: documentNumber })
  write(sheet, { text: `The expense statement ${statement} is cancelled.`, style: 'lead' }, 'P')
  sheet.doc.y += 6
  drawReason(sheet, view)
  section(sheet, 'The cancelled statement')
  drawStatement(sheet, view)
  recordSection(sheet, 'Decisions', view, view.history.filter(({ at }) => at <= issuedAt).map(decisionRecord))
  closeSheet(sheet, {
    before: short(documentNumber, 40),
    after: `issued ${formatInstant(issuedAt, company.timeZone, locale)}`,
  })
  return sheet.doc
}

function drawReason(sheet: Sheet, { company, locale, undone, paidBy }: CancellationView): void {
  const when = formatInstant(undone.at, company.timeZone, locale)
  const lines: Line[] = [
    {
      text: `${short(undone.by, 120)} took back a decision on ${when}, and the expense is not approved any more.`,
      style: 'body',
    },
  ]
  if (undone.comment) lines.push({ text: `“${paragraphs(undone.comment, 1000)}”`, style: 'body' })
  const noMore = paidBy === 'person' ? 'reimburse or book' : 'book'
  lines.push(
    { text: `Please do not ${noMore} anything by that statement.`, style: 'strong' },
    { text: 'If it is approved again, a new statement is issued.', style: 'muted' },
  )
  for (const line of lines) {
    write(sheet, line, 'P')
    sheet.doc.y += 4
  }
}

function drawStatement(sheet: Sheet, view: CancellationView): void {
  const { company, locale, statement, submitter, companyAmount } = view
  const name = short(submitter.name, 120)
  const rows: [label: string, ...lines: string[]][] = [
    [
      'Statement',
      short(statement.number, 40),
      `Issued ${formatInstant(statement.issuedAt, company.timeZone, locale)}`,
    ],
    [
      'Amount',
      formatMoney(view.amount, locale),
      ...(companyAmount ? [`= ${formatMoney(companyAmount, locale)}`] : []),
    ],
    ['Merchant', short(view.merchant, 400)],
    ['Category', short(view.category, 120)],
    ['Date', formatDate(view.date, locale)],
    ['Submitted by', name, short(submitter.email, 160)],
    ['Paid by', view.paidBy === 'person' ? name : short(company.name, 120)],
  ]
  const label = 88
  const cells = rows.map(([head, ...lines]): Line[][] => [
    [{ text: head, style: 'muted' }],
    lines.map((text, index) => ({ text, style: index === 0 ? 'body' : 'muted' })),
  ])
  table(sheet, [{ width: label, heads: true }, { width: sheet.width - label }], cells)
}
