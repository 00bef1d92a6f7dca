import type { CalendarDate } from '../../kernel/calendar-date.ts'

/** Everything a policy may look at. The caller gathers it; evaluation is pure. Amounts are minor units of `company.currency`. */
export interface PolicyFacts {
  amount: number
  /** `amount` shared by the submitter and the attendees, rounded up. */
  amount_per_person: number
  /** Key of the category. */
  category: string
  merchant: string
  /** Currency of the receipt, ISO 4217. */
  currency: string
  /** Key of the reason; null when none is given. */
  reason: string | null
  note: string
  /** How many others were there. */
  attendees: number
  paid_by: 'person' | 'company'
  date: CalendarDate
  weekday: 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday'
  /** Days from the expense date to the day it is judged, in the company's time zone. */
  age_days: number
  /** E-mail address of the submitter. */
  submitter: string
  /** Names of the teams the submitter belongs to, the home team first. */
  team: string[]
  /** Rank of the submitter; null for somebody without a level. */
  level: number | null
  role: string[]
  /** `not_needed`: mileage, per diem, and requests to spend have none. */
  receipt: 'present' | 'missing' | 'not_needed'
  kind: 'receipt' | 'mileage' | 'per_diem' | 'request'
  /** What the receipt was read to say against what is claimed. */
  receipt_amount: 'same' | 'differs' | 'unknown'
  duplicate: 'none' | 'same_file' | 'same_fields'
  /** What the submitter spent in the day, month, year of the expense date, this expense included. */
  spent_in_day: number
  spent_in_month: number
  spent_in_year: number
}

/** The company as sentences and amounts need it. */
export interface PolicySetting {
  currency: string
  locale: string
  /** Names of categories by key, as people know them. */
  categoryNames: ReadonlyMap<string, string>
  /** Names of levels by rank; left out: they are told by their number. */
  levelNames?: ReadonlyMap<number, string>
}

/** What can be named in a policy: for checking a document before it is saved. */
export interface Vocabulary {
  currency: string
  locale: string
  categories: { key: string; name: string }[]
  reasons: { key: string; name: string }[]
  teams: string[]
  /** Ranks of the levels. */
  levels: number[]
  /** What they are called, where that is known. */
  levelNames?: ReadonlyMap<number, string>
  people: string[]
}
