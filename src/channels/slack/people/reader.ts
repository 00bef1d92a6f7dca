import { type Words, wordsOf } from '../../../../templates/slack/words/index.ts'
import type { Tx } from '../../../database/index.ts'
import { type Reader, readerOf } from '../../../features/people/index.ts'
import type { SlackUser } from '../payloads.ts'

/** What a form says while it loads must not wait for the database: a trigger lives three seconds. */
const known = new Map<string, string>()
const mostKnown = 10_000

/** The texts for somebody, in the language that they were last met with; English for somebody new. */
export function wordsFor({ teamId, userId }: SlackUser): Words {
  return wordsOf(known.get(`${teamId} ${userId}`) ?? 'en')
}

/** In which language and time zone the actor reads; remembered for `wordsFor`. */
export async function meetReader(tx: Tx, who: SlackUser): Promise<Reader> {
  const reader = await readerOf(tx, tx.actor.personId)
  if (known.size >= mostKnown) known.clear()
  known.set(`${who.teamId} ${who.userId}`, reader.locale)
  return reader
}
