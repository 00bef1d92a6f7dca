import type { InputBlock, ModalView, PlainTextOption } from '@slack/types'
import type { WaitingExpense } from '../../src/features/expenses/index.ts'
import { forms } from './modals.ts'
import { amountText, context, dateText, plain, quote, section, sections, shorten } from './text.ts'

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
  const shown = waiting.slice(0, mostAtOnce)
  const options = shown.filter(({ needsCode }) => !needsCode).map((one) => option(one, locale))
  const byCard = shown.filter(({ needsCode }) => needsCode)
  const starts = Array.from({ length: Math.ceil(options.length / mostInGroup) }, (_, i) => i * mostInGroup)
  const more = waiting.length > mostAtOnce
  return {
    type: 'modal',
    callback_id: forms.several,
    title: plain('Approve several', 24),
    ...(options.length > 0 ? { submit: plain('Approve', 24) } : {}),
    close: plain('Close', 24),
    blocks: [
      ...(options.length > 0 ? [section('intro', intro)] : []),
      ...starts.map((start) => group(options.slice(start, start + mostInGroup), start, options.length)),
      ...(byCard.length > 0 ? [section('by_card', byCardLine(byCard, locale))] : []),
      ...(more
        ? [
            context(
              'more',
              `These are the ${mostAtOnce} oldest. More is waiting: open this again when they are decided.`,
            ),
          ]
        : []),
    ],
  }
}

const intro = 'Choose what you approve. A :warning: says that something stands out: look at its card first.'

/** What cannot be chosen here, in a line. */
function byCardLine(expenses: WaitingExpense[], locale: string): string {
  const names = expenses.slice(0, 10).map(({ number, amount, companyAmount, merchant }) => {
    return `${number} (${amountText(amount, companyAmount, locale)}, ${quote(merchant, 40)})`
  })
  const left = expenses.length - names.length
  const more = left > 0 ? ` and ${left} more` : ''
  return `:lock: *By its card*, as it needs a code: ${names.join(', ')}${more}.`
}

/** The groups of checkboxes begin with this in their `block_id`. */
export const groupPrefix = 'waiting_'

function group(options: PlainTextOption[], start: number, count: number): InputBlock {
  const range = `${start + 1} to ${start + options.length}`
  return {
    type: 'input',
    block_id: `${groupPrefix}${start}`,
    label: plain(
      count <= mostInGroup ? 'Waiting for you, oldest first' : `${range} of ${count}, oldest first`,
    ),
    optional: true,
    element: { type: 'checkboxes', action_id: 'value', options },
  }
}

function option(expense: WaitingExpense, locale: string): PlainTextOption {
  const mark = expense.warnings > 0 ? ':warning: ' : ''
  const amount = amountText(expense.amount, expense.companyAmount, locale)
  const principal = expense.onBehalfOf ? `for ${shorten(expense.onBehalfOf, 20)}` : null
  const rest = [
    expense.number,
    principal,
    dateText(expense.date, locale),
    expense.categories.join(', '),
  ].filter((part) => part)
  return {
    text: plain(`${mark}${amount}  ·  ${kindMarks[expense.kind]}${expense.merchant}`),
    description: plain([shorten(expense.submitter, 24), ...rest].join('  ·  ')),
    value: expense.approvalId,
  }
}

const kindMarks = { receipt: '', mileage: 'Mileage ', per_diem: 'Per diem ', request: 'To spend: ' } as const

/** Stands in the modal while the chosen ones are approved. `externalId` names the view for whoever fills it in then. */
export function approvingModal(count: number, externalId: string): ModalView {
  const what = count === 1 ? 'one expense' : `${count} expenses`
  return {
    type: 'modal',
    external_id: externalId,
    title: plain('Approve several', 24),
    close: plain('Close', 24),
    blocks: [section('approving', `:hourglass_flowing_sand: Approving ${what}…`)],
  }
}

/** What became of one of them: approved, or in a sentence why not. */
export interface Outcome {
  label: string
  problem: string | null
}

export function severalDoneModal(outcomes: Outcome[]): ModalView {
  const approved = outcomes.filter(({ problem }) => problem === null)
  const others = outcomes.filter(({ problem }) => problem !== null)
  return {
    type: 'modal',
    title: plain('Approve several', 24),
    close: plain('Close', 24),
    blocks: [
      ...lines('not_approved', ':x:', `${others.length} not approved`, others),
      ...lines('approved', ':white_check_mark:', `${approved.length} approved`, approved),
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
