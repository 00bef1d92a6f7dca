import type { KnownBlock } from '@slack/types'
import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { type CalendarDate, formatDay } from '../../src/kernel/calendar-date.ts'
import type { Ask } from '../steps.ts'
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
import { wordsOf } from './words/index.ts'

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
  const { common, cards } = wordsOf(expense.company.locale)
  const texts = cards.approval
  const title = titleOf(expense)
  const paidBy: [string, string] = [
    common.fields.paidBy,
    expense.paidBy === 'person' ? submitterOf(expense) : common.company,
  ]
  const paid = expense.kind === 'receipt' ? [paidBy] : []
  const ask = own.asks.find(({ personId }) => personId === view.personId)
  // At the top where somebody else is the approver, else at the foot.
  const because = texts.because(quote((ask ?? own).because, 300))
  const isAtTop = ask !== undefined && ask.role !== 'approver'
  const blocks: KnownBlock[] = [
    section(
      'title',
      [
        ...reminderLine(view, ask),
        `:inbox_tray: ${title.shown}`,
        ...(isAtTop ? [`:point_right: _${because}_`] : []),
        ...standInLine(view),
      ].join('\n'),
    ),
    // Before the facts, which fill a phone's screen.
    ...findingsBlocks(expense, expense.findings.filter(isGrave), 'warnings'),
    ...allFields('facts', [...factPairs(expense, ['amount']), ...paid]),
    ...sharesBlocks(expense),
  ]
  if (expense.note) blocks.push(context('note', `:memo: ${quote(expense.note, 500)}`))
  blocks.push(
    ...findingsBlocks(
      expense,
      expense.findings.filter((finding) => !isGrave(finding)),
    ),
    ...latestComments(expense, 2),
    ...sections('steps', [`*${cards.steps.title}*`, ...stepLines(expense), ...takenBackLines(expense)]),
    // The buttons before the picture: on a phone it would push them off the screen.
    actionsBlock('actions', [...decisionButtons(expense, approvalId), detailsButton(expense, approvalId)]),
    ...(expense.needsCode ? [context('code', `:lock: ${texts.needsCode}`)] : []),
    ...receiptBlock(expense, view.slackFileId),
    context('number', isAtTop ? expense.number : `${expense.number}  |  ${because}`),
  )
  const reminder = view.isReminder ? `${texts.stillWaiting}: ` : ''
  return message(`${reminder}${title.plain}: ${headline(expense)}`, blocks)
}

const submitterOf = ({ submitter }: ExpenseView) => quote(submitter.name, 60)

function titleOf(expense: ExpenseView): { plain: string; shown: string } {
  const { kind, amount, companyAmount, uncertain, company } = expense
  const { common, cards } = wordsOf(company.locale)
  const submitter = submitterOf(expense)
  const isDoubtful = uncertain.some((field) => field === 'amount' || field === 'currency')
  const check = isDoubtful ? ` :warning: _${common.pleaseCheck}_` : ''
  const shown = cards.approval.asksFor[kind](submitter, amountText(amount, companyAmount, company.locale))
  return { plain: cards.approval.asks[kind](submitter), shown: `${shown}${check}` }
}

function reminderLine({ expense, isReminder }: ApprovalCardView, ask: Ask | undefined): string[] {
  if (!isReminder) return []
  const { timeZone, locale } = expense.company
  const texts = wordsOf(locale).cards.approval
  const words = ask
    ? texts.stillWaitingSince(formatDay(ask.askedAt, timeZone, locale))
    : `${texts.stillWaiting}.`
  return [`:bell: *${words}*`]
}

/** To an approver: who decides for them at the moment. */
function standInLine({ expense, standIn }: ApprovalCardView): string[] {
  if (!standIn) return []
  const { locale } = expense.company
  const { standsIn } = wordsOf(locale).cards.approval
  return [`:bust_in_silhouette: _${standsIn(quote(standIn.name, 60), dateText(standIn.until, locale))}_`]
}

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
  return message(`${withoutMarks(title, expense)} ${headline(expense)}`, [
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
    wordsOf(company.locale).cards.approval.from(submitterOf(expense)),
    expense.number,
  ]
  return parts.filter((part) => part).join('  ·  ')
}

export function receiptBlock(expense: ExpenseView, slackFileId: string | null): KnownBlock[] {
  const texts = wordsOf(expense.company.locale).cards.approval
  if (!slackFileId) {
    const isMissing = expense.kind === 'receipt' && expense.receipts.length === 0
    const isSaid = expense.findings.some(({ code }) => code === 'no_receipt')
    return isMissing && !isSaid ? [context('receipt', texts.noReceipt)] : []
  }
  return [
    {
      type: 'image',
      block_id: 'receipt',
      slack_file: { id: slackFileId },
      alt_text: shorten(texts.receiptOf(expense.merchant ?? expense.number), 200),
      title: plain(texts.receipt),
    },
  ]
}

/** The buttons by which an approver decides. */
export function decisionButtons({ number, needsCode, company }: ExpenseView, approvalId: string) {
  const texts = wordsOf(company.locale).cards.approval
  const label = (what: keyof typeof texts.labels) => ({ accessibility_label: texts.labels[what](number) })
  // Where it takes a code, Approve opens the form that asks for it, as the others do anyway.
  const [approve, verb] = needsCode
    ? [actions.approveByCode, texts.approveByCode]
    : [actions.approve, texts.approve]
  return [
    button(approve, verb, approvalId, { style: 'primary', ...label('approve') }),
    button(actions.reject, texts.reject, approvalId, { style: 'danger', ...label('reject') }),
    button(actions.sendBack, texts.sendBack, approvalId, label('sendBack')),
    button(actions.ask, texts.ask, approvalId, label('ask')),
  ]
}

function detailsButton({ number, company }: ExpenseView, approvalId: string) {
  const { details, labels } = wordsOf(company.locale).cards.approval
  return button(actions.details, details, approvalId, { accessibility_label: labels.details(number) })
}
