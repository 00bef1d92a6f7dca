import type { ExpenseView } from '../src/features/expenses/index.ts'
import { formatDate, formatInstant } from '../src/kernel/calendar-date.ts'
import { formatMoney } from '../src/kernel/money.ts'
import { oneLine } from './html.ts'

/** A label with its lines; `check` marks what was read without certainty. */
export interface Fact {
  label: string
  lines: string[]
  check: boolean
}

export const pleaseCheck = 'please check'
export const nothing = '—'

/** What a person or a receipt wrote, short enough to stand inside a sentence. */
export function quote(text: string, length = 150): string {
  return oneLine(text, length)
}

/** What a person wrote over several lines: at most 20 of them, and `length` characters together. */
export function linesOf(text: string, length: number): string[] {
  return text
    .slice(0, length)
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => oneLine(line, length))
    .filter((line) => line !== '')
    .slice(0, 20)
}

/** A subject with plain spaces stays plain ASCII, readable in every log and list. */
export function plainSpaces(text: string): string {
  return text.replace(/\s/g, ' ')
}

/** `EUR 35.10`, or a dash where nothing is known yet. */
export function amountText(view: ExpenseView): string {
  return view.amount ? formatMoney(view.amount, view.company.locale) : nothing
}

/** `EUR 35.10 (USD 38.64)`: with the company's currency beside it where that is another one. */
export function bothAmounts(view: ExpenseView): string {
  const own = amountText(view)
  return view.companyAmount ? `${own} (${formatMoney(view.companyAmount, view.company.locale)})` : own
}

export function merchantText(view: ExpenseView): string {
  return view.merchant ? quote(view.merchant) : nothing
}

export function dateText(view: ExpenseView): string {
  return view.date ? formatDate(view.date, view.company.locale) : nothing
}

export function isUncertain(view: ExpenseView, ...fields: ExpenseView['uncertain']): boolean {
  return fields.some((field) => view.uncertain.includes(field))
}

/** Merchant and amount, for where they do not stand large above the other facts. */
export function leadingFacts(view: ExpenseView): Fact[] {
  return [
    { label: 'Merchant', lines: [merchantText(view)], check: isUncertain(view, 'merchant') },
    { label: 'Amount', lines: [amountText(view)], check: isUncertain(view, 'amount', 'currency') },
  ]
}

/** Everything but merchant and amount. `reader` decides how the one who paid is named. */
export function furtherFacts(view: ExpenseView, reader: 'submitter' | 'approver'): Fact[] {
  const fact = (label: string, ...lines: string[]): Fact => ({ label, lines, check: false })
  const facts: Fact[] = []
  if (view.companyAmount) facts.push(fact(`In ${view.companyAmount.currency}`, ...companyAmountLines(view)))
  facts.push(
    {
      label: 'Category',
      lines: [view.category ? quote(view.category.name) : nothing],
      check: isUncertain(view, 'category'),
    },
    { label: 'Date', lines: [dateText(view)], check: isUncertain(view, 'date') },
  )
  if (reader === 'approver') {
    const team = view.submitter.team ? `, ${quote(view.submitter.team, 60)}` : ''
    facts.push(fact('Submitted by', `${quote(view.submitter.name, 60)}${team}`))
  }
  facts.push(fact('Paid by', payment(view, reader)))
  if (view.note) facts.push(fact('Note', ...linesOf(view.note, 2000)))
  return facts
}

function companyAmountLines({ companyAmount, rate, company }: ExpenseView): string[] {
  if (!companyAmount) return []
  const amount = formatMoney(companyAmount, company.locale)
  return rate ? [amount, `Rate ${rate.value} of ${formatDate(rate.date, company.locale)}`] : [amount]
}

function payment(view: ExpenseView, reader: 'submitter' | 'approver'): string {
  if (view.paidBy === 'company') return `${quote(view.company.name)}, nothing to reimburse`
  return reader === 'submitter'
    ? 'You, to be reimbursed'
    : `${quote(view.submitter.name, 60)}, to be reimbursed`
}

/** One approval step in words: what it is, whom it asks, or who decided what and when. */
export interface StepLine {
  status: string
  title: string
  outcome: string
  comments: string[]
}

export function stepLines(view: ExpenseView): StepLine[] {
  return view.steps.slice(0, 10).map((step) => ({
    status: step.status,
    title: `${quote(step.description, 100)}${step.required ? '' : ' (optional)'}`,
    outcome: stepOutcome(step, view),
    comments: step.approvers.flatMap(({ decided }) => (decided?.comment ? [decided.comment] : [])),
  }))
}

function stepOutcome({ status, approvers }: ExpenseView['steps'][number], { company }: ExpenseView): string {
  const parts = approvers.flatMap(({ decided, status }) =>
    decided
      ? [
          `${verdictWord(status)} by ${quote(decided.by, 60)}, ${formatInstant(decided.at, company.timeZone, company.locale)}`,
        ]
      : [],
  )
  const asked = approvers.filter(({ status }) => status === 'asked')
  if (status === 'open' && asked.length > 0) parts.push(`waiting for ${namesOf(asked)}`)
  if (parts.length > 0) return parts.join('; ')
  if (status === 'skipped') return 'not needed any more'
  return `${namesOf(approvers)}${status === 'waiting' ? ', after that' : ''}`
}

const verdicts = new Map([
  ['approved', 'approved'],
  ['rejected', 'rejected'],
  ['sent_back', 'sent back'],
])

/** `sent back` for `sent_back`. */
export function verdictWord(status: string): string {
  return verdicts.get(status) ?? 'decided'
}

function namesOf(people: { name: string }[]): string {
  const first = people.slice(0, 5).map(({ name }) => quote(name, 60))
  return `${first.join(' or ')}${people.length > 5 ? ' or others' : ''}`
}

/** Whom an expense is waiting for now: `Frank Miller or Eve Davis`. */
export function waitingFor({ steps }: ExpenseView): string {
  const asked = steps
    .filter(({ status }) => status === 'open')
    .flatMap(({ approvers }) => approvers.filter(({ status }) => status === 'asked'))
  return asked.length > 0 ? namesOf(asked) : 'approval'
}

const fieldWords: Record<ExpenseView['missing'][number], string> = {
  merchant: 'the merchant',
  amount: 'the amount',
  currency: 'the currency',
  date: 'the date',
  category: 'the category',
}

/** `the merchant, the date and the category` */
export function fieldList(fields: ExpenseView['missing']): string {
  const words = fields.map((field) => fieldWords[field])
  const last = words.pop() ?? ''
  return words.length > 0 ? `${words.join(', ')} and ${last}` : last
}

/** A sentence with how much it matters. */
export interface Remark {
  severity: 'info' | 'warning' | 'blocking'
  text: string
}

/** What policy says, a sentence each, the gravest first. */
export function policyRemarks(view: ExpenseView): Remark[] {
  const weight = { blocking: 0, warning: 1, info: 2 }
  return view.findings
    .map(({ severity, message }) => ({ severity, text: quote(message, 300) }))
    .sort((a, b) => weight[a.severity] - weight[b.severity])
    .slice(0, 8)
}

/** What the submitter has to look at before it can go on. */
export function openPoints(view: ExpenseView): Remark[] {
  const points: Remark[] = []
  for (const { fileName, problem } of view.receipts.filter(({ status }) => status === 'unreadable')) {
    points.push({
      severity: 'warning',
      text: `I could not read ${quote(fileName, 80)}. ${quote(problem ?? '', 300)}`.trim(),
    })
  }
  if (view.missing.length > 0) {
    points.push({ severity: 'warning', text: `Please fill in ${fieldList(view.missing)}.` })
  }
  const unsure = view.uncertain.filter((field) => !view.missing.includes(field))
  if (unsure.length > 0) {
    points.push({ severity: 'warning', text: `I am not sure that I read ${fieldList(unsure)} right.` })
  }
  return points
}

/** The receipts are still being read, and nothing can be said yet. */
export function isReading(view: ExpenseView): boolean {
  return view.missing.length > 0 && view.receipts.some(({ status }) => status === 'waiting')
}
