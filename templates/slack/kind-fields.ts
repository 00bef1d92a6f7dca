import type { KnownBlock } from '@slack/types'
import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { formatMoney } from '../../src/kernel/money.ts'
import { mileageFields, perDiemFields } from './calculated-fields.ts'
import {
  type Choice,
  choiceInput,
  currencyChoice,
  dateInput,
  fileInput,
  isTooMany,
  none,
  textInput,
  typedAmount,
} from './form-inputs.ts'
import { type FormChoices, type FormSubject, fieldBlocks, textsOf } from './form-subject.ts'

/** A receipt that is attached says what is left empty. */
const mayBeEmpty = ({ kind, expense }: FormSubject) => kind === 'receipt' && expense === null

/** As many as Slack takes in one form. */
export const mostReceipts = 10

/** What is asked for by kind, before category and cost centre. */
export function leadingFields(subject: FormSubject, { rates }: FormChoices): KnownBlock[] {
  const { forms } = textsOf(subject)
  switch (subject.kind) {
    case 'receipt':
      return [
        ...receipts(subject),
        merchant(subject, textsOf(subject).common.fields.merchant, forms.merchant.placeholder),
        ...money(subject),
        dateInput(fieldBlocks.date, labelOf(subject, 'date', dateLabel(subject)), {
          hint: dateHint(subject),
          initial: subject.expense?.date,
          optional: mayBeEmpty(subject),
          tellsUs: true,
        }),
      ]
    case 'request':
      return [
        merchant(subject, forms.whatFor.label, forms.whatFor.placeholder),
        ...money(subject),
        dateInput(fieldBlocks.date, forms.when.label, {
          hint: forms.when.hint,
          initial: subject.expense?.date ?? subject.today,
          tellsUs: true,
        }),
      ]
    case 'mileage':
      return mileageFields(subject, rates.mileage)
    case 'per_diem':
      return perDiemFields(subject, rates.perDiem)
  }
}

function receipts(subject: FormSubject): KnownBlock[] {
  const { label, hint } = textsOf(subject).forms.receipts
  if (!mayBeEmpty(subject)) return []
  return [fileInput(fieldBlocks.receipts, label, { hint, most: mostReceipts, optional: true })]
}

function merchant(subject: FormSubject, label: string, placeholder: string): KnownBlock {
  return textInput(fieldBlocks.merchant, labelOf(subject, 'merchant', label), {
    hint: hintOf(subject, 'merchant'),
    initial: subject.expense?.merchant,
    placeholder,
    most: 200,
    optional: mayBeEmpty(subject),
    tellsUs: true,
  })
}

function money(subject: FormSubject): KnownBlock[] {
  const { expense, company } = subject
  const { common, forms } = textsOf(subject)
  const currency = currencyChoice(expense?.amount?.currency ?? company.currency, company.locale)
  return [
    textInput(fieldBlocks.amount, labelOf(subject, 'amount', common.fields.amount), {
      hint: hintOf(subject, 'amount'),
      initial: expense?.amount && typedAmount(expense.amount, company.locale),
      placeholder: forms.amount.placeholder,
      most: 40,
      optional: mayBeEmpty(subject),
      tellsUs: true,
    }),
    choiceInput(fieldBlocks.currency, labelOf(subject, 'currency', common.fields.currency), {
      hint: isUnsure(subject, 'currency') ? forms.notSure : undefined,
      options: [currency],
      chosen: currency.id,
      isLookedUp: true,
      tellsUs: true,
    }),
  ]
}

/** Category and cost centre, where it is not split. A rate may have a category of its own. */
export function bookingFields(subject: FormSubject, choices: FormChoices): KnownBlock[] {
  const { expense, kind } = subject
  const { common, forms } = textsOf(subject)
  const hasOwn = expense === null && (kind === 'mileage' || kind === 'per_diem')
  // One that is in doubt is not chosen for anybody: saving the form would confirm it unseen.
  const doubtful = isUnsure(subject, 'category') ? expense?.category : null
  const { category, costCentre } = common.fields
  return [
    choiceInput(fieldBlocks.category, labelOf(subject, 'category', category), {
      hint: hasOwn
        ? forms.category.hint
        : doubtful
          ? forms.category.perhaps(doubtful.name)
          : hintOf(subject, 'category'),
      optional: hasOwn || mayBeEmpty(subject),
      options: choices.categories,
      chosen: doubtful ? undefined : expense?.category?.id,
      placeholder: forms.chooseOne,
      isLookedUp: true,
      tellsUs: true,
    }),
    ...(choices.costCentres.length > 0 || expense?.costCentre
      ? [
          costCentreInput(fieldBlocks.costCentre, costCentre, {
            chosen: expense?.costCentre,
            subject,
            choices,
          }),
        ]
      : []),
  ]
}

export function costCentreInput(
  blockId: string,
  label: string,
  given: {
    subject: FormSubject
    choices: FormChoices
    chosen: { code: string; name: string } | null | undefined
    /** How often the form asks for one. */
    times?: number
  },
): KnownBlock {
  const { subject, chosen, times } = given
  const { costCentres } = given.choices
  const isListed = !chosen || costCentres.some(({ code }) => code === chosen.code)
  const centres = [...(isListed ? [] : [chosen]), ...costCentres].map(costCentreChoice)
  const options = [none(textsOf(subject)), ...centres]
  return choiceInput(blockId, label, {
    options,
    chosen: chosen?.code,
    placeholder: textsOf(subject).forms.chooseOne,
    optional: true,
    isLookedUp: isTooMany(options, times),
    tellsUs: true,
  })
}

export function costCentreChoice({ code, name }: { code: string; name: string }): Choice {
  return { id: code, name: `${code} ${name}` }
}

/** What is asked for last: the request it draws on, reason, attendees and note. */
export function furtherFields(subject: FormSubject, choices: FormChoices): KnownBlock[] {
  const { expense, kind } = subject
  const words = textsOf(subject)
  const { attendees, note } = words.forms
  const { fields } = words.common
  const isRequest = kind === 'request'
  return [
    ...requestSelect(subject, choices),
    ...(choices.reasons.length > 0
      ? [
          choiceInput(fieldBlocks.reason, fields.reason, {
            options: [none(words), ...choices.reasons],
            chosen: expense?.reason?.id,
            placeholder: words.forms.chooseOne,
            optional: true,
            isLookedUp: true,
            tellsUs: true,
          }),
        ]
      : []),
    ...(kind === 'receipt' || isRequest
      ? [
          textInput(fieldBlocks.attendees, fields.attendees, {
            optional: true,
            hint: isRequest ? attendees.hintOfRequest : attendees.hint,
            initial: expense?.attendees.join(', '),
            placeholder: attendees.placeholder,
            most: 2000,
            tellsUs: true,
          }),
        ]
      : []),
    textInput(fieldBlocks.note, fields.note, {
      optional: true,
      initial: expense?.note,
      placeholder: isRequest ? note.placeholderOfRequest : note.placeholder,
      multiline: true,
      most: 2000,
    }),
  ]
}

function requestSelect(subject: FormSubject, { requests }: FormChoices): KnownBlock[] {
  const { expense, kind, company } = subject
  const words = textsOf(subject)
  const { hint, option } = words.forms.request
  const own = expense?.request
  // What is left of its own request is told without what it takes itself.
  const offered = own ? [own, ...requests.filter(({ id }) => id !== own.id)] : requests
  if (kind === 'request' || offered.length === 0) return []
  const options = offered.map(({ id, number, merchant, left }) => ({
    id,
    name: option(number, formatMoney(left, company.locale), merchant),
  }))
  return [
    choiceInput(fieldBlocks.requestId, words.common.fields.request, {
      options: [none(words), ...options],
      chosen: own?.id,
      placeholder: words.forms.chooseOne,
      optional: true,
      hint,
      tellsUs: true,
    }),
  ]
}

type Field = ExpenseView['uncertain'][number]

const isUnsure = ({ expense }: FormSubject, field: Field) => expense?.uncertain.includes(field) ?? false

/** There is no receipt that would say it. */
const isTyped = ({ kind, expense }: FormSubject) => kind === 'receipt' && expense?.receipts.length === 0

function dateLabel(subject: FormSubject): string {
  const { common, forms } = textsOf(subject)
  return isTyped(subject) ? common.fields.date : forms.date.label
}

function dateHint(subject: FormSubject): string | undefined {
  const isTaken = isTyped(subject) && isUnsure(subject, 'date')
  return isTaken ? textsOf(subject).cards.confirm.tookDate : hintOf(subject, 'date')
}

/** The label, which says so where it was read without certainty. */
function labelOf(subject: FormSubject, field: Field, label: string): string {
  return isUnsure(subject, field) ? textsOf(subject).forms.check(label) : label
}

/** That it was read without certainty; or what becomes of it when it is left empty, as Slack calls it optional then. */
function hintOf(subject: FormSubject, field: Field): string | undefined {
  const { notSure, leftEmpty } = textsOf(subject).forms
  if (isUnsure(subject, field)) return notSure
  return mayBeEmpty(subject) ? leftEmpty : undefined
}
