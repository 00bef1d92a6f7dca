import type { ExpenseView } from '../../src/features/expenses/index.ts'
import {
  amountText,
  automaticSentence,
  bothAmounts,
  merchantText,
  plainSpaces,
  quote,
} from '../expense-words.ts'
import { furtherFacts } from '../fact-words.ts'
import { factRows, stepsBlock } from './expense-blocks.ts'
import { type Mail, renderMail } from './layout.ts'

export interface ApprovedRequestMailView {
  /** An approved request to spend. */
  expense: ExpenseView
  /** The signed page of it. */
  link: string
}

/** Tells somebody that they may spend what they asked for, and what to do once they have. */
export function renderApprovedRequestMail({ expense, link }: ApprovedRequestMailView): Mail {
  const { company, number } = expense
  const automatic = automaticSentence(expense)
  return renderMail({
    subject: `You may spend ${plainSpaces(bothAmounts(expense))}: ${quote(merchantText(expense), 60)} (${number})`,
    preview: `Your request ${number} is approved.`,
    company: company.name,
    title: 'Your request to spend is approved',
    blocks: [
      { kind: 'amount', text: amountText(expense), note: merchantText(expense) },
      {
        kind: 'list',
        title: 'What to do now',
        numbered: true,
        items: [
          'Spend it, and keep the receipts.',
          `Send in each receipt as usual, and choose ${number} on its expense. As long as it fits, nobody has to be asked again.`,
          'Not needed after all, or something left? Open the request and give it back.',
        ].map((text) => ({ mark: 'info', text })),
      },
      {
        kind: 'facts',
        rows: [...factRows(furtherFacts(expense, 'submitter')), ['Number', number]],
      },
      ...(automatic === null
        ? stepsBlock(expense, 'Approval')
        : [{ kind: 'paragraph' as const, text: automatic }]),
      { kind: 'button', label: 'Look at it', url: link, rank: 'quiet', note: null },
    ],
    reason:
      'You get this mail because you asked for this. Its link works in your name, so please do not pass it on.',
  })
}
