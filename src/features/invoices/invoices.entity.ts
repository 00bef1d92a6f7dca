import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql'
import type { CalendarDate } from '../../kernel/calendar-date.ts'

/** A month that finance has closed: what belongs to it stands in `month_entry` and never changes. */
export const MonthClose = defineEntity({
  name: 'MonthClose',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    month: p.string(),
    closedBy: p.uuid(),
    closedAt: p.datetime(),
  },
})
export type MonthClose = InferEntity<typeof MonthClose>

/** An expense, or one part of a split one, in a month; written and read in sets, so there is no entity. */
export interface MonthEntry {
  expenseId: string
  /** Which approval of the expense it is about. */
  round: number
  /** Which part of a split expense; of others 0. */
  position: number
  /** `undone`: that approval was taken back, so the amounts are those of its entry, negative. */
  kind: 'approved' | 'undone'
  /** Minor units of the company's currency. */
  amountMinor: number
  category: string
  team: string | null
  facts: EntryFacts
}

/** What is told of an entry beside its amount, as it was when the month closed. */
export interface EntryFacts {
  number: string
  date: CalendarDate
  submitter: string
  email: string
  costCentre: string | null
  merchant: string
  /** In the currency of the expense. */
  amountMinor: number
  currency: string
  /** Units of the company's currency for one of that; null: it is the same. */
  rate: string | null
  /** Of a split expense in proportion to the amounts of its parts. */
  taxMinor: number | null
  paidBy: 'person' | 'company'
  /** UTC, as ISO 8601 writes it. */
  approvedAt: string
  /** By name, in the order in which they approved; empty: nobody had to be asked. */
  approvers: string[]
}
