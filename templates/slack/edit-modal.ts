import type { KnownBlock, ModalView } from '@slack/types'
import type { ExpenseKind, ExpenseView } from '../../src/features/expenses/index.ts'
import type { CalendarDate } from '../../src/kernel/calendar-date.ts'
import { anotherOneInput } from './another-one.ts'
import { type FormChoices, type FormSubject, textsOf } from './form-subject.ts'
import { bookingFields, furtherFields, leadingFields } from './kind-fields.ts'
import { forms } from './modals.ts'
import { type FormPreview, previewBlocks, withProblems } from './preview-blocks.ts'
import { type Split, splitButton, splitFields } from './split-fields.ts'
import { plain, section } from './text.ts'

interface ExpenseForm {
  choices: FormChoices
  today: CalendarDate
  /** null: the form asks for one category. */
  split: Split | null
  /** What is said about it as it is filled in; null: nothing yet. */
  preview: FormPreview | null
  /** The rate that is chosen in it now. */
  rateKey?: string | undefined
}

export interface EditModalView extends ExpenseForm {
  expense: ExpenseView
  /** The form was opened by Submit: saving it submits the expense. */
  thenSubmit: boolean
}

/** The form that completes or changes an expense. What was read is filled in; what is unsure says so. */
export function editModal(view: EditModalView): ModalView {
  const { expense, thenSubmit } = view
  const subject = { ...view, kind: expense.kind, company: expense.company }
  const texts = textsOf(subject)
  return {
    type: 'modal',
    callback_id: forms.edit,
    private_metadata: JSON.stringify({
      expenseId: expense.id,
      thenSubmit,
      isSplit: expense.shares.length > 0,
    }),
    title: plain(texts.forms.titles.editOf(expense.number), 24),
    submit: plain(thenSubmit ? texts.forms.submit : texts.forms.save, 24),
    close: plain(texts.common.cancel, 24),
    blocks: inputs(subject, view, {
      question: (preview) => anotherOneInput(subject, preview, { optional: !thenSubmit }),
    }),
  }
}

export interface StartModalView extends ExpenseForm {
  kind: ExpenseKind
  /** The locale is that of the reader. */
  company: { currency: string; locale: string }
}

/** The form that starts an expense: with its receipts, or one that has none. */
export function startModal(view: StartModalView): ModalView {
  const { kind } = view
  const subject = { ...view, expense: null }
  const texts = textsOf(subject)
  return {
    type: 'modal',
    callback_id: forms.start,
    private_metadata: JSON.stringify({ kind }),
    title: plain(texts.forms.titles[kind], 24),
    submit: plain(texts.forms.goOn, 24),
    close: plain(texts.common.cancel, 24),
    blocks: inputs(subject, view, { intro: [section('intro', texts.forms.intro[kind])] }),
  }
}

/** What stands against it stands at the head, so that the person knows what to change. */
function inputs(
  subject: FormSubject,
  form: ExpenseForm,
  head: { intro?: KnownBlock[]; question?: (preview: FormPreview) => KnownBlock[] },
): KnownBlock[] {
  const { choices, split, preview } = form
  const blocks = [
    ...(head.intro ?? []),
    ...(preview ? [...previewBlocks(preview, subject), ...(head.question?.(preview) ?? [])] : []),
    ...leadingFields(subject, choices),
    ...(split ? splitFields(subject, split, choices) : wholeFields(subject, form)),
    ...furtherFields(subject, choices),
  ]
  return preview ? withProblems(blocks, preview) : blocks
}

/**
 * There is something to split as soon as there is an amount. That of a drive or days away is split when the expense is
 * there.
 */
function wholeFields(subject: FormSubject, { choices, preview }: ExpenseForm): KnownBlock[] {
  const { kind, expense } = subject
  const isTyped = kind === 'receipt' || kind === 'request'
  const canSplit = (expense !== null || isTyped) && Boolean(preview?.amount)
  return [...bookingFields(subject, choices), ...(canSplit ? [splitButton(subject)] : [])]
}
