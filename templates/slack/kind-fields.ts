import type { KnownBlock } from '@slack/types'
import type {
  DrawnRequest,
  ExpenseKind,
  ExpenseView,
  RateChoices,
} from '../../src/features/expenses/index.ts'
import type { CalendarDate } from '../../src/kernel/calendar-date.ts'
import { formatMoney, type Money, toDecimal } from '../../src/kernel/money.ts'
import {
  type Choice,
  choiceInput,
  dateInput,
  isTooMany,
  mostInOption,
  none,
  textInput,
} from './form-inputs.ts'
import { shorten } from './text.ts'

/** The blocks of the forms. Errors are shown at these. */
export const fieldBlocks = {
  merchant: 'merchant',
  amount: 'amount',
  currency: 'currency',
  date: 'date',
  from: 'from',
  to: 'to',
  distance: 'distance',
  rateKey: 'rateKey',
  firstDay: 'firstDay',
  lastDay: 'lastDay',
  breakfasts: 'breakfasts',
  lunches: 'lunches',
  dinners: 'dinners',
  category: 'category',
  costCentre: 'costCentre',
  requestId: 'requestId',
  reason: 'reason',
  attendees: 'attendees',
  note: 'note',
} as const

/** What a company lets people choose from. */
export interface FormChoices {
  categories: Choice[]
  /** Empty in a company that asks for no reasons: the form does not either. The same for cost centres. */
  reasons: Choice[]
  costCentres: { code: string; name: string }[]
  /** The person's approved requests with something left. */
  requests: DrawnRequest[]
  /** Those in force today. */
  rates: RateChoices
}

/** What a form is about. `expense` null: it is being made. */
export interface FormSubject {
  kind: ExpenseKind
  expense: ExpenseView | null
  company: { currency: string; locale: string }
  today: CalendarDate
}

/** What is asked for by kind, before category and cost centre. */
export function leadingFields(subject: FormSubject, { rates }: FormChoices): KnownBlock[] {
  switch (subject.kind) {
    case 'receipt':
      return [
        merchant(subject, 'Merchant', 'Where was it spent?'),
        ...money(subject),
        dateInput(fieldBlocks.date, 'Date on the receipt', {
          hint: unsure(subject.expense, 'date'),
          initial: subject.expense?.date,
        }),
      ]
    case 'request':
      return [
        merchant(subject, 'What for', 'New monitors from Example Shop'),
        ...money(subject),
        dateInput(fieldBlocks.date, 'When', {
          hint: 'The day on which it will be spent, roughly.',
          initial: subject.expense?.date ?? subject.today,
        }),
      ]
    case 'mileage':
      return mileage(subject, rates.mileage)
    case 'per_diem':
      return perDiem(subject, rates.perDiem)
  }
}

function merchant({ expense }: FormSubject, label: string, placeholder: string): KnownBlock {
  const hint = unsure(expense, 'merchant')
  return textInput(fieldBlocks.merchant, label, {
    hint,
    initial: expense?.merchant,
    placeholder,
    most: 200,
  })
}

function money({ expense, company }: FormSubject): KnownBlock[] {
  return [
    textInput(fieldBlocks.amount, 'Amount', {
      hint: unsure(expense, 'amount'),
      initial: expense?.amount && toDecimal(expense.amount),
      placeholder: '12.50',
      most: 40,
    }),
    textInput(fieldBlocks.currency, 'Currency', {
      hint: unsure(expense, 'currency'),
      initial: expense?.amount?.currency ?? company.currency,
      placeholder: 'USD',
      most: 3,
    }),
  ]
}

function mileage({ expense, company, today }: FormSubject, rates: RateChoices['mileage']): KnownBlock[] {
  const before = expense?.calculation?.kind === 'mileage' ? expense.calculation : null
  const options = rates.map(({ key, name, unit, rate }) => ({
    id: key,
    name: `${name}: ${company.currency} ${rate} a ${unit === 'km' ? 'kilometre' : 'mile'}`,
  }))
  const chosen = before?.rateKey ?? options[0]?.id
  const unit = rates.find(({ key }) => key === chosen)?.unit
  return [
    textInput(fieldBlocks.from, 'From', { initial: before?.from, placeholder: 'Office', most: 80 }),
    textInput(fieldBlocks.to, 'To', { initial: before?.to, placeholder: 'Airport', most: 80 }),
    textInput(fieldBlocks.distance, unit ? `Distance in ${unitWords[unit]}` : 'Distance', {
      initial: before?.distance,
      placeholder: '42.5',
      hint: 'With the way back, if you drove it.',
      most: 10,
    }),
    choiceInput(fieldBlocks.rateKey, 'Rate', { options: withChosen(options, before), chosen }),
    dateInput(fieldBlocks.date, 'Day of the drive', { initial: expense?.date ?? today }),
  ]
}

const unitWords = { km: 'kilometres', mi: 'miles' } as const

function perDiem({ expense, company }: FormSubject, rates: RateChoices['perDiem']): KnownBlock[] {
  const before = expense?.calculation?.kind === 'per_diem' ? expense.calculation : null
  const money = (amount: Money) => formatMoney(amount, company.locale)
  const options = rates.map(({ key, name, fullDay, travelDay }) => {
    const rate = `: ${money(fullDay)} a day, ${money(travelDay)} a travel day`
    // The menu cuts what is longer, and the amounts matter more.
    return { id: key, name: `${shorten(name, Math.max(20, mostInOption - rate.length))}${rate}` }
  })
  const chosen = before?.rateKey ?? options[0]?.id
  const meals = (blockId: string, label: string, count: number | undefined, hint?: string) =>
    textInput(blockId, label, { initial: String(count ?? 0), hint, optional: true, most: 3 })
  return [
    choiceInput(fieldBlocks.rateKey, 'Rate', { options: withChosen(options, before), chosen }),
    dateInput(fieldBlocks.firstDay, 'First day', {
      initial: before?.firstDay,
      hint: 'The day you left. The first and the last day are travel days.',
    }),
    dateInput(fieldBlocks.lastDay, 'Last day', { initial: before?.lastDay, hint: 'The day you came back.' }),
    meals(fieldBlocks.breakfasts, 'Breakfasts provided', before?.provided.breakfast, mealsHint),
    meals(fieldBlocks.lunches, 'Lunches provided', before?.provided.lunch),
    meals(fieldBlocks.dinners, 'Dinners provided', before?.provided.dinner),
  ]
}

const mealsHint = 'How many meals somebody else paid for, as in the price of the hotel. They are taken off.'

/** A rate that was used and is offered no more stays to be seen. */
function withChosen(options: Choice[], before: { rateKey: string; rateName: string } | null): Choice[] {
  if (!before || options.some(({ id }) => id === before.rateKey)) return options
  return [{ id: before.rateKey, name: before.rateName }, ...options]
}

/** Category and cost centre, where it is not split. A rate may have a category of its own. */
export function bookingFields({ expense, kind }: FormSubject, choices: FormChoices): KnownBlock[] {
  const hasOwn = expense === null && (kind === 'mileage' || kind === 'per_diem')
  return [
    choiceInput(fieldBlocks.category, 'Category', {
      hint: hasOwn ? 'Empty: the usual one for this rate.' : unsure(expense, 'category'),
      optional: hasOwn,
      options: choices.categories,
      chosen: expense?.category?.id,
      isLookedUp: isTooMany(choices.categories),
    }),
    ...(choices.costCentres.length > 0 || expense?.costCentre
      ? [costCentreInput(fieldBlocks.costCentre, 'Cost centre', { chosen: expense?.costCentre, ...choices })]
      : []),
  ]
}

export function costCentreInput(
  blockId: string,
  label: string,
  given: Pick<FormChoices, 'costCentres'> & {
    chosen: { code: string; name: string } | null | undefined
    /** How often the form asks for one. */
    times?: number
  },
): KnownBlock {
  const { chosen, costCentres, times } = given
  const isListed = !chosen || costCentres.some(({ code }) => code === chosen.code)
  const options = [none, ...(isListed ? [] : [chosen]), ...costCentres].map(costCentreChoice)
  return choiceInput(blockId, label, {
    options,
    chosen: chosen?.code ?? none.id,
    optional: true,
    isLookedUp: isTooMany(options, times),
  })
}

export function costCentreChoice(centre: { code: string; name: string } | Choice): Choice {
  return 'code' in centre ? { id: centre.code, name: `${centre.code} ${centre.name}` } : centre
}

/** What is asked for last: the request it draws on, reason, attendees and note. */
export function furtherFields(subject: FormSubject, choices: FormChoices): KnownBlock[] {
  const { expense, kind } = subject
  const reasons = choices.reasons
  return [
    ...requestSelect(subject, choices),
    ...(reasons.length > 0
      ? [
          choiceInput(fieldBlocks.reason, 'Reason', {
            options: [none, ...reasons],
            chosen: expense?.reason?.id ?? none.id,
            optional: true,
          }),
        ]
      : []),
    ...(kind === 'receipt' || kind === 'request'
      ? [
          textInput(fieldBlocks.attendees, 'Attendees', {
            optional: true,
            hint: kind === 'request' ? 'Who else? Names, separated by commas.' : attendeesHint,
            initial: expense?.attendees.join(', '),
            placeholder: 'Ann Lee, Bob Ray',
            most: 2000,
          }),
        ]
      : []),
    textInput(fieldBlocks.note, 'Note', {
      optional: true,
      initial: expense?.note,
      placeholder: kind === 'request' ? 'Why is it needed?' : 'What was it for?',
      multiline: true,
      most: 2000,
    }),
  ]
}

const attendeesHint = 'Who else was there? Names, separated by commas.'

function requestSelect({ expense, kind, company }: FormSubject, { requests }: FormChoices): KnownBlock[] {
  const own = expense?.request
  // What is left of its own request is told without what it takes itself.
  const offered = own ? [own, ...requests.filter(({ id }) => id !== own.id)] : requests
  if (kind === 'request' || offered.length === 0) return []
  const options = offered.map(({ id, number, merchant, left }) => ({
    id,
    name: `${number}  ·  ${formatMoney(left, company.locale)} left  ·  ${merchant}`,
  }))
  return [
    choiceInput(fieldBlocks.requestId, 'Request to spend', {
      options: [none, ...options],
      chosen: own?.id ?? none.id,
      optional: true,
      hint: 'What was approved before the money was spent. What it covers needs no approval again.',
    }),
  ]
}

function unsure(expense: ExpenseView | null, field: ExpenseView['uncertain'][number]): string | undefined {
  return expense?.uncertain.includes(field)
    ? 'I am not sure that I read this right. Please check it.'
    : undefined
}
