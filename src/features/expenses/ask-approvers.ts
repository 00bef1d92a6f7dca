import type { Tx } from '../../database/index.ts'
import { nextMorning } from '../../kernel/working-time.ts'
import { type ApprovalProgress, type NewAsk, wantsDigest } from '../approvals/index.ts'
import {
  queueDigest,
  queueMail,
  showDigest,
  showReminder,
  showSurface,
  waysTo,
} from '../notifications/index.ts'
import { getPeople, getPerson, type Person, workingCalendarOf } from '../people/index.ts'
import type { Expense } from './expenses.entity.ts'

/**
 * Asks by a card in Slack and by mail, as each of those who are asked wants to hear of it; whoever has too many for that by
 * one message with all of them. Who is asked again has their card already, which is refreshed with all others.
 * @param byMail false where they hear of it otherwise
 */
export async function askNew(tx: Tx, expense: Expense, newAsks: NewAsk[], byMail = true): Promise<void> {
  await tx.em.flush()
  const { id: expenseId } = expense
  const people = await getPeople(
    tx,
    newAsks.map(({ personId }) => personId),
  )
  for (const { approvalId, personId } of inOneOrder(newAsks)) {
    const person = people.get(personId)
    if (!person) continue
    const { slack, mail } = await waysTo(tx, person)
    if (await wantsDigest(tx, personId)) {
      if (slack) await showDigest(tx, personId)
      if (mail && byMail) await mailDigest(tx, person)
      continue
    }
    if (slack) await showSurface(tx, { kind: 'slack.approval', expenseId, approvalId, personId })
    const to = { address: person.email, personId }
    if (mail && byMail) await queueMail(tx, { kind: 'approval_request', to, expenseId, approvalId })
  }
}

/** Two that ask the same people at the same moment wait for each other at most once. */
const inOneOrder = (asks: NewAsk[]) =>
  asks.toSorted((one, other) => (one.personId < other.personId ? -1 : one.personId > other.personId ? 1 : 0))

/**
 * Somebody who is asked has not answered: their card once more, and a mail. Whoever has too many for that has them all in
 * one message in the morning.
 */
export async function remindApprover(
  tx: Tx,
  { id: expenseId }: Expense,
  { approvalId, personId }: Pick<ApprovalProgress, 'approvalId' | 'personId'>,
): Promise<void> {
  if (!approvalId || !personId) return
  const person = await getPerson(tx, personId)
  const { slack, mail } = await waysTo(tx, person)
  if (await wantsDigest(tx, personId)) {
    if (slack) await showDigest(tx, personId, { notBefore: await morningOf(tx, personId) })
    if (mail) await mailDigest(tx, person, { isReminder: true })
    return
  }
  if (slack) await showReminder(tx, { expenseId, approvalId, personId })
  const to = { address: person.email, personId }
  if (mail) await queueMail(tx, { kind: 'reminder', to, expenseId, approvalId })
}

/** Mails somebody all that waits for them: soon, or as a reminder on the next morning on which they work. */
export async function mailDigest(
  tx: Tx,
  person: Person,
  { isReminder = false }: { isReminder?: boolean } = {},
): Promise<void> {
  await queueDigest(tx, person, { morning: await morningOf(tx, person.id), isReminder })
}

/** The next time that somebody begins to work; for whoever never does, now is as good. */
async function morningOf(tx: Tx, personId: string): Promise<Date> {
  return nextMorning(tx.now, await workingCalendarOf(tx, personId)) ?? tx.now
}
