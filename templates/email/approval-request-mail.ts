import type { ExpenseView } from '../../src/features/expenses/index.ts'
import {
  amountText,
  bothAmounts,
  dateText,
  furtherFacts,
  isUncertain,
  merchantText,
  plainSpaces,
  policyRemarks,
  quote,
} from '../expense-words.ts'
import { checked, conversationBlock, factRows, remarksBlock, stepsBlock } from './expense-blocks.ts'
import { type Mail, renderMail } from './layout.ts'

export interface ApprovalRequestMailView {
  expense: ExpenseView
  /** The approval that this mail asks for. */
  approvalId: string
  approver: { name: string }
  /** The signed page. Opening it decides nothing. */
  link: string
}

/** The approver's card as a mail: everything for a decision, and the one way to it. */
export function renderApprovalRequestMail(view: ApprovalRequestMailView): Mail {
  const { expense, approvalId, approver, link } = view
  const submitter = quote(expense.submitter.name, 60)
  const merchant = merchantText(expense)
  const own = expense.steps
    .flatMap(({ approvers }) => approvers)
    .find((asked) => asked.approvalId === approvalId)
  return renderMail({
    subject: `${submitter} asks for your approval: ${plainSpaces(bothAmounts(expense))}, ${quote(merchant, 40)} (${expense.number})`,
    preview: [expense.category?.name ?? null, dateText(expense), expense.note].filter(Boolean).join(', '),
    company: expense.company.name,
    title: `${submitter} asks for your approval`,
    blocks: [
      {
        kind: 'amount',
        text: checked(amountText(expense), isUncertain(expense, 'amount', 'currency')),
        note: checked(merchant, isUncertain(expense, 'merchant')),
      },
      ...remarksBlock(policyRemarks(expense)),
      { kind: 'facts', rows: [...factRows(furtherFacts(expense, 'approver')), ...otherRows(expense)] },
      {
        kind: 'button',
        label: 'Look at it and decide',
        url: link,
        rank: 'main',
        note: 'Opening the page decides nothing.',
      },
      ...conversationBlock(expense),
      ...stepsBlock(expense, 'Approval', approvalId),
      ...(own
        ? [{ kind: 'paragraph' as const, text: `You are asked because ${quote(own.because, 200)}.` }]
        : []),
    ],
    reason: `This mail is for you, ${quote(approver.name, 60)}. Its link works in your name, so please do not pass it on.`,
  })
}

function otherRows(expense: ExpenseView): [string, string][] {
  const receipts = expense.receipts.length
  const words =
    receipts === 0 ? 'There is no receipt' : receipts === 1 ? 'On the page' : `${receipts}, on the page`
  return [
    [receipts > 1 ? 'Receipts' : 'Receipt', words],
    ['Number', expense.number],
  ]
}
