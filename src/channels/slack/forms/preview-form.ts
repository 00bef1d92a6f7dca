import { fieldBlocks } from '../../../../templates/slack/form-subject.ts'
import type { FormPreview } from '../../../../templates/slack/preview-blocks.ts'
import type { Words } from '../../../../templates/slack/words/index.ts'
import type { Tx } from '../../../database/index.ts'
import {
  type ExpenseChanges,
  type ExpenseView,
  type FormTarget,
  previewChanges,
} from '../../../features/expenses/index.ts'
import { type FilledForm, filesOf, hasInput } from '../payloads.ts'
import { blockOfField } from './expense-inputs.ts'
import { atBlocks, type FormErrors } from './run-form.ts'

/** What the form of an expense says before anything is typed into it. */
export function previewAsItIs(expense: ExpenseView): FormPreview {
  return { ...expense, problems: {}, hasUnread: expense.receipts.some(({ status }) => status === 'waiting') }
}

/** What it says with what is typed. */
export async function previewOf(
  tx: Tx,
  form: FilledForm,
  { target, changes, words }: { target: FormTarget; changes: ExpenseChanges; words: Words },
): Promise<FormPreview> {
  const { problems: found, ...judged } = await previewChanges(tx, target, changes)
  // What the parts add up to is told below them as it is.
  const { shares: _, ...problems } = found
  return {
    ...judged,
    problems: atBlocks(form, problems, { ...errorsOf(form), words }),
    hasUnread: filesOf(form, fieldBlocks.receipts).length > 0,
  }
}

/** Where the mistakes in the form of an expense are shown. */
export function errorsOf(form: FilledForm): FormErrors {
  const { receipts, ...inputs } = fieldBlocks
  return {
    firstBlock: Object.values(inputs).find((block) => hasInput(form, block)) ?? receipts,
    blockOf: (field) => blockOfField(form, field),
  }
}
