import type {
  DrawnRequest,
  ExpenseKind,
  ExpenseView,
  RateChoices,
} from '../../src/features/expenses/index.ts'
import type { CalendarDate } from '../../src/kernel/calendar-date.ts'
import type { Choice } from './form-inputs.ts'
import { type Words, wordsOf } from './words/index.ts'

/** The blocks of the forms. Errors are shown at these. */
export const fieldBlocks = {
  receipts: 'receipts',
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
  /** What it looks like and is not. */
  differsFrom: 'differsFrom',
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
  /** The locale is that of the reader. */
  company: { currency: string; locale: string }
  today: CalendarDate
  /** The rate that is chosen in the form now. */
  rateKey?: string | undefined
}

/** The texts for whoever fills in the form. */
export const textsOf = ({ company }: Pick<FormSubject, 'company'>): Words => wordsOf(company.locale)
