import { fieldBlocks } from '../../../../templates/slack/form-subject.ts'
import type { FormPreview } from '../../../../templates/slack/preview-blocks.ts'
import { wordsOf } from '../../../../templates/slack/words/index.ts'
import type { Tx } from '../../../database/index.ts'
import {
  type ExpenseChanges,
  type ExpenseView,
  type FormTarget,
  previewChanges,
  said,
} from '../../../features/expenses/index.ts'
import type { Reader } from '../../../features/people/index.ts'
import { type FilledForm, filesOf, hasInput } from '../payloads.ts'
import { blockOfField } from './expense-inputs.ts'
import { atBlocks, type FormErrors, type Told } from './run-form.ts'

/** What the form of an expense says before anything is typed into it. */
export function previewAsItIs(expense: ExpenseView): FormPreview {
  const hasUnread = expense.receipts.some(({ status }) => status === 'waiting')
  return { ...expense, problems: {}, isHalfSplit: false, hasUnread }
}

interface Typed {
  target: FormTarget
  changes: ExpenseChanges
  reader: Reader
  told?: Told | undefined
}

/** What it says with what is typed, and with what was told of it when it was sent. */
export async function previewOf(
  tx: Tx,
  form: FilledForm,
  { target, changes, reader: { locale }, told }: Typed,
): Promise<FormPreview> {
  const words = wordsOf(locale)
  const { problems: found, ...judged } = await previewChanges(tx, target, asFarAsTyped(changes))
  // What the parts add up to is told below them as it is.
  const { shares: _, ...problems } = found
  return {
    ...said(judged, { locale, language: words.language }),
    problems: { ...atBlocks(form, problems, { ...errorsOf(form), words }), ...told },
    isRefused: told !== undefined,
    hasUnread: filesOf(form, fieldBlocks.receipts).length > 0,
  }
}

/** `12.` is on its way to `12.50`: it is no mistake yet. */
function asFarAsTyped(changes: ExpenseChanges): ExpenseChanges {
  const typed = { ...changes }
  for (const field of ['amount', 'distance'] as const) {
    if (typed[field] !== undefined) typed[field] = typed[field].replace(/(?<=\d)[.,]\s*$/, '')
  }
  return typed
}

/** Where the mistakes in the form of an expense are shown. */
export function errorsOf(form: FilledForm): FormErrors {
  const { receipts, ...inputs } = fieldBlocks
  return {
    firstBlock: Object.values(inputs).find((block) => hasInput(form, block)) ?? receipts,
    blockOf: (field) => blockOfField(form, field),
  }
}
