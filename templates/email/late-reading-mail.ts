import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { amountText, merchantText, quote } from '../expense-words.ts'
import { furtherFacts } from '../fact-words.ts'
import { factRows, remarksBlock, stepsBlock } from './expense-blocks.ts'
import { type Mail, renderMail } from './layout.ts'

export interface LateReadingMailView {
  expense: ExpenseView
  /** What the receipt says, a sentence each. */
  sentences: string[]
}

/** Tells finance what a receipt says that was read only after its expense was approved. */
export function renderLateReadingMail({ expense, sentences }: LateReadingMailView): Mail {
  const { company, number } = expense
  const remarks = sentences
    .slice(0, 10)
    .map((text) => ({ severity: 'warning' as const, text: quote(text, 300) }))
  return renderMail({
    subject: `Please check ${number}: its receipt was read after the approval`,
    preview: sentences[0] ?? merchantText(expense),
    company: company.name,
    title: `The receipt of ${number} was read after the approval`,
    blocks: [
      ...remarksBlock(remarks),
      {
        kind: 'paragraph',
        text: 'It was approved before this was known. Nothing was changed: it stays approved. Please check it before it is paid.',
      },
      { kind: 'amount', text: amountText(expense), note: merchantText(expense) },
      { kind: 'facts', rows: [...factRows(furtherFacts(expense, 'approver')), ['Number', number]] },
      ...stepsBlock(expense, 'Approval'),
    ],
    reason: `You get this mail because you work in finance at ${quote(company.name)}.`,
  })
}
