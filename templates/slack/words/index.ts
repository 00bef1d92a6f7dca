import { de } from './de/index.ts'
import { en } from './en/index.ts'

/** Every text of Outlay in Slack: a sentence, or a function that makes one. English says what there is. */
export type Words = typeof en

const languages: Record<string, Words> = { en, de }

/** The languages that a person can choose, each in its own name, by locale. */
export const offeredLocales = {
  'en-US': 'English (US)',
  'en-GB': 'English (UK)',
  'de-DE': 'Deutsch',
} as const

/** The texts for a locale such as `de-AT`; English where there are none in its language. */
export function wordsOf(locale: string): Words {
  return languages[locale.split(/[-_]/)[0]?.toLowerCase() ?? ''] ?? en
}
