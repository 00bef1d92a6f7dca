import type { CalendarDate } from '../../kernel/calendar-date.ts'
import type { Money } from '../../kernel/money.ts'
import type { Condition } from './condition.ts'
import type { Limit, Requirement, Rule } from './policy.ts'

/** A condition with what it takes to say it: the names of categories, as they were then, by key. */
export interface About {
  when: Condition
  currency: string
  categories: Record<string, string>
}

type Nothing = Record<never, never>

/** What each sentence of a finding tells, as plain JSON, so that any language can say it. What a person wrote is no sentence of these. */
export interface FindingFacts {
  policy_applies: { name: string; about: About }
  no_policy: { category: string; amount: Money }
  no_receipt: Nothing
  amount_unread: Nothing
  rule_requires: { missing: Requirement[]; about: About }
  rule_asks: { about: About; steps: string[] }
  rule_tells: { about: About; to: NonNullable<Rule['do']['notify']> }
  limit: { name: string; before: Money; allowed: Money; with: Money; per: Limit['per']; date: CalendarDate }
  /** It looks like another one, by the same file or by its fields. */
  duplicate: {
    same: 'file' | 'fields'
    isDrive: boolean
    number: string
    submitter: string
    amount: Money | null
  }
  /** What the receipts say: their sum, or each; a text where the currency has no such amount. */
  amount_differs: { receipts: number; read: (Money | string)[]; claimed: Money }
  receipt_waiting: { fileName: string }
  /** `problem` is as the reader of receipts said it. */
  receipt_unreadable: { fileName: string; problem: string }
  request_not_open: { number: string; status: string }
  request_automatic: { number: string }
  request_too_late: { number: string; approvedOn: CalendarDate }
  request_other_category: { number: string }
  request_other_cost_centre: { number: string; centres: string[] }
  request_other_rule: { number: string }
  request_exceeded: { number: string; would: Money; beyond: Money; approved: Money }
  /** What is left of it after this, and how much more than approved it is, within the tolerance; null: nothing. */
  request_covers: { number: string; left: Money | null; beyond: Money | null }
  per_diem_overlap: { number: string; from: CalendarDate; to: CalendarDate }
  no_rate: { from: string; to: string; date: CalendarDate }
  no_approver: Nothing
  approved_automatically: { clause: string }
}
export type FindingKind = keyof FindingFacts

/** One sentence: its kind, what it tells, and where that stands in the company's rules, which is put in brackets. */
export type Said<Kind extends FindingKind = FindingKind> = {
  [K in Kind]: { kind: K; facts: FindingFacts[K]; source?: string }
}[Kind]

/** What a policy says about one expense, in a sentence for people that names its clause. */
export interface Finding {
  /** Stable: `policy_applies`, `rule:<key>`, `limit:<key>`, `duplicate_file`, … */
  code: string
  severity: 'info' | 'warning' | 'blocking'
  /** In English. Where a person wrote it, in their words. */
  message: string
  /** What it tells, for saying it in other languages (`sayFinding`); left out where a person wrote it. */
  said?: Said | undefined
  /** Where it stands in the company's rules: the clause, else the name, of policy, rule or limit. */
  clause: string | null
  relatedExpenseId?: string
}
