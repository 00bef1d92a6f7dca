import type { CalendarDate } from '../../kernel/calendar-date.ts'
import type { PolicyLanguage } from '../policy/index.ts'

/** Who decides where nobody else may. */
type Last = 'finance' | 'admin'

/** What each reason to ask somebody tells, as plain JSON, so that any language can say it. People are told by name. */
export interface ReasonFacts {
  manager: { submitter: string }
  manager_above: { submitter: string }
  finance: Record<never, never>
  admin: Record<never, never>
  level: { level: string }
  level_above: { wanted: string; found: string }
  category: Record<never, never>
  category_manager: { submitter: string }
  named: { name: string }
  named_manager: { name: string }
  too_few: { needed: number; decides: Last }
  nobody_at_level: { level: string; submitter: string; decides: Last }
  no_manager: { submitter: string; decides: Last }
  nobody_for_category: { submitter: string; decides: Last }
  nobody_in_finance: { decides: Last }
  no_admin: { decides: Last }
  nobody_named: { name: string; decides: Last }
  /** `since` is an instant (ISO 8601, UTC), told as a day of the company's time zone. */
  unanswered: { who: string; onBehalfOf: string | null; since: string; timeZone: string }
  /** With why the principal is asked; words where that was kept before its facts were. */
  delegate: { principal: string; until: CalendarDate; reason: Reason | string }
}
export type ReasonKind = keyof ReasonFacts
export type Reason<Kind extends ReasonKind = ReasonKind> = {
  [K in Kind]: { kind: K; facts: ReasonFacts[K] }
}[Kind]

/** Why somebody is asked, as it is kept. */
export interface Because {
  /** In English; reads after “You are asked because ”. */
  because: string
  /** For saying it in other languages (`sayReason`); null where it was kept before this was. */
  reason: Reason | null
}

/** Formats values by the locale in which a reason is said. */
interface SayReason {
  date: (date: CalendarDate) => string
  day: (instant: string, timeZone: string) => string
  reason: (reason: Reason | string) => string
}

/** A sentence, or the end of one, for each kind of reason. */
export type ReasonWords = { [K in ReasonKind]: (facts: ReasonFacts[K], say: SayReason) => string }

/** What it takes to say in a language what policies say, and why they ask somebody. */
export interface Language extends PolicyLanguage {
  reasons: ReasonWords
}
