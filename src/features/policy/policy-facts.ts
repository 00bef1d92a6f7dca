import { type CalendarDate, daysBetween, weekdayOf } from '../../kernel/calendar-date.ts'
import type { Member } from '../people/index.ts'
import type { PolicyFacts } from './facts.ts'

/** What is known of an expense when policy looks at it: of a live one, or of one on record. */
export interface Known {
  kind: PolicyFacts['kind']
  submitter: Member
  teamNames: ReadonlyMap<string, string>
  merchant: string
  note: string
  /** How many others were there. */
  attendees: number
  paidBy: 'person' | 'company'
  /** Keys. */
  category: string
  reason: string | null
  date: CalendarDate
  /** The day on which it is judged, in the company's time zone. */
  judgedOn: CalendarDate
  currency: string
  /** In minor units of the company's currency. */
  companyMinor: number
  receipts: number
  receiptAmount: PolicyFacts['receipt_amount']
  duplicate: PolicyFacts['duplicate']
  /** What the submitter spent before in the day, month and year of the date; minor units. */
  spent: { day: number; month: number; year: number }
}

/** The facts that conditions can name. */
export function policyFacts(known: Known): PolicyFacts {
  const { submitter, companyMinor: amount, date, spent } = known
  return {
    amount,
    amount_per_person: Math.ceil(amount / (known.attendees + 1)),
    category: known.category,
    merchant: known.merchant,
    currency: known.currency,
    reason: known.reason,
    note: known.note,
    attendees: known.attendees,
    paid_by: known.paidBy,
    date,
    weekday: weekdayOf(date),
    age_days: Math.max(0, daysBetween(date, known.judgedOn)),
    submitter: submitter.email,
    team: submitter.teamIds.map((id) => known.teamNames.get(id) ?? ''),
    level: submitter.levelRank,
    role: ['employee', ...submitter.roles],
    receipt: receiptFact(known),
    kind: known.kind,
    receipt_amount: known.kind === 'receipt' ? known.receiptAmount : 'unknown',
    duplicate: known.duplicate,
    spent_in_day: spent.day + amount,
    spent_in_month: spent.month + amount,
    spent_in_year: spent.year + amount,
  }
}

/** Nothing but what was spent needs a receipt; one may be there all the same. */
function receiptFact({ kind, receipts }: Known): PolicyFacts['receipt'] {
  if (kind !== 'receipt') return 'not_needed'
  return receipts > 0 ? 'present' : 'missing'
}
