import { noneId } from '../../../../templates/slack/form-inputs.ts'
import { fieldBlocks } from '../../../../templates/slack/form-subject.ts'
import { mostParts, partBlocks, type Split } from '../../../../templates/slack/split-fields.ts'
import type { ExpenseChanges, ExpenseView } from '../../../features/expenses/index.ts'
import { type Money, parseTypedAmount } from '../../../kernel/money.ts'
import { type FilledForm, hasInput, inputOf } from '../payloads.ts'

/** Inputs whose text is what the use case takes under the same name. */
const asTyped = [
  'merchant',
  'amount',
  'date',
  'from',
  'to',
  'distance',
  'rateKey',
  'firstDay',
  'lastDay',
  'breakfasts',
  'lunches',
  'dinners',
  'attendees',
  'note',
] as const

/** What stands in the form of an expense. What it does not ask for is left out, and stays as it is. */
export function changesIn(form: FilledForm): ExpenseChanges {
  const changes: ExpenseChanges = {}
  for (const field of asTyped) {
    if (hasInput(form, fieldBlocks[field])) changes[field] = inputOf(form, fieldBlocks[field]) ?? ''
  }
  const currency = inputOf(form, fieldBlocks.currency)
  if (currency) changes.currency = currency.trim().toUpperCase()
  if (hasInput(form, fieldBlocks.category)) changes.categoryId = inputOf(form, fieldBlocks.category) ?? ''
  const costCentre = chosenIn(form, fieldBlocks.costCentre)
  if (costCentre !== undefined) changes.costCentre = costCentre
  const requestId = chosenIn(form, fieldBlocks.requestId)
  if (requestId !== undefined) changes.requestId = requestId
  const reasonId = chosenIn(form, fieldBlocks.reason)
  if (reasonId !== undefined) changes.reasonId = reasonId
  if (partsIn(form) > 0) changes.shares = usedParts(form).map(({ share }) => share)
  if (hasInput(form, fieldBlocks.differsFrom)) changes.differsFrom = tickedIn(form, fieldBlocks.differsFrom)
  return changes
}

/** What is chosen in a menu, empty for none; undefined where the form does not ask. */
function chosenIn(form: FilledForm, block: string): string | undefined {
  if (!hasInput(form, block)) return undefined
  const chosen = inputOf(form, block)
  return chosen === undefined || chosen === noneId ? '' : chosen
}

/** The ids in the boxes that are ticked. */
function tickedIn(form: FilledForm, block: string): string[] {
  const ticked = form.view.state.values[block]?.value?.selected_options ?? []
  return ticked.flatMap(({ value }) => value.split(' '))
}

/** For how many parts the form asks; 0 where it is not split. */
export function partsIn(form: FilledForm): number {
  return rows.filter((index) => hasInput(form, partBlocks(index).amount)).length
}

const rows = Array.from({ length: mostParts }, (_, index) => index)

/** The parts that are not empty, each with its place in the form. */
function usedParts(form: FilledForm) {
  return rows
    .map((row) => {
      const { categoryId, amount, costCentre } = partBlocks(row)
      const share = {
        categoryId: inputOf(form, categoryId) ?? '',
        amount: inputOf(form, amount) ?? '',
        costCentre: chosenIn(form, costCentre) ?? '',
      }
      return { row, share }
    })
    .filter(({ share }) => share.categoryId !== '' || share.amount.trim() !== '')
}

/** The input of a field of the use case: it counts only the parts that are not empty, and has other names for some. */
export function blockOfField(form: FilledForm, field: string): string {
  if (field === 'categoryId') return fieldBlocks.category
  if (field === 'reasonId') return fieldBlocks.reason
  const used = usedParts(form)
  if (field === 'shares') return partBlocks(used.at(-1)?.row ?? 0).amount
  const [, index, name] = /^shares\.(\d+)\.(\w+)$/.exec(field) ?? []
  const part = index === undefined ? undefined : used[Number(index)]
  return part ? `shares.${part.row}.${name}` : field
}

/** What the form is about, where an amount is worked out or typed in no other currency. */
type Worked = Pick<ExpenseView, 'amount'> & { company: { currency: string } }

/** The split that a form shows, with so many parts. What it adds up to is what is typed now. */
export function splitIn(form: FilledForm, expense: Worked, parts: number): Split {
  return {
    parts,
    first: {
      categoryId: inputOf(form, fieldBlocks.category),
      costCentre: inputOf(form, fieldBlocks.costCentre),
    },
    total: totalIn(form, expense),
    typed: rows.map((row) => inputOf(form, partBlocks(row).amount) ?? ''),
  }
}

/** The amount of the whole as it is typed; where it is worked out, as it was last. */
function totalIn(form: FilledForm, expense: Worked): Money | null {
  if (!hasInput(form, fieldBlocks.amount)) return expense.amount
  const currency = inputOf(form, fieldBlocks.currency)?.trim().toUpperCase() ?? expense.company.currency
  try {
    return parseTypedAmount(inputOf(form, fieldBlocks.amount) ?? '', currency)
  } catch {
    return null
  }
}
