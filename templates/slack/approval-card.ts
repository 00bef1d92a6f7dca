import type { KnownBlock } from '@slack/types'
import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { type CalendarDate, formatDay } from '../../src/kernel/calendar-date.ts'
import { rollbackOf } from '../undone-words.ts'
import { latestComments } from './comments.ts'
import { actions, actionsBlock, button, findingsBlocks, headline, isGrave } from './expense-parts.ts'
import { factPairs, sharesBlocks } from './facts.ts'
import { outcome, withoutMarks } from './outcome.ts'
import { stepLines } from './steps-text.ts'
import {
  allFields,
  amountText,
  context,
  dateText,
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
  /** Who reads this card: the approver, somebody who is asked in their place, or the next one up. */
  personId: string
  /** Who decides for the reader at the moment, and until when, this day included. */
  standIn: { name: string; until: CalendarDate } | null
  /** The card comes once more, because it has waited long. */
  isReminder: boolean
  /** The receipt picture, uploaded to this workspace by Outlay. */
  slackFileId: string | null
  /** How many requests wait for the reader, this one included; who needs more than “several” may stop counting. */
  waiting: number
}

/**
 * The card of whoever is asked: everything for a decision in two seconds. After the decision it has at most one button,
 * which takes it back.
 */
export function approvalCard(view: ApprovalCardView): SlackMessage {
  const { expense, approvalId } = view
  const own = expense.steps
    .flatMap(({ approvers }) => approvers)
    .find((approver) => approver.approvalId === approvalId)
  const isOpen = own?.status === 'asked' && expense.requestStatus === 'open'
  if (!isOpen || !own.mayDecide.includes(view.personId)) return closedCard(view)
  const title = titleOf(expense)
  const facts = factPairs(expense).filter(([label]) => label !== 'Amount')
  const paidBy: [string, string] = ['Paid by', expense.paidBy === 'person' ? submitterOf(expense) : 'Company']
  const paid = expense.kind === 'receipt' ? [paidBy] : []
  const ask = own.asks.find(({ personId }) => personId === view.personId)
  const blocks: KnownBlock[] = [
    section(
      'title',
      [...reminderLine(view, ask), `:inbox_tray: ${title.shown}`, ...roleLine(view, ask)].join('\n'),
    ),
    // Before the facts, which fill a phone's screen.
    ...findingsBlocks(expense, expense.findings.filter(isGrave), 'warnings'),
    ...allFields('facts', [...facts, ...paid]),
    ...sharesBlocks(expense),
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
    ...(expense.needsCode ? [context('code', codeHint)] : []),
    ...receiptBlock(expense, view.slackFileId),
    context('number', footer(expense, ask ?? own)),
  )
  if (view.waiting > 1) {
    blocks.push(actionsBlock('several', [button(actions.several, 'Approve several…', approvalId)]))
  }
  const reminder = view.isReminder ? 'Still waiting for you: ' : ''
  return message(`${reminder}${title.plain}: ${headline(expense)}`, blocks)
}

type Ask = ExpenseView['steps'][number]['approvers'][number]['asks'][number] | undefined

const submitterOf = ({ submitter }: ExpenseView) => quote(submitter.name, 60)

function titleOf(expense: ExpenseView): { plain: string; shown: string } {
  const submitter = submitterOf(expense)
  const amount = amountText(expense.amount, expense.companyAmount, expense.company.locale)
  const isDoubtful = expense.uncertain.some((field) => field === 'amount' || field === 'currency')
  const check = isDoubtful ? ' :warning: _please check_' : ''
  if (expense.kind === 'request') {
    return { plain: `${submitter} asks to spend`, shown: `${submitter} asks to spend *${amount}*${check}` }
  }
  const what = { receipt: '', mileage: ' of mileage', per_diem: ' of per diem' }[expense.kind]
  const plain = `${submitter} asks for your approval${what}`
  return { plain, shown: `${plain}: *${amount}*${check}` }
}

function reminderLine({ expense, isReminder }: ApprovalCardView, ask: Ask): string[] {
  const { company } = expense
  if (!isReminder) return []
  const since = ask ? ` since ${formatDay(ask.askedAt, company.timeZone, company.locale)}` : ''
  return [`:bell: *Still waiting for you${since}.*`]
}

/** Why somebody is asked who is not the approver; to an approver, who decides for them at the moment. */
function roleLine({ expense, standIn }: ApprovalCardView, ask: Ask): string[] {
  const lines =
    ask && ask.role !== 'approver'
      ? [`:point_right: _You are asked because ${quote(ask.because, 200)}._`]
      : []
  if (!standIn) return lines
  const until = dateText(standIn.until, expense.company.locale)
  return [
    ...lines,
    `:bust_in_silhouette: _${quote(standIn.name, 60)} decides for you until ${until}. You still can, too._`,
  ]
}

/** Why the reader is asked stands here, unless it stands at the top. */
function footer({ number }: ExpenseView, asked: { because: string; role?: string }): string {
  const isSaid = asked.role !== undefined && asked.role !== 'approver'
  return isSaid ? number : `${number}  |  You are asked because ${quote(asked.because, 200)}.`
}

const codeHint = ':lock: A large amount: you are asked for a code when you decide.'

function closedCard({ expense, approvalId, personId }: ApprovalCardView): SlackMessage {
  const rollback = rollbackOf(expense, approvalId)
  const title = rollback
    ? undoneCardTitle(expense, rollback, { approvalId, personId })
    : outcome(expense, approvalId, personId)
  // Where it is this approval that counts no more, the title says it.
  const told = rollback ? [] : takenBackLines(expense)
  const isShared = expense.steps.some(({ approvers }) => approvers.length > 1)
  const isLong = expense.steps.length > 1 || isShared || rollback !== undefined || told.length > 0
  const steps = isLong ? sections('steps', [...stepLines(expense), ...told]) : []
  return message(`${withoutMarks(title)} ${headline(expense)}`, [
    section('title', title),
    ...steps,
    context('facts', summary(expense)),
    ...undoBlocks(expense, { approvalId, personId }),
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
  if (!slackFileId) {
    const isMissing = expense.kind === 'receipt' && expense.receipts.length === 0
    return isMissing ? [context('receipt', 'There is no receipt.')] : []
  }
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
  // Where it takes a code, Approve opens the form that asks for it, as the others do anyway.
  const approve = expense.needsCode
    ? button(actions.approveByCode, 'Approve…', approvalId, { style: 'primary', ...label('Approve') })
    : button(actions.approve, 'Approve', approvalId, { style: 'primary', ...label('Approve') })
  return [
    approve,
    button(actions.reject, 'Reject', approvalId, { style: 'danger', ...label('Reject') }),
    button(actions.sendBack, 'Send back', approvalId, label('Send back')),
    button(actions.ask, 'Ask', approvalId, label('Ask about')),
    button(actions.details, 'Details', approvalId, label('Details of')),
  ]
}
