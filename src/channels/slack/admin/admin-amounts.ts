import { type AdminSection, adminBlock } from '../../../../templates/slack/admin-fields.ts'
import { type AdminFormView, mostBands } from '../../../../templates/slack/admin-form.ts'
import { typedAmount } from '../../../../templates/slack/form-inputs.ts'
import { type Words, wordsOf } from '../../../../templates/slack/words/index.ts'
import {
  amountField,
  amountsOf,
  type EntryAmounts,
  type Organisation,
  type SectionWithAmounts,
} from '../../../features/organisation/index.ts'
import { parseTypedAmount, toDecimal, tryAmount } from '../../../kernel/money.ts'
import { hasInput, inputOf, type ViewSubmission } from '../payloads.ts'

/** Policies and limits are mostly changed by an amount, for which nobody has to read how they stand in the file. */
export const hasAmounts = (section: AdminSection): section is SectionWithAmounts =>
  section === 'policies' || section === 'limits'

/** The amounts that a form asks for; null: the entry has none, or more than a form holds. */
export function amountsInForm(
  organisation: Organisation,
  { section, key }: { section: AdminSection; key: string },
  { language }: Words,
): EntryAmounts | null {
  const amounts = hasAmounts(section) ? amountsOf(organisation, { section, key }, language) : null
  return amounts && amounts.bands.length <= mostBands ? amounts : null
}

/** An input for each. */
export function amountInputs(
  { amounts }: EntryAmounts,
  { company: { currency } }: Organisation,
  locale: string,
): AdminFormView['inputs'] {
  return amounts.map((text, index) => {
    const amount = tryAmount(text, currency)
    return {
      field: { name: amountField(index), kind: 'text', most: 40, isAmount: true },
      value: amount ? typedAmount(amount, locale) : text,
      choices: null,
      hint: wordsOf(locale).admin.bands.hint(currency),
    }
  })
}

/** What was typed into them, in their order. */
export function readAmounts(
  submission: ViewSubmission,
  stamp: string,
  { company: { currency } }: Organisation,
): string[] {
  const blockOf = (place: number) => adminBlock(amountField(place), stamp)
  const amounts: string[] = []
  while (hasInput(submission, blockOf(amounts.length))) {
    amounts.push(amountIn(inputOf(submission, blockOf(amounts.length))?.trim() ?? '', currency))
  }
  return amounts
}

/** An amount as it is written in the file; what is none stays as it was typed, and is refused with the rest. */
export function amountIn(text: string, currency: string): string {
  try {
    return toDecimal(parseTypedAmount(text, currency))
  } catch {
    return text
  }
}
