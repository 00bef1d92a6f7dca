import { userError } from '../../kernel/errors.ts'
import type { ExpenseKind } from './expenses.entity.ts'

/** What the submitter typed, as text; what is undefined stays as it is. Which fields there are depends on the kind. */
export interface ExpenseChanges {
  merchant?: string
  /** A plain decimal, in `currency`. */
  amount?: string
  currency?: string
  date?: string
  categoryId?: string
  /** null or empty: none. */
  reasonId?: string | null
  /** Names, one a line or by comma. */
  attendees?: string
  note?: string | null
  /** A code; empty: none. */
  costCentre?: string
  /** The request to spend that it draws on; empty: none. */
  requestId?: string
  /** Ids of expenses that it looks like and is not: it is another one. */
  differsFrom?: string[]
  /** The parts of a split; empty: it is not split. */
  shares?: ShareChanges[]
  /** Mileage and per diem. May be left out where the company has one rate only. */
  rateKey?: string
  /** Mileage: with at most one digit after the point, in the unit of the rate. */
  distance?: string
  from?: string
  to?: string
  /** Per diem. */
  firstDay?: string
  lastDay?: string
  /** How many were provided by somebody else; empty: none. */
  breakfasts?: string
  lunches?: string
  dinners?: string
}

export interface ShareChanges {
  categoryId: string
  /** A code; empty: none. */
  costCentre: string
  /** In the currency of the expense. */
  amount: string
}

type Field = keyof ExpenseChanges

export const tripFields = ['rateKey', 'distance', 'from', 'to'] as const satisfies Field[]
export const stayFields = [
  'rateKey',
  'firstDay',
  'lastDay',
  'breakfasts',
  'lunches',
  'dinners',
] as const satisfies Field[]

const ofAll = [
  'categoryId',
  'reasonId',
  'attendees',
  'note',
  'costCentre',
  'shares',
] as const satisfies Field[]
const fieldsOf: Record<ExpenseKind, ReadonlySet<Field>> = {
  receipt: new Set([...ofAll, 'merchant', 'amount', 'currency', 'date', 'requestId', 'differsFrom']),
  request: new Set([...ofAll, 'merchant', 'amount', 'currency', 'date']),
  mileage: new Set([...ofAll, ...tripFields, 'date', 'requestId', 'differsFrom']),
  per_diem: new Set([...ofAll, ...stayFields, 'requestId', 'differsFrom']),
}

/** What else the amount, and with it these fields, comes from. */
const comesFrom: Partial<Record<ExpenseKind, string>> = {
  mileage: 'the drive',
  per_diem: 'the days away',
}

/**
 * A field that an expense of this kind does not have.
 * @throws userError `field_not_for_kind`
 */
export function requireFieldOf(kind: ExpenseKind, field: Field): void {
  if (fieldsOf[kind].has(field)) return
  const source = comesFrom[kind]
  const message =
    source && fieldsOf.receipt.has(field)
      ? `This cannot be typed: it comes from ${source}.`
      : 'There is no such field here.'
  throw userError('field_not_for_kind', message, { field })
}
