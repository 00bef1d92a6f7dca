import type { KnownBlock } from '@slack/types'
import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { formatMoney, type Money, parseTypedAmount, toDecimal } from '../../src/kernel/money.ts'
import { actions, actionsBlock, button } from './expense-parts.ts'
import { choiceInput, isTooMany, textInput } from './form-inputs.ts'
import { costCentreInput, type FormChoices } from './kind-fields.ts'
import { section } from './text.ts'

/** As many parts as an expense may have: with them the form stays within a hundred blocks. */
export const mostParts = 20

/** The input blocks of one part, counted from 0. Errors are shown at these. */
export const partBlocks = (index: number) => ({
  categoryId: `shares.${index}.categoryId`,
  amount: `shares.${index}.amount`,
  costCentre: `shares.${index}.costCentre`,
})

export interface Split {
  /** How many parts the form shows. */
  parts: number
  /** For the first part of what is split only now: what was chosen for the whole. */
  first: { categoryId?: string | undefined; costCentre?: string | undefined }
  /** What the parts must add up to, as it is typed now; null while that is no amount. */
  total: Money | null
  /** What is typed as the amounts of the parts. */
  typed: string[]
}

/** The parts of an expense as it is; null when it is not split. */
export function splitAsItIs({ shares, amount }: ExpenseView): Split | null {
  if (shares.length === 0) return null
  const typed = shares.map((share) => toDecimal(share.amount))
  return { parts: shares.length, first: {}, total: amount, typed }
}

/** The inputs of each part, how much is left, and what adds a part. */
export function splitFields(expense: ExpenseView, split: Split, choices: FormChoices): KnownBlock[] {
  const rows = Array.from({ length: Math.min(split.parts, mostParts) }, (_, index) => index)
  return [
    { type: 'divider' },
    section(
      'split',
      '*Split over several categories* or cost centres. A part without category and amount is dropped.',
    ),
    ...rows.flatMap((index) => partFields(expense, split, choices, index)),
    section('split_left', leftText(split, expense.company.locale)),
    actionsBlock('split_actions', [
      ...(split.parts < mostParts ? [button(actions.addPart, 'Add part', expense.id)] : []),
      button(actions.checkSplit, 'Check the sum', expense.id),
      button(actions.endSplit, 'Do not split', expense.id),
    ]),
    { type: 'divider' },
  ]
}

function partFields(
  { shares }: ExpenseView,
  { first }: Split,
  choices: FormChoices,
  index: number,
): KnownBlock[] {
  const share = shares[index]
  const blocks = partBlocks(index)
  const label = `of part ${index + 1}`
  const centres = choices.costCentres
  const given = index === 0 ? first : {}
  const chosen = share?.costCentre ?? centres.find(({ code }) => code === given.costCentre)
  return [
    choiceInput(blocks.categoryId, `Category ${label}`, {
      options: choices.categories,
      chosen: share?.category.id ?? given.categoryId,
      optional: true,
      // Not by how many parts are shown: a menu that changes with the next one loses what was chosen.
      isLookedUp: isTooMany(choices.categories, mostParts),
    }),
    textInput(blocks.amount, `Amount ${label}`, {
      initial: share && toDecimal(share.amount),
      placeholder: '12.50',
      optional: true,
      most: 40,
      tellsUs: true,
    }),
    ...(centres.length > 0 || share?.costCentre
      ? [costCentreInput(blocks.costCentre, `Cost centre ${label}`, { chosen, ...choices, times: mostParts })]
      : []),
  ]
}

/** How much of the whole is not in a part yet. */
function leftText({ total, typed }: Split, locale: string): string {
  if (!total) return 'Fill in the amount above first.'
  const sum = sumOf(typed, total.currency)
  const whole = formatMoney(total, locale)
  if (sum === null) return `The parts must add up to *${whole}*. One of them is not an amount.`
  const left = total.minor - sum
  const text = formatMoney({ minor: Math.abs(left), currency: total.currency }, locale)
  if (left === 0) return `:white_check_mark: The parts add up to *${whole}*.`
  if (left < 0) return `:warning: The parts are *${text}* more than ${whole}.`
  return `*${text}* of ${whole} is left.`
}

/** What was typed, together; null when one of it is not an amount. */
function sumOf(typed: string[], currency: string): number | null {
  try {
    return typed
      .filter((text) => text.trim() !== '')
      .reduce((sum, text) => sum + parseTypedAmount(text, currency).minor, 0)
  } catch {
    return null
  }
}
