import { formatDate, formatDay } from '../../kernel/calendar-date.ts'
import { english } from './english-reasons.ts'
import type { Because, Language, Reason, ReasonKind, ReasonWords } from './reasons.ts'

/** A reason with its English words, by the company's locale. */
export function because(reason: Reason, locale: string): Because {
  return { because: inWords(reason, { locale, words: english }), reason }
}

/** Why somebody is asked, in a reader's language; as it was stored where this version does not know its kind. */
export function sayReason(
  { because, reason }: { because: string; reason?: Reason | null },
  { locale, language }: { locale: string; language: Language | null },
): string {
  const words = language?.reasons ?? english
  return reason && isKnown(reason) ? inWords(reason, { locale, words }) : because
}

function isKnown({ kind, facts }: Reason): boolean {
  if (!Object.hasOwn(english, kind)) return false
  return !('reason' in facts) || typeof facts.reason === 'string' || isKnown(facts.reason)
}

function inWords<Kind extends ReasonKind>(
  { kind, facts }: Reason<Kind>,
  { locale, words }: { locale: string; words: ReasonWords },
): string {
  return words[kind](facts, {
    date: (date) => formatDate(date, locale),
    day: (instant, timeZone) => formatDay(new Date(instant), timeZone, locale),
    reason: (inner) => (typeof inner === 'string' ? inner : inWords(inner, { locale, words })),
  })
}
