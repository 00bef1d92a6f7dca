import type { KnownBlock } from '@slack/types'
import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { rollbackOf } from '../undone-words.ts'
import { latestComments } from './comments.ts'
import {
  actions,
  actionsBlock,
  button,
  factPairs,
  findingsBlocks,
  headline,
  isGrave,
} from './expense-parts.ts'
import { outcome, withoutMarks } from './outcome.ts'
import { stepLines } from './steps-text.ts'
import {
  amountText,
  context,
  dateText,
  fields,
  message,
  plain,
  quote,
  type SlackMessage,
  section,
  sections,
  shorten,
} from './text.ts'
import { takenBackLines, undoBlocks, undoneCardTitle } from './undo.ts'

export interface ApprovalCardView {
  expense: ExpenseView
  /** The approval that this card asks for. */
  approvalId: string
  /** The receipt picture, uploaded to this workspace by Outlay. */
  slackFileId: string | null
  /** How many requests wait for this approver, this one included; who needs more than “several” may stop counting. */
  waiting: number
}

/**
 * The approver's card: everything for a decision in two seconds. After the decision it has at most one button, which
 * takes it back.
 */
export function approvalCard(view: ApprovalCardView): SlackMessage {
  const { expense, approvalId } = view
  const own = expense.steps
    .flatMap(({ approvers }) => approvers)
    .find((approver) => approver.approvalId === approvalId)
  if (own?.status !== 'asked' || expense.requestStatus !== 'open') return closedCard(expense, approvalId)
  const submitter = quote(expense.submitter.name, 60)
  const amount = amountText(expense.amount, expense.companyAmount, expense.company.locale)
  const isDoubtful = expense.uncertain.some((field) => field === 'amount' || field === 'currency')
  const check = isDoubtful ? ' :warning: _please check_' : ''
  const title = `:inbox_tray: ${submitter} asks for your approval: *${amount}*${check}`
  const facts = factPairs(expense).filter(([label]) => label !== 'Amount')
  const paidBy: [string, string] = ['Paid by', expense.paidBy === 'person' ? submitter : 'Company']
  const blocks: KnownBlock[] = [
    section('title', title),
    // Before the facts, which fill a phone's screen.
    ...findingsBlocks(expense, expense.findings.filter(isGrave), 'warnings'),
    fields('facts', [...facts, paidBy]),
  ]
  if (expense.note) blocks.push(context('note', `:memo: ${quote(expense.note, 500)}`))
  blocks.push(
    ...findingsBlocks(
      expense,
      expense.findings.filter((finding) => !isGrave(finding)),
    ),
    ...latestComments(expense, 2),
    ...sections('steps', ['*Approval*', ...stepLines(expense), ...takenBackLines(expense)]),
    // The buttons before the picture: on a phone it would push them off the screen.
    actionsBlock('actions', buttons(expense, approvalId)),
    ...receiptBlock(expense, view.slackFileId),
    context('number', `${expense.number}  |  You are asked because ${quote(own.because, 200)}.`),
  )
  if (view.waiting > 1) {
    blocks.push(actionsBlock('several', [button(actions.several, 'Approve several…', approvalId)]))
  }
  return message(`${submitter} asks for your approval: ${headline(expense)}`, blocks)
}

function closedCard(expense: ExpenseView, approvalId: string): SlackMessage {
  const rollback = rollbackOf(expense, approvalId)
  const title = rollback ? undoneCardTitle(expense, rollback, approvalId) : outcome(expense, approvalId)
  // Where it is this approval that counts no more, the title says it.
  const told = rollback ? [] : takenBackLines(expense)
  const isShared = expense.steps.some(({ approvers }) => approvers.length > 1)
  const isLong = expense.steps.length > 1 || isShared || rollback !== undefined || told.length > 0
  const steps = isLong ? sections('steps', [...stepLines(expense), ...told]) : []
  return message(`${withoutMarks(title)} ${headline(expense)}`, [
    section('title', title),
    ...steps,
    context('facts', summary(expense)),
    ...undoBlocks(expense, approvalId),
  ])
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
    button(actions.ask, 'Ask', approvalId, label('Ask about')),
    button(actions.details, 'Details', approvalId, label('Details of')),
  ]
}
