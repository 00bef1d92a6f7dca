import type { KnownBlock, ModalView, PlainTextOption } from '@slack/types'
import type { WaitingExpense } from '../../src/features/expenses/index.ts'
import { actions, actionsBlock, button } from './expense-parts.ts'
import { warningText } from './home-lines.ts'
import { forms } from './modals.ts'
import { amountText, context, dateText, plain, quote, section, sections, shorten } from './text.ts'
import { type Words, wordsOf } from './words/index.ts'

/** Each takes two of the hundred blocks that a form may have. */
export const mostAtOnce = 45

export interface SeveralModalView {
  /** What waits for this person, oldest first. Of more than `mostAtOnce` the oldest are shown. */
  waiting: WaitingExpense[]
  locale: string
}

/** Lists what waits for a person, to approve several at once. Nothing is chosen beforehand: each is one decision. */
export function severalModal({ waiting, locale }: SeveralModalView): ModalView {
  const { common, cards } = wordsOf(locale)
  const texts = cards.severalForm
  const shown = waiting.slice(0, mostAtOnce)
  const offered = shown.filter(({ needsCode }) => !needsCode)
  const needCode = shown.filter(({ needsCode }) => needsCode)
  const more = waiting.length > mostAtOnce
  return {
    type: 'modal',
    callback_id: forms.several,
    title: plain(texts.title, 24),
    ...(offered.length > 0 ? { submit: plain(texts.approve, 24) } : {}),
    close: plain(offered.length > 0 ? common.cancel : common.close, 24),
    blocks: [
      ...(offered.length > 0 ? [section('intro', texts.intro)] : []),
      ...offered.flatMap((one) => rowBlocks(one, locale)),
      ...(needCode.length > 0 ? [section('need_code', needCodeLine(needCode, locale))] : []),
      ...(more ? [context('more', texts.more(mostAtOnce))] : []),
    ],
  }
}

/** What cannot be chosen here, in a line. */
function needCodeLine(expenses: WaitingExpense[], locale: string): string {
  const { common, cards } = wordsOf(locale)
  const names = expenses.slice(0, 10).map(({ number, amount, companyAmount, merchant }) => {
    return `${number} (${amountText(amount, companyAmount, locale)}, ${quote(merchant, 40)})`
  })
  const left = expenses.length - names.length
  const more = left > 0 ? ` ${common.andMore(left)}` : ''
  return `:lock: ${cards.severalForm.needCode(`${names.join(', ')}${more}`)}`
}

/** The rows begin with this in their `block_id`. */
export const rowPrefix = 'waiting_'

/** One to tick, with its details beside it, and below it what stands out. */
function rowBlocks(expense: WaitingExpense, locale: string): KnownBlock[] {
  const { details, labels } = wordsOf(locale).cards.approval
  const why = warningText(expense, locale)
  const { approvalId, number } = expense
  return [
    actionsBlock(`${rowPrefix}${approvalId}`, [
      { type: 'checkboxes', action_id: 'value', options: [option(expense, locale)] },
      button(actions.details, details, approvalId, { accessibility_label: labels.details(number) }),
    ]),
    ...(why ? [context(`why_${approvalId}`, `:warning: ${why}`)] : []),
  ]
}

/** What a row says, as a line of text. */
export const labelOf = (words: string[]) => words.filter((part) => part !== '').join('  ·  ')

function option(expense: WaitingExpense, locale: string): PlainTextOption {
  const texts = wordsOf(locale).cards.severalForm
  const amount = amountText(expense.amount, expense.companyAmount, locale)
  const principal = expense.onBehalfOf ? texts.forWhom(shorten(expense.onBehalfOf, 20)) : null
  const rest = [
    expense.number,
    principal,
    dateText(expense.date, locale),
    expense.categories.join(', '),
  ].filter((part) => part)
  return {
    text: plain(`${amount}  ·  ${texts.kinds[expense.kind]}${expense.merchant}`),
    description: plain([shorten(expense.submitter, 24), ...rest].join('  ·  ')),
    value: expense.approvalId,
  }
}

/** Stands in the modal while the chosen ones are approved. `externalId` names the view for whoever fills it in then. */
export function approvingModal(
  count: number,
  { externalId, words: { common, cards } }: { externalId: string; words: Words },
): ModalView {
  return {
    type: 'modal',
    external_id: externalId,
    title: plain(cards.severalForm.title, 24),
    close: plain(common.close, 24),
    blocks: [section('approving', `:hourglass_flowing_sand: ${cards.severalForm.approving(count)}`)],
  }
}

/** What became of one of them: approved, or in a sentence why not. */
export interface Outcome {
  label: string
  problem: string | null
}

export function severalDoneModal(outcomes: Outcome[], { common, cards }: Words): ModalView {
  const texts = cards.severalForm
  const approved = outcomes.filter(({ problem }) => problem === null)
  const others = outcomes.filter(({ problem }) => problem !== null)
  return {
    type: 'modal',
    title: plain(texts.title, 24),
    close: plain(common.close, 24),
    blocks: [
      ...lines('not_approved', ':x:', texts.notApproved(others.length), others),
      ...lines('approved', ':white_check_mark:', texts.approved(approved.length), approved),
    ],
  }
}

function lines(blockId: string, mark: string, title: string, outcomes: Outcome[]) {
  if (outcomes.length === 0) return []
  const texts = outcomes.map(
    ({ label, problem }) => `• ${quote(label, 150)}${problem ? `\n\u2003 _${quote(problem, 300)}_` : ''}`,
  )
  return sections(blockId, [`${mark} *${title}*`, ...texts])
}
