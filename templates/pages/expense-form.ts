import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { formatMoney } from '../../src/kernel/money.ts'
import { quote } from '../expense-words.ts'
import { type Html, html } from '../html.ts'
import {
  attributes,
  type Choice,
  dateInput,
  errorOf,
  evenPair,
  type Field,
  fieldBlock,
  figureInput,
  input,
  pair,
  select,
  textInput,
} from './form-parts.ts'
import { filledRows, type ShareField, shareFields, shareRows } from './share-rows.ts'

const plainFields = [
  'rateKey',
  'from',
  'to',
  'distance',
  'firstDay',
  'lastDay',
  'breakfasts',
  'lunches',
  'dinners',
  'merchant',
  'amount',
  'currency',
  'date',
  'requestId',
  'category',
  'costCentre',
  'reason',
  'attendees',
  'note',
] as const
type PlainField = (typeof plainFields)[number]

/** The fields of the form, by their names in the posted body. Which there are depends on the kind. */
export type ExpenseFormField = PlainField | 'differsFrom' | 'shares' | ShareField
export const expenseFormFields: ExpenseFormField[] = ['differsFrom', ...plainFields, 'shares', ...shareFields]

/** What can be chosen in the form. Lists of what the company does not have are empty. */
export interface FormChoices {
  categories: Choice[]
  reasons: Choice[]
  /** By code. */
  costCentres: Choice[]
  /** The submitter's own approved requests to spend. */
  requests: NonNullable<ExpenseView['request']>[]
  /** Of this kind of expense, in words. */
  rates: RateChoice[]
}

export interface RateChoice extends Choice {
  /** Of a mileage rate. */
  unit: 'km' | 'mi' | null
  /** Whether it fills in a category of its own. */
  hasCategory: boolean
}

export interface ExpenseFormView {
  expense: ExpenseView
  choices: FormChoices
  values: Partial<Record<ExpenseFormField, string>>
  errors: Partial<Record<ExpenseFormField, string>>
}

/** The fields of an expense, filled in; what is unsure or wrong says so. */
export function expenseFields(view: ExpenseFormView): Html {
  const { choices, values, errors } = view
  const isSplit = filledRows({ values }) > 0
  const { categories, costCentres } = choices
  const booked = isSplit ? html`` : html`${categoryField(view)}${costCentreField(view)}`
  const split = shareRows({ categories, costCentres, values, errors })
  return html`${anotherOneField(view)}${fieldsOfKind(view)}${requestField(view)}${booked}${split}${reasonField(view)}${lineField(view, 'attendees')}${noteField(view)}`
}

/** What it looks like, as long as nobody said that this is another one. */
function anotherOneField({ expense, values, errors }: ExpenseFormView): Html {
  const { looksLike } = expense
  if (looksLike.every(({ differs }) => differs)) return html``
  const name = 'differsFrom'
  const ids = looksLike.map(({ id }) => id).join(' ')
  const numbers = looksLike.map(({ number }) => number).join(' or ')
  const field: Field = { name, label: `Is it the same as ${numbers}?`, error: errors[name] }
  return html`<div class="field">
<p class="label"><strong>${field.label}</strong></p>
${errorOf(field)}<label><input type="checkbox" ${attributes(field)} value="${ids}"${values[name] === ids ? html` checked` : ''}> No, it is another one</label>
</div>
`
}

function fieldsOfKind(view: ExpenseFormView): Html {
  switch (view.expense.kind) {
    case 'receipt':
    case 'request':
      return html`${lineField(view, 'merchant')}${amountFields(view)}${dateField(view, 'date')}`
    case 'mileage':
      return html`${evenPair(control(view, 'from', textInput), control(view, 'to', textInput))}${rateField(view)}${fieldBlock(...control(view, 'distance', figureInput))}${dateField(view, 'date')}`
    case 'per_diem':
      return html`${rateField(view)}${evenPair(control(view, 'firstDay', dateInput), control(view, 'lastDay', dateInput))}${mealFields(view)}`
  }
}

const labels: Record<PlainField, string> = {
  rateKey: 'Rate',
  from: 'From',
  to: 'To',
  distance: 'Distance',
  firstDay: 'First day',
  lastDay: 'Last day',
  breakfasts: 'Breakfasts',
  lunches: 'Lunches',
  dinners: 'Dinners',
  merchant: 'Merchant',
  amount: 'Amount',
  currency: 'Currency',
  date: 'Date on the receipt',
  requestId: 'Request to spend that it is for',
  category: 'Category',
  costCentre: 'Cost centre',
  reason: 'Reason',
  attendees: 'Who else was there',
  note: 'Note',
}

const ownLabels: Partial<Record<ExpenseView['kind'], Partial<typeof labels>>> = {
  mileage: { date: 'Day of the drive', attendees: 'Who came along' },
  request: {
    merchant: 'What for',
    date: 'When, about',
    attendees: 'Who else will be there',
    note: 'Why it is needed',
  },
}

const units = { km: 'kilometres', mi: 'miles' }

const helps: Partial<Record<PlainField, string>> = {
  attendees: 'Names, with commas between them',
  requestId: 'What fits into it needs no further approval.',
}

/** What policy may ask for and the form alone does not. While something is refused, it is not called optional. */
const extra: readonly PlainField[] = ['reason', 'attendees', 'note', 'costCentre', 'requestId']

function fieldOf({ expense, choices, errors }: ExpenseFormView, name: PlainField): Field {
  const isRefused = expense.findings.some(({ severity }) => severity === 'blocking')
  const [rate] = choices.rates
  const unit = name === 'distance' && choices.rates.every((one) => one.unit === rate?.unit) && rate?.unit
  const label = ownLabels[expense.kind]?.[name] ?? labels[name]
  return {
    name,
    label: unit
      ? `${label} in ${units[unit]}`
      : extra.includes(name) && !isRefused
        ? `${label} (optional)`
        : label,
    help: helps[name],
    check: expense.uncertain.some((field) => field === name),
    error: errors[name],
  }
}

function control(view: ExpenseFormView, name: PlainField, more: Html): [Field, Html] {
  const field = fieldOf(view, name)
  return [field, input(field, view.values[name] ?? '', more)]
}

function lineField(view: ExpenseFormView, name: 'merchant' | 'attendees'): Html {
  const names = html`maxlength="2000" autocomplete="off"`
  return fieldBlock(...control(view, name, name === 'attendees' ? names : textInput))
}

function dateField(view: ExpenseFormView, name: 'date'): Html {
  return fieldBlock(...control(view, name, dateInput))
}

function amountFields(view: ExpenseFormView): Html {
  const code = html`maxlength="3" autocapitalize="characters" autocomplete="off" spellcheck="false"`
  return pair(control(view, 'amount', figureInput), control(view, 'currency', code))
}

/** One rate needs no choice; without any, an admin has to add one first. */
function rateField(view: ExpenseFormView): Html {
  const { rates } = view.choices
  const field = fieldOf(view, 'rateKey')
  if (rates.length > 1) {
    const value = view.values.rateKey ?? ''
    const blank = rates.some(({ id }) => id === value) ? {} : { blank: 'Choose one' }
    return fieldBlock(field, select(field, { choices: rates, value, ...blank }))
  }
  const [rate] = rates
  const text = rate ? rate.name : 'The company has no rates for this yet. Please ask an admin to add them.'
  return html`<div class="field" id="rateKey">
<p class="label"><strong>${field.label}</strong></p>
${field.error === undefined ? '' : html`<p class="error">${quote(field.error, 300)}</p>`}<p>${quote(text, 150)}</p>
</div>
`
}

function mealFields(view: ExpenseFormView): Html {
  const count = html`inputmode="numeric" maxlength="2" autocomplete="off"`
  const meals = (['breakfasts', 'lunches', 'dinners'] as const).map((name) => control(view, name, count))
  return html`<fieldset class="meals">
<legend>Meals that were provided (optional)</legend>
<p class="hint">How many you did not pay for: in the price of the hotel, at an event, on a flight.</p>
${meals.map(([field, box]) => fieldBlock(field, box))}</fieldset>
`
}

function requestField(view: ExpenseFormView): Html {
  const { choices, expense, values } = view
  if (expense.kind === 'request' || choices.requests.length === 0) return html``
  const field = fieldOf(view, 'requestId')
  const requests = choices.requests.map(({ id, number, merchant, left }) => ({
    id,
    name: `${number}, ${quote(merchant, 30)}: ${formatMoney(left, expense.company.locale)} left`,
  }))
  return fieldBlock(field, select(field, { choices: requests, value: values.requestId ?? '', blank: 'None' }))
}

/** Whether the rate fills in the category, where none is chosen, as soon as the amount is worked out. */
export function hasUsualCategory({
  expense,
  choices,
}: Pick<ExpenseFormView, 'expense' | 'choices'>): boolean {
  const { rates } = choices
  const isOpen = expense.calculation === null && expense.category === null
  return isOpen && rates.length > 0 && rates.every(({ hasCategory }) => hasCategory)
}

function categoryField(view: ExpenseFormView): Html {
  const isUsual = hasUsualCategory(view)
  const plain = fieldOf(view, 'category')
  const field = isUsual
    ? { ...plain, label: `${plain.label} (optional)`, help: 'Empty: the usual one for this rate.' }
    : plain
  const { categories } = view.choices
  const value = view.values.category ?? ''
  const isListed = categories.some(({ id }) => id === value)
  const blank = isUsual ? { blank: 'The usual one' } : isListed ? {} : { blank: 'Choose one' }
  return fieldBlock(field, select(field, { choices: categories, value, ...blank }))
}

function costCentreField(view: ExpenseFormView): Html {
  return optionalChoice(view, 'costCentre', view.choices.costCentres)
}

function reasonField(view: ExpenseFormView): Html {
  return optionalChoice(view, 'reason', view.choices.reasons)
}

function optionalChoice(view: ExpenseFormView, name: 'reason' | 'costCentre', choices: Choice[]): Html {
  if (choices.length === 0) return html``
  const field = fieldOf(view, name)
  return fieldBlock(field, select(field, { choices, value: view.values[name] ?? '', blank: 'None' }))
}

function noteField(view: ExpenseFormView): Html {
  const field = fieldOf(view, 'note')
  // A text area drops its first line break: the one before the value is not part of it.
  return fieldBlock(
    field,
    html`<textarea rows="3" maxlength="2000" ${attributes(field)}>
${view.values.note ?? ''}</textarea>`,
  )
}
