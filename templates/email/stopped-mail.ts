import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { amountText, merchantText, numberAndKind, quote, thing } from '../expense-words.ts'
import { furtherFacts } from '../fact-words.ts'
import { factRows, remarksBlock } from './expense-blocks.ts'
import { type Mail, renderMail } from './layout.ts'

export interface StoppedMailView {
  expense: ExpenseView
  /** The signed page of the expense. */
  link: string
}

/** Tells the submitter that an expense cannot go on as it is, and why. */
export function renderStoppedMail({ expense, link }: StoppedMailView): Mail {
  const { company, number } = expense
  const reasons = expense.findings
    .filter(({ severity }) => severity === 'blocking')
    .map(({ severity, message }) => ({ severity, text: quote(message, 300) }))
  return renderMail({
    subject: `${number} cannot go on as it is: please change it`,
    preview: reasons[0]?.text ?? `${amountText(expense)}, ${merchantText(expense)}`,
    company: company.name,
    title: `Your ${thing(expense)} cannot go on as it is`,
    blocks: [
      ...remarksBlock(reasons),
      { kind: 'amount', text: amountText(expense), note: merchantText(expense) },
      {
        kind: 'facts',
        rows: [...factRows(furtherFacts(expense, 'submitter')), ['Number', numberAndKind(expense)]],
      },
      { kind: 'button', label: 'Change it and submit again', url: link, rank: 'main', note: null },
    ],
    reason: `You get this mail because you submitted this ${thing(expense)}.`,
  })
}
