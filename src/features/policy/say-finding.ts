import { formatDate } from '../../kernel/calendar-date.ts'
import { formatMoney } from '../../kernel/money.ts'
import { cite } from './cite.ts'
import { describeCondition } from './describe-condition.ts'
import { english } from './english/index.ts'
import type { Finding, FindingKind, Said } from './finding-facts.ts'
import type { FindingWords, Say, Speech } from './language.ts'
import { periodName } from './limits.ts'

/** A finding with its English sentence, by the company's locale. */
export function newFinding(
  finding: Omit<Finding, 'message' | 'said'>,
  said: Said,
  { locale }: { locale: string },
): Finding {
  return { ...finding, said, message: sentence(said, { locale, language: null }) }
}

/**
 * What a finding says in a reader's language. As it was stored where a person wrote it, where it was found before its facts
 * were kept, and where this version does not know its kind.
 */
export function sayFinding({ said, message }: Pick<Finding, 'said' | 'message'>, speech: Speech): string {
  return said && Object.hasOwn(english.findings, said.kind) ? sentence(said, speech) : message
}

function sentence(said: Said, { locale, language }: Speech): string {
  const { conditions, findings } = language ?? english
  const say: Say = {
    money: (money) => formatMoney(money, locale),
    date: (date) => formatDate(date, locale),
    period: (per, date) => periodName(per, date, locale),
    category: conditions.category,
    about: ({ when, currency, categories }) =>
      describeCondition(
        when,
        { currency, locale, categoryNames: new Map(Object.entries(categories)) },
        conditions,
      ),
  }
  return cite(bare(findings, said, say), said.source)
}

const bare = <Kind extends FindingKind>(words: FindingWords, { kind, facts }: Said<Kind>, say: Say): string =>
  words[kind](facts, say)
