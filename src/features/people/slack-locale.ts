import type { Tx } from '../../database/index.ts'
import type { Person } from './people.entity.ts'

const dayMs = 86_400_000

/** Whether Slack was not asked for a day in which language it speaks to a person. */
export function isSlackLocaleOld(tx: Tx, { slackLocaleAt }: Person): boolean {
  return slackLocaleAt === null || tx.now.getTime() - slackLocaleAt.getTime() >= dayMs
}

/** Keeps in which language (BCP 47) Slack speaks to a person now; null: it does not say, and what it said stays. */
export function noteSlackLocale(tx: Tx, person: Person, locale: string | null): void {
  person.slackLocale = locale ?? person.slackLocale
  person.slackLocaleAt = tx.now
}
