import type { KnownBlock } from '@slack/types'
import type { ExpenseView } from '../../src/features/expenses/index.ts'
import {
  actions,
  actionsBlock,
  button,
  factPairs,
  findingsBlock,
  headline,
  stepsText,
} from './expense-parts.ts'
import {
  amountText,
  context,
  dateText,
  fields,
  instantText,
  plain,
  quote,
  type SlackMessage,
  section,
  shorten,
} from './text.ts'

export interface ApprovalCardView {
  expense: ExpenseView
  /** The approval that this card asks for. */
  approvalId: string
  /** The receipt picture, uploaded to this workspace by Outlay. */
  slackFileId: string | null
}

/** The approver's card: everything for a decision in two seconds. After the decision it has no buttons. */
export function approvalCard({ expense, approvalId, slackFileId }: ApprovalCardView): SlackMessage {
  const own = expense.steps
    .flatMap(({ approvers }) => approvers)
    .find((approver) => approver.approvalId === approvalId)
  const isOpen = own?.status === 'asked' && expense.requestStatus === 'open'
  const submitter = quote(expense.submitter.name, 60)
  const amount = amountText(expense.amount, expense.companyAmount, expense.company.locale)
  const title = isOpen
    ? `:inbox_tray: *${submitter} asks for your approval:* ${amount}`
    : outcome(expense, approvalId)
  if (!isOpen) {
    const steps = expense.steps.length > 1 ? [section('steps', stepsText(expense))] : []
    return {
      text: `${plainOutcome(title)} ${headline(expense)}`,
      blocks: [section('title', title), ...steps, context('facts', summary(expense))],
    }
  }
  const facts = factPairs(expense).filter(([label]) => label !== 'Amount')
  const paidBy: [string, string] = ['Paid by', expense.paidBy === 'person' ? submitter : 'Company']
  const blocks: KnownBlock[] = [section('title', title), fields('facts', [...facts, paidBy])]
  if (expense.note) blocks.push(context('note', `:memo: ${quote(expense.note, 500)}`))
  blocks.push(...findingsBlock(expense))
  if (expense.steps.length > 0) blocks.push(section('steps', `*Approval*\n${stepsText(expense)}`))
  // The buttons before the picture: on a phone it would push them off the screen.
  blocks.push(actionsBlock('actions', buttons(expense, approvalId)), ...receiptBlock(expense, slackFileId))
  const because = own ? `  |  You are asked because ${quote(own.because, 200)}.` : ''
  blocks.push(context('number', `${expense.number}${because}`))
  return { text: `${submitter} asks for your approval: ${headline(expense)}`, blocks }
}

/** One line that says what it was about. */
function summary(expense: ExpenseView): string {
  const { merchant, category, date, amount, companyAmount, company } = expense
  const parts = [
    merchant && quote(merchant, 80),
    amountText(amount, companyAmount, company.locale),
    dateText(date, company.locale),
    category && quote(category.name, 60),
    `from ${quote(expense.submitter.name, 60)}`,
    expense.number,
  ]
  return parts.filter((part) => part).join('  ·  ')
}

/** What was decided, as a new message in the submitter's thread: one that Slack tells them of. */
export function outcomeMessage(expense: ExpenseView, approvalId: string): SlackMessage {
  const title = outcome(expense, approvalId)
  return { text: `${plainOutcome(title)} ${headline(expense)}`, blocks: [section('outcome', title)] }
}

function receiptBlock(expense: ExpenseView, slackFileId: string | null): KnownBlock[] {
  if (!slackFileId) return expense.receipts.length === 0 ? [context('receipt', 'There is no receipt.')] : []
  return [
    {
      type: 'image',
      block_id: 'receipt',
      slack_file: { id: slackFileId },
      alt_text: shorten(`Receipt of ${expense.merchant ?? expense.number}`, 200),
      title: plain('Receipt'),
    },
  ]
}

function buttons(expense: ExpenseView, approvalId: string) {
  const label = (verb: string) => ({ accessibility_label: `${verb} ${expense.number}` })
  return [
    button(actions.approve, 'Approve', approvalId, { style: 'primary', ...label('Approve') }),
    button(actions.reject, 'Reject', approvalId, { style: 'danger', ...label('Reject') }),
    button(actions.sendBack, 'Send back', approvalId, label('Send back')),
    button(actions.details, 'Details', approvalId, label('Details of')),
  ]
}

const plainOutcome = (title: string) =>
  title
    .replace(/:[a-z_]+: /g, '')
    .replace(/\*/g, '')
    .replace(/<!date[^|]*\|([^>]*)>/g, '$1')

/** Who decided and when, or why nothing is asked any more. */
function outcome(expense: ExpenseView, approvalId: string): string {
  const step = expense.steps.find(({ approvers }) =>
    approvers.some((approver) => approver.approvalId === approvalId),
  )
  const own = step?.approvers.find((approver) => approver.approvalId === approvalId)
  const decided = own?.decided
    ? own
    : (step?.approvers.find((approver) => approver.decided) ?? lastDecided(expense))
  if (expense.requestStatus === 'withdrawn' || !decided?.decided) {
    return `*${expense.number} was taken back by ${quote(expense.submitter.name, 60)}.* There is nothing to decide.`
  }
  const { by, at, comment } = decided.decided
  const marks: Record<string, [string, string]> = {
    approved: [':white_check_mark:', 'approved'],
    rejected: [':x:', 'rejected'],
    sent_back: [':leftwards_arrow_with_hook:', 'sent back'],
  }
  const [mark, verb] = marks[decided.status] ?? ['', 'decided']
  const when = instantText(at, expense.company.timeZone, expense.company.locale)
  return `${mark} *${expense.number} was ${verb} by ${quote(by, 60)}*, ${when}.${comment ? `\n>${quote(comment, 600)}` : ''}`
}

function lastDecided(expense: ExpenseView) {
  return expense.steps.flatMap(({ approvers }) => approvers).findLast(({ decided }) => decided !== null)
}
