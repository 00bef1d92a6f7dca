import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { amountText, merchantText, quote, thing } from '../expense-words.ts'
import { furtherFacts } from '../fact-words.ts'
import { factRows } from './expense-blocks.ts'
import { type Mail, renderMail } from './layout.ts'

/** Tells an admin that nobody in the company may decide an expense, and what can be done about it. */
export function renderBlockedMail(expense: ExpenseView): Mail {
  const { company, number } = expense
  const submitter = quote(expense.submitter.name, 60)
  return renderMail({
    subject: `Nobody may decide ${number}`,
    preview: `${amountText(expense)}, ${merchantText(expense)}, from ${submitter}. It waits until somebody may.`,
    company: company.name,
    title: `Nobody may decide ${number}`,
    blocks: [
      {
        kind: 'paragraph',
        text: `The policy asks for approvers whom the company does not have, and nobody in finance or among the admins may decide in their place. So this ${thing(expense)} of ${submitter} stands still.`,
      },
      {
        kind: 'list',
        title: 'What to do',
        numbered: true,
        items: [
          'In the organisation file, give somebody else the role finance, or add an approver at the level that the policy asks for.',
          'Import the file: npm run -s outlay -- org import <file>',
          `Ask ${submitter} to submit ${number} again.`,
        ].map((text) => ({ mark: 'info', text })),
      },
      { kind: 'amount', text: amountText(expense), note: merchantText(expense) },
      { kind: 'facts', rows: [...factRows(furtherFacts(expense, 'approver')), ['Number', number]] },
    ],
    reason: `You get this mail because you are an admin at ${quote(company.name)}.`,
  })
}
