import type { Readable } from 'node:stream'
import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { formatDate, formatInstant } from '../../src/kernel/calendar-date.ts'
import { formatMoney, type Money } from '../../src/kernel/money.ts'
import { costCentreText, drawCalculation, drawShares } from './calculation.ts'
import { documentHead } from './document-head.ts'
import { drawReceipt, type ReceiptPicture } from './receipt-page.ts'
import { decisionRecord, recordSection } from './record-table.ts'
import {
  closeSheet,
  heightOf,
  type Line,
  openSheet,
  type Sheet,
  section,
  write,
  writeAt,
  writeFitted,
} from './sheet.ts'
import { type Column, openingHeight, table } from './table.ts'
import { capitalised, paragraphs, short } from './words.ts'

/** What the document of one completed expense shows. */
export interface ExpenseDocumentView {
  title: 'Expense statement'
  /** For instance `EXP-2026-0042`. */
  documentNumber: string
  company: { name: string; timeZone: string }
  /** BCP 47: how dates and amounts are written, and the paper. */
  locale: string
  submitter: { name: string; email: string; team: string | null }
  kind: ExpenseView['kind']
  merchant: string
  /** Of a split expense the one with the biggest part. */
  category: string
  costCentre: ExpenseView['costCentre']
  /** Calendar date, `YYYY-MM-DD`. */
  date: string
  /** How the amount of a mileage or per diem comes about. */
  calculation: ExpenseView['calculation']
  /** The parts of a split expense; empty when it is not split. */
  shares: ExpenseView['shares']
  /** The request to spend that it draws on. */
  request: { number: string; merchant: string; approved: Money } | null
  reason: string | null
  /** Who else was there, by name. */
  attendees: string[]
  note: string | null
  paidBy: 'person' | 'company'
  amount: Money
  /** The amount in the company's currency, where that is another one. */
  companyAmount: Money | null
  /** Units of the company's currency for one unit of the expense's. */
  rate: { value: string; date: string } | null
  tax: Money | null
  /** null: no policy covered it, and finance decided. */
  policy: { name: string; version: number } | null
  findings: { code: string; severity: 'info' | 'warning' | 'blocking'; message: string }[]
  /** The clause under which nobody was asked. */
  automatic: string | null
  /** Submission and each decision, oldest first; `at` in UTC. */
  history: { at: Date; who: string; what: string; comment: string | null; channel: string }[]
  /** What was asked and said, oldest first; `at` in UTC. */
  comments: { at: Date; who: string; kind: 'question' | 'comment'; text: string; channel: string }[]
  receipts: ReceiptPicture[]
  /** The number of the cancelled statement that this one stands for. */
  replaces: string | null
  issuedAt: Date
}

/**
 * Draws the expense statement that is mailed when an expense is completed: page one (and more, if the history is
 * long) with facts, decisions, policy findings, questions and answers, then every receipt on a page of its own. Times are shown in the
 * company's zone. The same view gives the same bytes. Returns the PDF as a stream.
 *
 * @throws permanentError `receipt_picture_invalid`
 */
export function renderExpenseDocument(view: ExpenseDocumentView): Readable {
  // pdfkit writes the title into XML without escaping it.
  const title = `${view.title} ${view.documentNumber}`.replace(/[&<>]/g, ' ')
  const sheet = openSheet({ title, locale: view.locale, issuedAt: view.issuedAt })
  documentHead(sheet, { company: view.company.name, title: view.title, number: view.documentNumber })
  drawReplaced(sheet, view)
  drawAmount(sheet, view)
  drawFacts(sheet, view)
  drawCalculation(sheet, view)
  drawShares(sheet, view)
  drawHistory(sheet, view)
  drawPolicy(sheet, view)
  drawComments(sheet, view)
  for (const [index, receipt] of view.receipts.entries()) {
    drawReceipt(sheet, receipt, `Receipt ${index + 1} of ${view.receipts.length}`)
  }
  closeSheet(sheet, {
    before: short(view.documentNumber, 40),
    after: `issued ${formatInstant(view.issuedAt, view.company.timeZone, view.locale)}`,
  })
  return sheet.doc
}

/** Who holds two statements of one expense must see which one counts. */
function drawReplaced(sheet: Sheet, { replaces }: ExpenseDocumentView): void {
  if (replaces === null) return
  const text = `Replaces ${short(replaces, 40)}, which is cancelled.`
  write(sheet, { text, style: 'strong' }, 'P')
  sheet.doc.y += 12
}

/** What everybody looks for first: where, when, and how much. */
function drawAmount(sheet: Sheet, view: ExpenseDocumentView): void {
  const { doc, left, width } = sheet
  const top = doc.y
  const amountWidth = 220
  const merchant = short(view.merchant, 400)
  const textWidth = width - amountWidth - 20
  const belowName = writeAt(
    sheet,
    { text: merchant, style: 'lead' },
    { x: left, y: top + 4, width: textWidth, tag: 'P', maxLines: 3 },
  )
  const what = [kindNames[view.kind], categoryText(view, 60), days(view)].filter(Boolean).join(' · ')
  const belowText = writeAt(
    sheet,
    { text: what, style: 'muted' },
    { x: left, y: belowName + 2, width: textWidth, tag: 'P', maxLines: 2 },
  )
  const amount: Line = { text: formatMoney(view.amount, view.locale), style: 'amount' }
  let belowAmount = writeFitted(sheet, amount, { y: top, width: amountWidth })
  if (view.companyAmount) {
    const own: Line = { text: `= ${formatMoney(view.companyAmount, view.locale)}`, style: 'muted' }
    belowAmount = writeFitted(sheet, own, { y: belowAmount + 2, width: amountWidth })
  }
  doc.y = Math.max(belowText, belowAmount) + 18
}

type Fact = [label: string, ...lines: string[]]

/** Two facts side by side, so that a usual expense fits on one page; what can be long has the full width. */
function drawFacts(sheet: Sheet, view: ExpenseDocumentView): void {
  const label = 88
  const value = sheet.width / 2 - label
  const columns: Column[] = [
    { width: label, heads: true },
    { width: value },
    { width: label, heads: true },
    { width: value },
  ]
  const left = moneyFacts(view)
  const right = otherFacts(view)
  const rows = Array.from({ length: Math.max(left.length, right.length) }, (_, index) => [
    ...factCells(left[index]),
    ...factCells(right[index]),
  ])
  table(sheet, columns, rows)
  const long: Fact[] = []
  if (view.reason) long.push(['Reason', short(view.reason, 120)])
  if (view.attendees.length > 0) long.push(['Attendees', attendees(view.attendees)])
  if (view.note) long.push(['Note', paragraphs(view.note, 1500)])
  if (long.length === 0) return
  const wide: Column[] = [{ width: label, heads: true }, { width: sheet.width - label }]
  table(sheet, wide, long.map(factCells))
}

/** On record are all of them, within reason. */
function attendees(names: string[]): string {
  const shown = names.slice(0, 50).map((name) => short(name, 120))
  return `${shown.join(', ')}${names.length > 50 ? ` and ${names.length - 50} more` : ''}`
}

function factCells(fact: Fact | undefined): Line[][] {
  const [label = '', ...lines] = fact ?? []
  return [
    [{ text: label, style: 'muted' }],
    lines.map((text, index) => ({ text, style: index === 0 ? 'body' : 'muted' })),
  ]
}

/** Label, value, and what explains the value. */
function moneyFacts(view: ExpenseDocumentView): Fact[] {
  const { submitter, locale, companyAmount, rate, tax } = view
  const name = short(submitter.name, 120)
  const contact = [submitter.email, submitter.team].filter((text) => text !== null)
  const facts: Fact[] = [
    ['Submitted by', name, ...contact.map((text) => short(text, 160))],
    view.paidBy === 'person'
      ? ['Paid by', name, 'To be reimbursed']
      : ['Paid by', short(view.company.name, 120), 'Nothing to reimburse'],
    [
      'Amount',
      formatMoney(view.amount, locale),
      ...(tax ? [`Tax included: ${formatMoney(tax, locale)}`] : []),
    ],
  ]
  if (companyAmount) {
    const used = rate
      ? [
          `1 ${view.amount.currency} = ${rate.value} ${companyAmount.currency}`,
          `Rate of ${formatDate(rate.date, locale)}`,
        ]
      : ['As charged']
    facts.push([`In ${companyAmount.currency}`, formatMoney(companyAmount, locale), ...used])
  }
  return facts
}

function otherFacts(view: ExpenseDocumentView): Fact[] {
  const { costCentre, request, locale } = view
  const facts: Fact[] = [
    ...outcome(view),
    [view.calculation?.kind === 'per_diem' ? 'Away' : 'Date', days(view)],
    ['Category', categoryText(view, 120)],
  ]
  if (costCentre) facts.push(['Cost centre', costCentreText(costCentre)])
  if (request) {
    const approved = `${formatMoney(request.approved, locale)} approved before`
    facts.push(['Request', request.number, short(request.merchant, 120), approved])
  }
  facts.push(['Receipts', receiptCount(view)])
  return facts
}

const kindNames: Record<ExpenseView['kind'], string> = {
  receipt: '',
  mileage: 'Mileage',
  per_diem: 'Per diem',
  request: 'Request to spend',
}

function categoryText({ shares, category }: ExpenseDocumentView, length: number): string {
  return shares.length > 0 ? `Split into ${shares.length} parts` : short(category, length)
}

/** The day, or the first and the last day away. */
function days({ calculation, date, locale }: ExpenseDocumentView): string {
  if (calculation?.kind !== 'per_diem' || calculation.firstDay === calculation.lastDay) {
    return formatDate(date, locale)
  }
  return `${formatDate(calculation.firstDay, locale)} to ${formatDate(calculation.lastDay, locale)}`
}

function outcome({ automatic, history, company, locale }: ExpenseDocumentView): Fact[] {
  if (automatic !== null) {
    return [['Outcome', 'Approved automatically', `Nobody had to be asked: ${short(automatic, 160)}`]]
  }
  const last = history.at(-1)
  if (!last) return []
  const when = formatInstant(last.at, company.timeZone, locale)
  return [['Outcome', `${capitalised(short(last.what, 60))} by ${short(last.who, 120)}`, when]]
}

function receiptCount({ kind, receipts }: ExpenseDocumentView): string {
  const count = receipts.length
  if (count === 0) return kind === 'receipt' ? 'None' : 'None needed'
  return count === 1 ? '1, on the last page' : `${count}, on the last pages`
}

function drawHistory(sheet: Sheet, view: ExpenseDocumentView): void {
  recordSection(sheet, 'Decisions', view, view.history.map(decisionRecord))
}

/** What was said until it was issued, so that a document written late is the same; without any there is no such section. */
function drawComments(sheet: Sheet, view: ExpenseDocumentView): void {
  const said = view.comments.filter(({ at }) => at <= view.issuedAt)
  if (said.length === 0) return
  const rows = said.map((comment) => {
    const what: Line[] = [{ text: paragraphs(comment.text, 2000), style: 'body' }]
    if (comment.kind === 'question') what.unshift({ text: 'Question', style: 'strong' })
    return { ...comment, what }
  })
  recordSection(sheet, 'Questions and answers', view, rows)
}

/** What the policy is for stands in its sentence; that nobody was asked, with the outcome. */
const saidElsewhere = ['policy_applies', 'approved_automatically']

function drawPolicy(sheet: Sheet, view: ExpenseDocumentView): void {
  const judged = view.policy
    ? `Judged by ${short(view.policy.name, 120)}, version ${view.policy.version}.`
    : `No policy covered this expense${view.automatic === null ? '; finance decided' : ''}.`
  const remarks = view.findings.filter(({ code }) => !saidElsewhere.includes(code))
  const applies = view.findings.filter(({ code }) => code === 'policy_applies')
  const kindWidth = 130
  const columns = [
    { title: 'Kind', width: kindWidth },
    { title: 'Remark', width: sheet.width - kindWidth },
  ]
  const rows = remarks.map(({ severity, message }): Line[][] => [
    [kindsOfRemark[severity]],
    [{ text: paragraphs(message, 1000), style: 'body' }],
  ])
  const sentences: Line[] = [
    { text: remarks.length === 0 ? `${judged} Nothing to remark.` : judged, style: 'body' },
    ...applies.map(({ message }): Line => ({ text: paragraphs(message, 1000), style: 'muted' })),
  ]
  const above = sentences.reduce((sum, sentence) => sum + heightOf(sheet, sentence), 6)
  section(sheet, 'Policy', above + openingHeight(sheet, columns, rows))
  for (const sentence of sentences) write(sheet, sentence, 'P')
  if (rows.length === 0) return
  sheet.doc.y += 6
  table(sheet, columns, rows)
}

const kindsOfRemark: Record<'info' | 'warning' | 'blocking', Line> = {
  info: { text: 'Note', style: 'muted' },
  warning: { text: 'Warning', style: 'warning' },
  blocking: { text: 'Blocking', style: 'blocking' },
}
