import { type Words, wordsOf } from '../../../../templates/slack/words/index.ts'
import { type Actor, acrossCompanies, inCompany, narrowTo, type Tx } from '../../../database/index.ts'
import type { Person, Reader } from '../../../features/people/index.ts'
import type { SlackUser } from '../payloads.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { findLinked, identify } from './identify.ts'
import { meetReader } from './reader.ts'

/** Who does something, and in which company. */
export interface Submitter {
  companyId: string
  actor: Actor & { personId: string }
}

/** This person, as somebody who does something in Slack. */
export const acting = ({ id, companyId }: Person): Submitter => ({
  companyId,
  actor: { personId: id, channel: 'slack' },
})

/** Does something as this person. */
export const asPerson = <T>(slack: SlackChannel, person: Person, work: (tx: Tx) => Promise<T>): Promise<T> =>
  inCompany(slack.database, acting(person), work)

/**
 * Does something as the person who this user of Slack is: in one transaction if we have met before, as whoever types
 * into a menu waits for each answer; else `findOther` says who they are.
 * @throws as `identify`
 */
export async function asUser<T>(
  slack: SlackChannel,
  who: SlackUser,
  work: (tx: Tx, person: Person) => Promise<T>,
  findOther = identify,
): Promise<T> {
  const done = await acrossCompanies(slack.database, async (tx) => {
    const person = await findLinked(slack, tx, who)
    return person && { result: await work(await narrowTo(tx, acting(person)), person) }
  })
  if (done) return done.result
  const person = await findOther(slack, who)
  return asPerson(slack, person, (tx) => work(tx, person))
}

/** In which language and time zone a person reads, and the texts for them. */
export async function readerAndWords(
  slack: SlackChannel,
  person: Person,
  who: SlackUser,
): Promise<{ reader: Reader; words: Words }> {
  const reader = await asPerson(slack, person, (tx) => meetReader(tx, who))
  return { reader, words: wordsOf(reader.locale) }
}
