import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { amountText, bothAmounts, merchantText, numberAndKind, plainSpaces, quote } from '../expense-words.ts'
import { furtherFacts } from '../fact-words.ts'
import { factRows } from './expense-blocks.ts'
import { type Mail, renderMail } from './layout.ts'

export interface NoticeMailView {
  expense: ExpenseView
  /** The rules that want this person told, as they are cited. */
  clauses: string[]
  /** Whether this person is asked to approve it as well, by a mail of its own. */
  isAsked: boolean
}

/** Tells somebody of an expense because a rule wants it. It asks for nothing. */
export function renderNoticeMail({ expense, clauses, isAsked }: NoticeMailView): Mail {
  const { company, number } = expense
  const submitter = quote(expense.submitter.name, 60)
  const rules = clauses.slice(0, 10).map((clause) => quote(clause, 200))
  return renderMail({
    subject: `For your information: ${submitter} submitted ${plainSpaces(bothAmounts(expense))}, ${quote(merchantText(expense), 40)} (${number})`,
    preview: `${expense.category?.name ?? ''} ${rules.join(', ')}`.trim(),
    company: company.name,
    title: `${submitter} submitted ${expense.kind === 'request' ? 'a request to spend' : 'an expense'}`,
    blocks: [
      {
        kind: 'paragraph',
        text: isAsked
          ? 'This is only to let you know. You are asked to approve it by a mail of its own.'
          : 'This is only to let you know: you do not have to do anything.',
      },
      {
        kind: 'list',
        title: 'Why you are told',
        numbered: false,
        items: rules.map((text) => ({ mark: 'info', text })),
      },
      { kind: 'amount', text: amountText(expense), note: merchantText(expense) },
      {
        kind: 'facts',
        rows: [...factRows(furtherFacts(expense, 'approver')), ['Number', numberAndKind(expense)]],
      },
    ],
    reason: `You get this mail because a rule of ${quote(company.name)} names you or your role.`,
  })
}
