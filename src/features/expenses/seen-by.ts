import { type Language, sayReason } from '../approvals/index.ts'
import type { Reader } from '../people/index.ts'
import { type Finding, sayFinding } from '../policy/index.ts'
import type { ExpenseLine } from './expense-lines.ts'
import type { ExpenseView, StepView } from './expense-view.ts'
import type { WaitingExpense } from './list-waiting-expenses.ts'

/** In which language (null: English) and by which locale findings and reasons are said. */
interface Speech {
  locale: string
  language: Language | null
}

/**
 * The same expense for a reader: dates, money and instants in their language and time zone; so too what was found and why
 * somebody is asked, as far as no person wrote it.
 */
export function seenBy(view: ExpenseView, reader: Reader, language: Language | null): ExpenseView {
  const speech = { locale: reader.locale, language }
  const { findings } = view
  // What blocks it is told in its history as well.
  const told = new Map(findings.map((finding) => [finding.message, sayFinding(finding, speech)]))
  return {
    ...said(view, speech),
    company: { ...view.company, ...reader },
    history: view.history.map((entry) => ({
      ...entry,
      comment: (entry.event === 'blocked' && told.get(entry.comment ?? '')) || entry.comment,
    })),
  }
}

/** Findings and reasons of an expense, or of what is typed into a form, in a reader's language. */
export function said<View extends Pick<ExpenseView, 'findings' | 'steps'>>(view: View, speech: Speech): View {
  return {
    ...view,
    findings: view.findings.map((finding) => inLanguage(finding, speech)),
    steps: view.steps.map((step) => ({
      ...step,
      approvers: step.approvers.map((one) => asked(one, speech)),
    })),
  }
}

/** The line of an expense in a list, with what was found in a reader's language. */
export function lineSeenBy<Line extends Pick<ExpenseLine, 'said'>>(line: Line, speech: Speech): Line {
  const finding = line.said?.finding
  return finding ? { ...line, said: { by: null, text: sayFinding(finding, speech), finding } } : line
}

/** The same of what waits for somebody. */
export function waitingSeenBy<Line extends Pick<WaitingExpense, 'warned'>>(line: Line, speech: Speech): Line {
  return { ...line, warned: line.warned.map((finding) => inLanguage(finding, speech)) }
}

const inLanguage = (finding: Finding, speech: Speech): Finding => ({
  ...finding,
  message: sayFinding(finding, speech),
})

const asked = (approver: StepView['approvers'][number], speech: Speech) => ({
  ...approver,
  because: sayReason(approver, speech),
  asks: approver.asks.map((ask) => ({ ...ask, because: sayReason(ask, speech) })),
})
