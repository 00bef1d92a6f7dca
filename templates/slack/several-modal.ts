import type { InputBlock, ModalView, PlainTextOption } from '@slack/types'
import type { WaitingExpense } from '../../src/features/expenses/index.ts'
import { forms } from './modals.ts'
import { amountText, context, dateText, plain, quote, section, sections, shorten } from './text.ts'
import { type Words, wordsOf } from './words/index.ts'

/** Slack takes at most ten options in a group of checkboxes; five groups are enough for one look. */
const mostInGroup = 10
export const mostAtOnce = 50

export interface SeveralModalView {
  /** What waits for this person, oldest first. Of more than fifty the oldest are shown. */
  waiting: WaitingExpense[]
  locale: string
}

/** Lists what waits for a person, to approve several at once. Nothing is chosen beforehand: each is one decision. */
export function severalModal({ waiting, locale }: SeveralModalView): ModalView {
  const { common, cards } = wordsOf(locale)
  const texts = cards.severalForm
  const shown = waiting.slice(0, mostAtOnce)
  const options = shown.filter(({ needsCode }) => !needsCode).map((one) => option(one, locale))
  const needCode = shown.filter(({ needsCode }) => needsCode)
  const starts = Array.from({ length: Math.ceil(options.length / mostInGroup) }, (_, i) => i * mostInGroup)
  const more = waiting.length > mostAtOnce
  return {
    type: 'modal',
    callback_id: forms.several,
    title: plain(texts.title, 24),
    ...(options.length > 0 ? { submit: plain(texts.approve, 24) } : {}),
    close: plain(common.close, 24),
    blocks: [
      ...(options.length > 0 ? [section('intro', texts.intro)] : []),
      ...starts.map((start) => {
        const some = options.slice(start, start + mostInGroup)
        const range = texts.range(start + 1, start + some.length, options.length)
        return group(some, start, options.length <= mostInGroup ? texts.waiting : range)
      }),
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

/** The groups of checkboxes begin with this in their `block_id`. */
export const groupPrefix = 'waiting_'

function group(options: PlainTextOption[], start: number, label: string): InputBlock {
  return {
    type: 'input',
    block_id: `${groupPrefix}${start}`,
    label: plain(label),
    optional: true,
    element: { type: 'checkboxes', action_id: 'value', options },
  }
}

const warned = ':warning: '

/** What an option says, as a line of text: Slack draws our mark in an option, but not in what is quoted. */
export function labelOf(words: string[]): string {
  return words.join('  ·  ').replace(warned, '')
}

function option(expense: WaitingExpense, locale: string): PlainTextOption {
  const texts = wordsOf(locale).cards.severalForm
  const mark = expense.warnings > 0 ? warned : ''
  const amount = amountText(expense.amount, expense.companyAmount, locale)
  const principal = expense.onBehalfOf ? texts.forWhom(shorten(expense.onBehalfOf, 20)) : null
  const rest = [
    expense.number,
    principal,
    dateText(expense.date, locale),
    expense.categories.join(', '),
  ].filter((part) => part)
  return {
    text: plain(`${mark}${amount}  ·  ${texts.kinds[expense.kind]}${expense.merchant}`),
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
