import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql'
import { type Channel, TextArray } from '../../database/index.ts'
import type { CalendarDate } from '../../kernel/calendar-date.ts'
import type { Money } from '../../kernel/money.ts'
import type { Finding, Said } from '../policy/index.ts'
import type { ExpenseStatus } from './status.ts'

/** Fields a person can set, or confirm when they were read. */
export type ExpenseField = 'merchant' | 'date' | 'amount' | 'currency' | 'category' | 'trip' | 'stay'

/**
 * What it is: `receipt`: money that was spent; `mileage`: a drive in one's own car; `per_diem`: days away, at a flat
 * rate; `request`: money that somebody wants to spend, which has nothing to reimburse and no document.
 */
export type ExpenseKind = 'receipt' | 'mileage' | 'per_diem' | 'request'

/** How an amount was worked out, with the rates of that time. */
export type Calculation = Mileage | PerDiem

export interface Mileage {
  kind: 'mileage'
  rateKey: string
  rateName: string
  from: string
  to: string
  /** A plain decimal of at most one digit after the point. */
  distance: string
  unit: 'km' | 'mi'
  /** For one unit, in the company's currency: a plain decimal. */
  rate: string
}

export type Meal = 'breakfast' | 'lunch' | 'dinner'

export interface PerDiem {
  kind: 'per_diem'
  rateKey: string
  rateName: string
  firstDay: CalendarDate
  lastDay: CalendarDate
  /** How many meals were provided, for which the rate is reduced. */
  provided: { breakfast: number; lunch: number; dinner: number }
  /** What each day gives, and what its provided meals take off it; minor units of the company's currency. */
  days: { date: CalendarDate; kind: 'full' | 'travel'; minor: number; meals: Meal[]; mealsMinor: number }[]
  /** What the provided meals take off; minor units. */
  mealsMinor: number
}

export const Expense = defineEntity({
  name: 'Expense',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    number: p.string(),
    kind: p.string().$type<ExpenseKind>(),
    status: p.string().$type<ExpenseStatus>(),
    /** Goes up with each submission: cards and links are bound to what was submitted. */
    revision: p.integer(),
    submitterId: p.uuid(),
    /** The submitter's home team when it was submitted: whose spending it is. */
    teamId: p.uuid().strictNullable(),
    merchantId: p.uuid().strictNullable(),
    merchantName: p.string().strictNullable(),
    categoryId: p.uuid().strictNullable(),
    reasonId: p.uuid().strictNullable(),
    costCentre: p.string().strictNullable(),
    paidBy: p.string().$type<'person' | 'company'>(),
    date: p.date().$type<CalendarDate>().strictNullable(),
    amountMinor: p.bigint('number').strictNullable(),
    currency: p.string().strictNullable(),
    /** The amount in the company's currency, in minor units, at `rate` of `rateDate`. Fixed by each submission. */
    companyAmountMinor: p.bigint('number').strictNullable(),
    rate: p.decimal('string').strictNullable(),
    rateDate: p.date().$type<CalendarDate>().strictNullable(),
    taxMinor: p.bigint('number').strictNullable(),
    /** Mileage and per diem: what was typed and what it gives. */
    calculation: p.json<Calculation>().strictNullable(),
    /** The request to spend that it draws on. */
    requestId: p.uuid().strictNullable(),
    note: p.string().strictNullable(),
    attendees: p.type(TextArray),
    source: p.string().$type<ExpenseSource>(),
    confirmed: p.array().$type<ExpenseField[]>(),
    uncertain: p.array().$type<ExpenseField[]>(),
    /** Ids of expenses that it looks like and, as the submitter said, is not. */
    differsFrom: p.type(TextArray),
    policyVersionId: p.uuid().strictNullable(),
    policyKey: p.string().strictNullable(),
    correlationId: p.string(),
    mailId: p.uuid().strictNullable(),
    /** How often it was approved: each time has a statement of its own. */
    round: p.integer(),
    submittedAt: p.datetime().strictNullable(),
    completedAt: p.datetime().strictNullable(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
})
export type Expense = InferEntity<typeof Expense>
export type ExpenseSource = 'slack' | 'email' | 'api' | 'web'

export const ExpenseStatusChange = defineEntity({
  name: 'ExpenseStatusChange',
  tableName: 'expense_status',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    expenseId: p.uuid(),
    fromStatus: p.string().$type<ExpenseStatus>().strictNullable(),
    status: p.string().$type<ExpenseStatus>(),
    personId: p.uuid().strictNullable(),
    comment: p.string().strictNullable(),
    channel: p.string().$type<Channel>(),
    at: p.datetime(),
  },
})
export type ExpenseStatusChange = InferEntity<typeof ExpenseStatusChange>

/** A delivery that made an expense: the same delivery again gives the same expense. */
export const ExpenseDelivery = defineEntity({
  name: 'ExpenseDelivery',
  properties: {
    companyId: p.uuid().primary(),
    key: p.string().primary(),
    expenseId: p.uuid(),
    createdAt: p.datetime(),
  },
})

export const ExpenseFinding = defineEntity({
  name: 'ExpenseFinding',
  tableName: 'finding',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    expenseId: p.uuid(),
    code: p.string(),
    severity: p.string().$type<Finding['severity']>(),
    message: p.string(),
    said: p.json<Said>().strictNullable(),
    clause: p.string().strictNullable(),
    relatedExpenseId: p.uuid().strictNullable(),
    position: p.integer(),
  },
})

/** A part of a split expense. The amounts of all parts add up to the expense's own. */
export const ExpenseShare = defineEntity({
  name: 'ExpenseShare',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    expenseId: p.uuid(),
    position: p.integer(),
    categoryId: p.uuid(),
    /** A code. */
    costCentre: p.string().strictNullable(),
    /** In the currency of the expense. */
    amountMinor: p.bigint('number'),
    /** In the company's currency. Fixed by each submission. */
    companyAmountMinor: p.bigint('number').strictNullable(),
  },
})
export type ExpenseShare = InferEntity<typeof ExpenseShare>

export const Merchant = defineEntity({
  name: 'Merchant',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    name: p.string(),
    lastCategoryId: p.uuid().strictNullable(),
    createdAt: p.datetime(),
  },
})
export type Merchant = InferEntity<typeof Merchant>

/** A document that was issued about an expense. */
export const ExpenseDocument = defineEntity({
  name: 'ExpenseDocument',
  tableName: 'document',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    kind: p.string().$type<'expense_statement' | 'cancellation'>(),
    expenseId: p.uuid(),
    revision: p.integer(),
    /** Which approval of the expense it documents, or which one's statement it cancels. */
    round: p.integer(),
    number: p.string(),
    facts: p.json<DocumentFacts>(),
    sha256: p.string(),
    createdAt: p.datetime(),
  },
})
export type ExpenseDocument = InferEntity<typeof ExpenseDocument>

/** What a document says of its expense, which may change after the document was cancelled. */
export interface DocumentFacts {
  merchant: string
  category: string
  date: CalendarDate
  paidBy: 'person' | 'company'
  amount: Money
  /** In the company's currency, where that is another one. */
  companyAmount: Money | null
}
