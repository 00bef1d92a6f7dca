import type { KnownBlock, ModalView } from '@slack/types'
import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { toDecimal } from '../../src/kernel/money.ts'
import { factPairs, findingsBlock, stepsText } from './expense-parts.ts'
import { amountText, context, fields, instantText, plain, quote, section } from './text.ts'

/** Every form of Outlay, by its `callback_id`. */
export const forms = { edit: 'expense.edit', decide: 'approval.decide' } as const

/** The input blocks of the edit form. Errors are shown at these. */
export const editBlocks = {
  merchant: 'merchant',
  amount: 'amount',
  currency: 'currency',
  date: 'date',
  category: 'category',
  note: 'note',
} as const

export function loadingModal(title: string): ModalView {
  return {
    type: 'modal',
    title: plain(title, 24),
    blocks: [section('loading', ':hourglass_flowing_sand: One moment…')],
  }
}

export function messageModal(title: string, text: string): ModalView {
  return {
    type: 'modal',
    title: plain(title, 24),
    close: plain('Close', 24),
    blocks: [section('message', quote(text, 2500))],
  }
}

export interface EditModalView {
  expense: ExpenseView
  categories: { id: string; name: string }[]
  /** The form was opened by Submit: saving it submits the expense. */
  thenSubmit: boolean
}

/** The form that completes or changes an expense. What was read is filled in; what is unsure says so. */
export function editModal({ expense, categories, thenSubmit }: EditModalView): ModalView {
  const unsure = (field: ExpenseView['uncertain'][number]) =>
    expense.uncertain.includes(field)
      ? { hint: plain('I am not sure that I read this right. Please check it.', 150) }
      : {}
  const options = categories.slice(0, 100).map(({ id, name }) => ({ text: plain(name), value: id }))
  const chosen = options.find(({ value }) => value === expense.category?.id)
  const text = (actionId: string, value: string | null | undefined, placeholder: string) => ({
    type: 'plain_text_input' as const,
    action_id: actionId,
    placeholder: plain(placeholder),
    ...(value ? { initial_value: value } : {}),
  })
  const blocks: KnownBlock[] = [
    {
      type: 'input',
      block_id: editBlocks.merchant,
      label: plain('Merchant'),
      ...unsure('merchant'),
      element: { ...text('value', expense.merchant?.slice(0, 200), 'Where was it spent?'), max_length: 200 },
    },
    {
      type: 'input',
      block_id: editBlocks.amount,
      label: plain('Amount'),
      ...unsure('amount'),
      element: text('value', expense.amount && toDecimal(expense.amount), '12.50'),
    },
    {
      type: 'input',
      block_id: editBlocks.currency,
      label: plain('Currency'),
      ...unsure('currency'),
      element: {
        ...text('value', expense.amount?.currency ?? expense.company.currency, 'USD'),
        max_length: 3,
      },
    },
    {
      type: 'input',
      block_id: editBlocks.date,
      label: plain('Date on the receipt'),
      ...unsure('date'),
      element: {
        type: 'datepicker',
        action_id: 'value',
        ...(expense.date ? { initial_date: expense.date } : {}),
      },
    },
    {
      type: 'input',
      block_id: editBlocks.category,
      label: plain('Category'),
      element: {
        type: 'static_select',
        action_id: 'value',
        placeholder: plain('Choose one'),
        options,
        ...(chosen ? { initial_option: chosen } : {}),
      },
    },
    {
      type: 'input',
      block_id: editBlocks.note,
      label: plain('Note'),
      optional: true,
      element: {
        ...text('value', expense.note?.slice(0, 2000), 'What was it for?'),
        multiline: true,
        max_length: 2000,
      },
    },
  ]
  return {
    type: 'modal',
    callback_id: forms.edit,
    private_metadata: JSON.stringify({ expenseId: expense.id, thenSubmit }),
    title: plain(expense.number, 24),
    submit: plain(thenSubmit ? 'Submit' : 'Save', 24),
    close: plain('Cancel', 24),
    blocks,
  }
}

/** Asks for the reason of a rejection or a send-back, and says once more of what. */
export function reasonModal(
  expense: ExpenseView,
  approvalId: string,
  verdict: 'reject' | 'send_back',
): ModalView {
  const rejecting = verdict === 'reject'
  const verb = rejecting ? 'Reject' : 'Send back'
  const amount = amountText(expense.amount, expense.companyAmount, expense.company.locale)
  return {
    type: 'modal',
    callback_id: forms.decide,
    private_metadata: JSON.stringify({ approvalId, verdict }),
    title: plain(`${verb} ${expense.number}`, 24),
    submit: plain(verb, 24),
    close: plain('Cancel', 24),
    blocks: [
      section(
        'subject',
        `*${amount}*, ${quote(expense.merchant ?? '—')}, from ${quote(expense.submitter.name, 60)}`,
      ),
      {
        type: 'input',
        block_id: 'comment',
        label: plain(rejecting ? 'Why is it rejected?' : 'What should be changed?'),
        hint: plain('The submitter sees this.'),
        element: { type: 'plain_text_input', action_id: 'value', multiline: true, max_length: 2000 },
      },
    ],
  }
}

/** Everything about one expense, with its history. */
export function detailsModal(expense: ExpenseView): ModalView {
  const { timeZone, locale } = expense.company
  const history = expense.history
    .slice(-20)
    .map(
      ({ at, who, what, comment }) =>
        `• ${instantText(at, timeZone, locale)}: ${what} by ${quote(who, 60)}${comment ? ` (“${quote(comment, 150)}”)` : ''}`,
    )
  const rate = expense.rate ? [context('rate', `Rate ${expense.rate.value} of ${expense.rate.date}`)] : []
  const policy = expense.policy
    ? [context('policy', `Judged by “${quote(expense.policy.name)}”, version ${expense.policy.version}`)]
    : []
  return {
    type: 'modal',
    title: plain(expense.number, 24),
    close: plain('Close', 24),
    blocks: [
      fields('facts', [
        ...factPairs(expense),
        ['Submitted by', quote(expense.submitter.name, 60)],
        ['Team', quote(expense.submitter.team ?? '—', 60)],
      ]),
      ...rate,
      ...(expense.note ? [context('note', `:memo: ${quote(expense.note, 1000)}`)] : []),
      ...findingsBlock(expense),
      ...policy,
      ...(expense.steps.length > 0 ? [section('steps', `*Approval*\n${stepsText(expense)}`)] : []),
      ...(history.length > 0 ? [section('history', `*History*\n${history.join('\n')}`)] : []),
    ],
  }
}
