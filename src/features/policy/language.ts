import type { CalendarDate } from '../../kernel/calendar-date.ts'
import type { Money } from '../../kernel/money.ts'
import type { Fact } from './condition.ts'
import type { About, FindingFacts, FindingKind } from './finding-facts.ts'
import type { Limit, MileageRate, PerDiemRate, PolicyStep, Requirement, Rule } from './policy.ts'

/**
 * What it takes to say in a language what policies say. English is in `english/`, for mails, pages and files too; the
 * others are with the texts of Slack.
 */
export interface PolicyLanguage {
  /** By which money and dates are written where that of the reader is not known. */
  locale: string
  conditions: ConditionWords
  descriptions: DescriptionWords
  findings: FindingWords
}

/** In which language and by which locale something is said. */
export interface Speech {
  locale: string
  /** null: English. */
  language: PolicyLanguage | null
}

/** How bounds are put; what they bound stands in `phrases`. */
interface ComparisonWords {
  over: (value: string) => string
  from: (value: string) => string
  under: (value: string) => string
  upTo: (value: string) => string
  exactly: (value: string) => string
  between: (low: string, high: string) => string
}

/** For `meals or other over USD 500.00, on a Saturday`. */
export interface ConditionWords {
  everyExpense: string
  /** After a category of which nothing else is said. */
  ofAnyAmount: string
  category: (name: string) => string
  everythingBut: (names: string) => string
  or: string
  and: string
  others: (count: number) => string
  either: string
  anything: string
  not: (phrase: string) => string
  quoted: (text: string) => string
  /** What is said of an expense, around the values. */
  phrases: Record<Fact, (what: string) => string>
  values: {
    paid_by: Record<'person' | 'company', string>
    weekday: Record<
      'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday',
      string
    >
    role: Record<'employee' | 'manager' | 'finance' | 'admin', string>
    receipt: Record<'present' | 'missing' | 'not_needed', string>
    kind: Record<'receipt' | 'mileage' | 'per_diem' | 'request', string>
    receipt_amount: Record<'same' | 'differs' | 'unknown', string>
    duplicate: Record<'none' | 'same_file' | 'same_fields', string>
  }
  comparisons: Record<'money' | 'count' | 'date', ComparisonWords>
}

/** For what a policy, rule or limit says as a whole. */
export interface DescriptionWords {
  inactive: string
  /** Steps in their order. */
  inOrder: (steps: string[]) => string
  approvers: Record<'manager' | 'category' | 'finance' | 'admin', string>
  level: (rank: number) => string
  atLevel: (level: string, scope: PolicyStep['scope']) => string
  all: string
  some: (count: number) => string
  notRequired: string
  refused: string
  warned: string
  requires: (what: readonly Requirement[]) => string
  asksAsWell: (steps: string) => string
  automatic: string
  tells: (whom: NonNullable<Rule['do']['notify']>) => string
  /** What a rate is; amounts are decimals as they stand in the file, which may have more digits than the currency. */
  mileage: (
    rate: Pick<MileageRate, 'rate' | 'unit'> & { currency: string; suggests: string | null },
  ) => string
  perDiem: (rate: PerDiemRate & { currency: string; suggests: string | null }) => string
  limit: (
    limit: Pick<Limit, 'each' | 'team' | 'per' | 'beyond'> & { money: string; on: string | null },
  ) => string
}

/** Formats values by the locale in which a finding is said. */
export interface Say {
  money: (money: Money) => string
  date: (date: CalendarDate) => string
  /** The day, month or year of a date. */
  period: (per: Limit['per'], date: CalendarDate) => string
  category: (name: string) => string
  about: (about: About) => string
}

/** A sentence for each kind of finding. */
export type FindingWords = { [K in FindingKind]: (facts: FindingFacts[K], say: Say) => string }
