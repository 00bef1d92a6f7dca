import type { ExpenseView } from '../src/features/expenses/index.ts'
import { formatDate, formatInstant } from '../src/kernel/calendar-date.ts'
import { formatMoney } from '../src/kernel/money.ts'
import { oneLine } from './html.ts'

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

/** What its people call it in a sentence. */
export function thing({ kind }: Pick<ExpenseView, 'kind'>): 'expense' | 'request' {
  return kind === 'request' ? 'request' : 'expense'
}

const kindNames: Record<ExpenseView['kind'], string | null> = {
  receipt: null,
  mileage: 'Mileage',
  per_diem: 'Per diem',
  request: 'Request to spend',
}

/** `EXP-2026-0042`, with its kind where that is none with a receipt: `EXP-2026-0042, mileage`. */
export function numberAndKind({ number, kind }: ExpenseView): string {
  const name = kindNames[kind]
  return name === null ? number : `${number}, ${name.toLowerCase()}`
}

/** `A, B and C`, by the word that comes before the last. */
export function joined(words: string[], word: string): string {
  const last = words.at(-1) ?? ''
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} ${word} ${last}` : last
}

/** The submitter's to take back as long as nobody has decided. */
export function canTakeBack({ status, steps }: ExpenseView): boolean {
  const isDecided = steps.some(({ approvers }) => approvers.some(({ decided }) => decided !== null))
  return status === 'submitted' || (status === 'awaiting_approval' && !isDecided)
}

/** Why nobody is asked; null when somebody is. */
export function automaticSentence({ automatic, status }: ExpenseView): string | null {
  if (automatic === null) return null
  const clause = quote(automatic, 200)
  return status === 'approved' || status === 'settled'
    ? `Approved without asking anybody (${clause}).`
    : `Nobody has to be asked (${clause}).`
}

type Comment = ExpenseView['comments'][number]

/** What somebody asked, answered or remarked. */
export interface Saying {
  id: string
  /** `Frank Miller asked, Nov 20, 2026, 10:00 AM EST` */
  head: string
  text: string
}

/** What was asked and said about an expense, oldest first; of very much the newest. */
export function conversation(view: ExpenseView): Saying[] {
  const { company, comments } = view
  return comments.slice(-50).map((comment) => ({
    id: comment.id,
    head: `${quote(comment.who, 60)} ${spoke(view, comment)}, ${formatInstant(comment.at, company.timeZone, company.locale)}`,
    text: comment.text,
  }))
}

/** What the submitter says after a question answers it. */
export function spoke(
  { comments, submitter }: ExpenseView,
  comment: Comment,
): 'asked' | 'answered' | 'wrote' {
  if (comment.kind === 'question') return 'asked'
  const before = comments.slice(0, comments.indexOf(comment))
  const isAnswer = comment.personId === submitter.id && before.some(({ kind }) => kind === 'question')
  return isAnswer ? 'answered' : 'wrote'
}

const fieldWords: Record<ExpenseView['missing'][number], string> = {
  merchant: 'the merchant',
  amount: 'the amount',
  currency: 'the currency',
  date: 'the date',
  category: 'the category',
  trip: 'the trip',
  stay: 'the days away',
}

/** `the merchant, the date and the category` */
export function fieldList(fields: ExpenseView['missing'], kind: ExpenseView['kind'] = 'receipt'): string {
  const words = { ...fieldWords, ...(kind === 'request' ? { merchant: 'what it is for' } : {}) }
  return joined(
    fields.map((field) => words[field]),
    'and',
  )
}

/** A sentence with how much it matters. */
export interface Remark {
  severity: 'info' | 'warning' | 'blocking'
  text: string
}

/** What policy says with its clause, a sentence each, the gravest first. That nobody is asked stands with the steps. */
export function policyRemarks(view: ExpenseView): Remark[] {
  const weight = { blocking: 0, warning: 1, info: 2 }
  return view.findings
    .filter(({ code }) => code !== 'approved_automatically')
    .map(({ severity, message, clause }) => {
      const cited = clause === null || message.includes(clause) ? message : `${message} (${clause})`
      return { severity, text: quote(cited, 600) }
    })
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
    points.push({ severity: 'warning', text: `Please fill in ${fieldList(view.missing, view.kind)}.` })
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
