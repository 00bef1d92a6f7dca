import type { ModalView } from '@slack/types'
import type { ExpenseKind, ExpenseView } from '../../src/features/expenses/index.ts'
import type { CalendarDate } from '../../src/kernel/calendar-date.ts'
import { actions, actionsBlock, button, findingLines, isGrave } from './expense-parts.ts'
import { bookingFields, type FormChoices, furtherFields, leadingFields } from './kind-fields.ts'
import { forms } from './modals.ts'
import { type Split, splitFields } from './split-fields.ts'
import { plain, section, sections } from './text.ts'

export interface EditModalView {
  expense: ExpenseView
  choices: FormChoices
  today: CalendarDate
  /** null: the form asks for one category. */
  split: Split | null
  /** The form was opened by Submit: saving it submits the expense. */
  thenSubmit: boolean
}

/** The form that completes or changes an expense. What was read is filled in; what is unsure says so. */
export function editModal({ expense, choices, today, split, thenSubmit }: EditModalView): ModalView {
  const subject = { kind: expense.kind, expense, company: expense.company, today }
  return {
    type: 'modal',
    callback_id: forms.edit,
    private_metadata: JSON.stringify({
      expenseId: expense.id,
      thenSubmit,
      isSplit: expense.shares.length > 0,
    }),
    title: plain(`Edit ${expense.number}`, 24),
    submit: plain(thenSubmit ? 'Submit' : 'Save', 24),
    close: plain('Close', 24),
    blocks: [
      // What stands against it as it is, so that the person knows what to change.
      ...sections('findings', findingLines(expense.findings.filter(isGrave)).slice(0, 8)),
      ...leadingFields(subject, choices),
      ...(split
        ? splitFields(expense, split, choices)
        : [
            ...bookingFields(subject, choices),
            actionsBlock('split_actions', [
              button(actions.split, 'Split…', expense.id, {
                accessibility_label: `Split ${expense.number} over several categories`,
              }),
            ]),
          ]),
      ...furtherFields(subject, choices),
    ],
  }
}

export interface StartModalView {
  kind: Exclude<ExpenseKind, 'receipt'>
  choices: FormChoices
  company: { currency: string; locale: string }
  today: CalendarDate
}

const starting = {
  request: {
    title: 'Request to spend',
    intro:
      'Ask before you spend. Once it is approved, choose it in the form of each expense: what it covers needs no approval again.',
  },
  mileage: { title: 'Mileage', intro: 'A drive in your own car. It needs no receipt.' },
  per_diem: { title: 'Per diem', intro: 'Days away at a flat rate. They need no receipts.' },
} as const

/** The form that starts something that has no receipt. */
export function startModal({ kind, choices, company, today }: StartModalView): ModalView {
  const subject = { kind, expense: null, company, today }
  const { title, intro } = starting[kind]
  return {
    type: 'modal',
    callback_id: forms.start,
    private_metadata: JSON.stringify({ kind }),
    title: plain(title, 24),
    submit: plain('Continue', 24),
    close: plain('Close', 24),
    blocks: [
      section('intro', intro),
      ...leadingFields(subject, choices),
      ...bookingFields(subject, choices),
      ...furtherFields(subject, choices),
    ],
  }
}

export const titleOfKind = (kind: StartModalView['kind']): string => starting[kind].title
