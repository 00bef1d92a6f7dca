import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { formatInstant } from '../../src/kernel/calendar-date.ts'
import { formatMoney } from '../../src/kernel/money.ts'
import { amountText, merchantText, numberAndKind, quote } from '../expense-words.ts'
import { type Mail, renderMail } from './layout.ts'

export interface CodeMailView {
  expense: ExpenseView
  code: string
  /** UTC. */
  expiresAt: Date
}

/** Brings the code by which somebody who decides in Slack proves that it is them. It stands in the mail alone, not in its subject. */
export function renderCodeMail({ expense, code, expiresAt }: CodeMailView): Mail {
  const { company, number, submitter } = expense
  const until = formatInstant(expiresAt, company.timeZone, company.locale)
  return renderMail({
    subject: `Your code to decide about ${number}`,
    preview: `Type it in Slack. It is good for 10 minutes.`,
    company: company.name,
    title: `Your code to decide about ${number}`,
    blocks: [
      {
        kind: 'paragraph',
        text: `You are about to decide about this in Slack. To prove that it is you, type this code there:`,
      },
      {
        kind: 'code',
        text: `${code.slice(0, 3)} ${code.slice(3)}`,
        note: `Good for 10 minutes, until ${until}, and for this decision only.`,
      },
      { kind: 'amount', text: amountText(expense), note: merchantText(expense) },
      {
        kind: 'facts',
        rows: [
          ...(expense.companyAmount
            ? [
                [
                  `In ${expense.companyAmount.currency}`,
                  formatMoney(expense.companyAmount, company.locale),
                ] as [string, string],
              ]
            : []),
          ['Submitted by', quote(submitter.name, 60)],
          ['Number', numberAndKind(expense)],
        ],
      },
      {
        kind: 'list',
        title: 'Did you not ask for it?',
        numbered: false,
        items: [
          {
            mark: 'warning',
            text: `Then somebody else may be using your Slack account. Do not pass the code on, and tell your admin. Without the code nothing is decided.`,
          },
        ],
      },
    ],
    reason: `You get this mail because somebody who is signed in as you is deciding in Slack. Nobody from Outlay ever asks you for this code.`,
  })
}
