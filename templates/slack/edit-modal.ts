import type { InputBlock, KnownBlock, ModalView } from '@slack/types'
import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { toDecimal } from '../../src/kernel/money.ts'
import { findingLines, isGrave } from './expense-parts.ts'
import { forms } from './modals.ts'
import { plain, sections } from './text.ts'

/** The input blocks of the edit form. Errors are shown at these. */
export const editBlocks = {
  merchant: 'merchant',
  amount: 'amount',
  currency: 'currency',
  date: 'date',
  category: 'category',
  reason: 'reason',
  attendees: 'attendees',
  note: 'note',
} as const

/** The option that stands for no reason: a choice that was made cannot be taken away again in Slack's menu. */
export const noReason = 'none'

export interface EditModalView {
  expense: ExpenseView
  categories: { id: string; name: string }[]
  /** Empty in a company that asks for no reasons: the form does not either. */
  reasons: { id: string; name: string }[]
  /** The form was opened by Submit: saving it submits the expense. */
  thenSubmit: boolean
}

/** The form that completes or changes an expense. What was read is filled in; what is unsure says so. */
export function editModal({ expense, categories, reasons, thenSubmit }: EditModalView): ModalView {
  return {
    type: 'modal',
    callback_id: forms.edit,
    private_metadata: JSON.stringify({ expenseId: expense.id, thenSubmit }),
    title: plain(`Edit ${expense.number}`, 24),
    submit: plain(thenSubmit ? 'Submit' : 'Save', 24),
    close: plain('Cancel', 24),
    blocks: [
      // What stands against it as it is, so that the person knows what to change.
      ...sections('findings', findingLines(expense.findings.filter(isGrave)).slice(0, 8)),
      ...whatWasRead(expense),
      select(editBlocks.category, 'Category', {
        ...unsure(expense, 'category'),
        options: categories.slice(0, 100),
        chosen: expense.category?.id,
      }),
      ...(reasons.length > 0 ? [reasonSelect(expense, reasons)] : []),
      input(editBlocks.attendees, 'Attendees', {
        optional: true,
        hint: 'Who else was there? Names, separated by commas.',
        initial: expense.attendees.join(', '),
        placeholder: 'Ann Lee, Bob Ray',
        most: 2000,
      }),
      input(editBlocks.note, 'Note', {
        optional: true,
        initial: expense.note,
        placeholder: 'What was it for?',
        multiline: true,
        most: 2000,
      }),
    ],
  }
}

function whatWasRead(expense: ExpenseView): KnownBlock[] {
  return [
    input(editBlocks.merchant, 'Merchant', {
      ...unsure(expense, 'merchant'),
      initial: expense.merchant,
      placeholder: 'Where was it spent?',
      most: 200,
    }),
    input(editBlocks.amount, 'Amount', {
      ...unsure(expense, 'amount'),
      initial: expense.amount && toDecimal(expense.amount),
      placeholder: '12.50',
    }),
    input(editBlocks.currency, 'Currency', {
      ...unsure(expense, 'currency'),
      initial: expense.amount?.currency ?? expense.company.currency,
      placeholder: 'USD',
      most: 3,
    }),
    {
      type: 'input',
      block_id: editBlocks.date,
      label: plain('Date on the receipt'),
      ...hint(unsure(expense, 'date').hint),
      element: {
        type: 'datepicker',
        action_id: 'value',
        ...(expense.date ? { initial_date: expense.date } : {}),
      },
    },
  ]
}

function unsure({ uncertain }: ExpenseView, field: ExpenseView['uncertain'][number]): { hint?: string } {
  return uncertain.includes(field) ? { hint: 'I am not sure that I read this right. Please check it.' } : {}
}

const hint = (text: string | undefined) => (text === undefined ? {} : { hint: plain(text, 150) })

interface TextInput {
  initial: string | null
  placeholder: string
  hint?: string
  optional?: boolean
  multiline?: boolean
  /** How many characters it takes; 3,000 is Slack's own limit. */
  most?: number
}

function input(blockId: string, label: string, field: TextInput): InputBlock {
  const { initial, placeholder, multiline, most = 3000 } = field
  return {
    type: 'input',
    block_id: blockId,
    label: plain(label),
    ...hint(field.hint),
    optional: field.optional ?? false,
    element: {
      type: 'plain_text_input',
      action_id: 'value',
      placeholder: plain(placeholder),
      max_length: most,
      ...(initial ? { initial_value: initial.slice(0, most) } : {}),
      ...(multiline ? { multiline } : {}),
    },
  }
}

interface Choice {
  options: { id: string; name: string }[]
  chosen: string | undefined
  hint?: string
  optional?: boolean
}

function reasonSelect({ reason }: ExpenseView, reasons: Choice['options']): InputBlock {
  return select(editBlocks.reason, 'Reason', {
    options: [{ id: noReason, name: 'None' }, ...reasons.slice(0, 99)],
    chosen: reason?.id ?? noReason,
    optional: true,
  })
}

function select(blockId: string, label: string, choice: Choice): InputBlock {
  const options = choice.options.map(({ id, name }) => ({ text: plain(name), value: id }))
  const chosen = options.find(({ value }) => value === choice.chosen)
  return {
    type: 'input',
    block_id: blockId,
    label: plain(label),
    ...hint(choice.hint),
    optional: choice.optional ?? false,
    element: {
      type: 'static_select',
      action_id: 'value',
      placeholder: plain('Choose one'),
      options,
      ...(chosen ? { initial_option: chosen } : {}),
    },
  }
}
