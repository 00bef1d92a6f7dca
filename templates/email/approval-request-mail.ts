import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { formatDay } from '../../src/kernel/calendar-date.ts'
import {
  amountText,
  bothAmounts,
  dateText,
  isUncertain,
  merchantText,
  numberAndKind,
  plainSpaces,
  policyRemarks,
  quote,
} from '../expense-words.ts'
import { furtherFacts } from '../fact-words.ts'
import { askOf, ownReason } from '../step-words.ts'
import type { Block } from './blocks.ts'
import { awayLink, checked, conversationBlock, factRows, remarksBlock, stepsBlock } from './expense-blocks.ts'
import { type Mail, renderMail } from './layout.ts'

export interface ApprovalRequestMailView {
  expense: ExpenseView
  /** The approval that this mail asks for. */
  approvalId: string
  /** Whom it asks: the approver, a delegate in their place, or the next one up. */
  reader: { id: string; name: string }
  /** The signed page. Opening it decides nothing. */
  link: string
  /** The signed page on which they let somebody decide for them. */
  delegateLink: string
  /** They were asked before and have not answered. */
  isReminder: boolean
}

/** The approver's card as a mail: everything for a decision, and the one way to it. */
export function renderApprovalRequestMail(view: ApprovalRequestMailView): Mail {
  const { expense, approvalId, reader, isReminder } = view
  const { company } = expense
  const merchant = merchantText(expense)
  const ask = askOf(expense, approvalId, reader.id)
  const asks = `${quote(expense.submitter.name, 60)} asks for your approval${expense.kind === 'request' ? ' to spend' : ''}`
  const since = ask ? ` since ${formatDay(ask.askedAt, company.timeZone, company.locale)}` : ''
  return renderMail({
    subject: `${isReminder ? 'Reminder: ' : ''}${asks}: ${plainSpaces(bothAmounts(expense))}, ${quote(merchant, 40)} (${expense.number})`,
    preview: [expense.category?.name ?? null, dateText(expense), expense.note].filter(Boolean).join(', '),
    company: company.name,
    title: isReminder ? `Still waiting for you${since}` : asks,
    blocks: [
      ...(isReminder ? [paragraph(`${asks}.`)] : []),
      ...(ask && ask.role !== 'approver' ? [because(ask)] : []),
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
        url: view.link,
        rank: 'main',
        note: `Opening the page decides nothing.${expense.needsCode ? ' To decide, you need a code: the page sends it.' : ''}`,
      },
      ...conversationBlock(expense),
      ...stepsBlock(expense, 'Approval', ownReason(approvalId, ask)),
      ...(ask?.role === 'approver' ? [because(ask)] : []),
      awayLink(view.delegateLink),
    ],
    reason: `This mail is for you, ${quote(reader.name, 60)}. Its links work in your name, so please do not pass it on.`,
  })
}

function paragraph(text: string): Block {
  return { kind: 'paragraph', text }
}

/** Comes first where it is not their own to decide: they should know in whose place. */
function because(ask: { because: string }): Block {
  return paragraph(`You are asked because ${quote(ask.because, 200)}.`)
}

/** Most have a receipt; what needs none does not miss it. */
function otherRows(expense: ExpenseView): [string, string][] {
  const receipts = expense.receipts.length
  const number: [string, string] = ['Number', numberAndKind(expense)]
  if (receipts === 0 && expense.kind !== 'receipt') return [number]
  const words =
    receipts === 0 ? 'There is no receipt' : receipts === 1 ? 'On the page' : `${receipts}, on the page`
  return [[receipts > 1 ? 'Receipts' : 'Receipt', words], number]
}
