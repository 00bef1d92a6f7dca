import type { KnownBlock } from '@slack/types'
import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { formatMoney, type Money, parseTypedAmount, toDecimal } from '../../src/kernel/money.ts'
import { actions, actionsBlock, button } from './expense-parts.ts'
import { choiceInput, textInput, typedAmount } from './form-inputs.ts'
import { type FormChoices, type FormSubject, textsOf } from './form-subject.ts'
import { costCentreInput } from './kind-fields.ts'
import { section } from './text.ts'
import type { Words } from './words/index.ts'

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

/** Which expense a button of the form is about. Of one that is being made there is no id yet. */
const targetOf = ({ expense }: FormSubject) => expense?.id ?? 'new'

/** What splits an expense that is not split. */
export function splitButton(subject: FormSubject): KnownBlock {
  const { begin, beginLabel } = textsOf(subject).forms.split
  return actionsBlock('split_actions', [
    button(actions.split, begin, targetOf(subject), { accessibility_label: beginLabel }),
  ])
}

/** The inputs of each part, how much is left, and what adds a part. */
export function splitFields(subject: FormSubject, split: Split, choices: FormChoices): KnownBlock[] {
  const words = textsOf(subject)
  const { intro, add, end } = words.forms.split
  const rows = Array.from({ length: Math.min(split.parts, mostParts) }, (_, index) => index)
  const id = targetOf(subject)
  return [
    { type: 'divider' },
    section('split', intro),
    ...rows.flatMap((index) => partFields(subject, split, choices, index)),
    section('split_left', leftText(split, subject.company.locale, words)),
    actionsBlock('split_actions', [
      ...(split.parts < mostParts ? [button(actions.addPart, add, id)] : []),
      button(actions.endSplit, end, id),
    ]),
    { type: 'divider' },
  ]
}

function partFields(
  subject: FormSubject,
  { first }: Split,
  choices: FormChoices,
  index: number,
): KnownBlock[] {
  const { forms } = textsOf(subject)
  const share = subject.expense?.shares[index]
  const blocks = partBlocks(index)
  const part = index + 1
  const centres = choices.costCentres
  const given = index === 0 ? first : {}
  const chosen = share?.costCentre ?? centres.find(({ code }) => code === given.costCentre)
  return [
    choiceInput(blocks.categoryId, forms.split.category(part), {
      options: choices.categories,
      chosen: share?.category.id ?? given.categoryId,
      placeholder: forms.chooseOne,
      optional: true,
      isLookedUp: true,
      tellsUs: true,
    }),
    textInput(blocks.amount, forms.split.amount(part), {
      initial: share && typedAmount(share.amount, subject.company.locale),
      placeholder: forms.amount.placeholder,
      optional: true,
      most: 40,
      tellsUs: true,
    }),
    ...(centres.length > 0 || share?.costCentre
      ? [
          costCentreInput(blocks.costCentre, forms.split.costCentre(part), {
            subject,
            choices,
            chosen,
            // Not by how many parts are shown: a menu that changes with the next one loses what was chosen.
            times: mostParts,
          }),
        ]
      : []),
  ]
}

/** How much of the whole is not in a part yet. */
function leftText({ total, typed }: Split, locale: string, words: Words): string {
  const { noAmount, notAnAmount, addsUp, tooMuch, left: leftOf } = words.forms.split
  if (!total) return noAmount
  const sum = sumOf(typed, total.currency)
  const whole = formatMoney(total, locale)
  if (sum === null) return notAnAmount(whole)
  const left = total.minor - sum
  const text = formatMoney({ minor: Math.abs(left), currency: total.currency }, locale)
  if (left === 0) return `:white_check_mark: ${addsUp(whole)}`
  return left < 0 ? `:warning: ${tooMuch(text, whole)}` : leftOf(text, whole)
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
