import { addAllToOutbox, type Tx } from '../../database/index.ts'
import { dateIn } from '../../kernel/calendar-date.ts'
import type { Person } from '../people/index.ts'
import { OutgoingMail, Surface } from './notifications.entity.ts'
import { queueMail } from './outgoing-mail.ts'
import { heldUntil, timeZoneOf } from './tell.ts'

/** What is asked within this time goes into one digest by mail. */
const gatherMs = 10 * 60_000

/**
 * Shows somebody all that waits for them in one message: a new one each day of theirs, which the rest of that day only
 * changes. `notBefore`: when the day begins for which it is, such as a morning to come; nothing more when that day has its
 * message.
 */
export async function showDigest(
  tx: Tx,
  personId: string,
  { notBefore }: { notBefore?: Date } = {},
): Promise<void> {
  const showFrom = await heldUntil(tx, { personId, kind: 'slack.digest', notBefore })
  const round = dayNumber(showFrom ?? tx.now, await timeZoneOf(tx, personId))
  if (notBefore === undefined) await forgetHeldBackCards(tx, personId)
  const before = await latestOf(tx, personId)
  // Two who ask at the same moment make one: the second waits for the first, and finds it.
  const [made] = await tx.em.execute<{ id: string }[]>(
    `insert into surface (id, company_id, kind, person_id, round, address, show_from, created_at)
     values (?, ?, 'slack.digest', ?, ?, '{}', ?, ?)
     on conflict on constraint surface_once do nothing returning id`,
    [tx.newId(), tx.companyId, personId, round, showFrom, tx.now],
  )
  if (made) return askToRender(tx, [...before, made.id], showFrom)
  if (notBefore === undefined) await askToRender(tx, await digestsOf(tx, personId, round))
}

/** What is still held back from somebody comes in the message with all of it, and not once more by itself. */
async function forgetHeldBackCards(tx: Tx, personId: string): Promise<void> {
  await tx.em.flush()
  await tx.em.execute(
    `delete from surface where company_id = ? and person_id = ? and kind = 'slack.approval'
       and posting_since is null and show_from > ?`,
    [tx.companyId, personId, tx.now],
  )
}

/** The same of mails. */
async function forgetHeldBackMails(tx: Tx, personId: string): Promise<void> {
  await tx.em.execute(
    `update outgoing_mail set status = 'not_needed' where company_id = ? and to_person_id = ?
       and kind = 'approval_request' and status = 'queued' and send_from > ?`,
    [tx.companyId, personId, tx.now],
  )
}

/**
 * There is no merge key, as with Homes: everybody who submits to a busy approver would wait for everybody else, and what
 * changes today for what is asked for tomorrow. Whoever renders it takes over all that is due by then (`leaseSurface`).
 */
async function askToRender(tx: Tx, ids: string[], from: Date | null = null): Promise<void> {
  const notBefore = from ?? tx.now
  const once = askedIn.get(tx) ?? new Set<string>()
  askedIn.set(tx, once)
  const fresh = ids.filter((id) => !once.has(`${id} ${notBefore.getTime()}`))
  for (const id of fresh) once.add(`${id} ${notBefore.getTime()}`)
  await addAllToOutbox(
    tx,
    'surface.render',
    fresh.map((id) => ({ payload: { surfaceId: id }, notBefore })),
  )
}

/** What each transaction has asked for. */
const askedIn = new WeakMap<Tx, Set<string>>()

async function digestsOf(tx: Tx, personId: string, round: number): Promise<string[]> {
  const where = { companyId: tx.companyId, kind: 'slack.digest' as const, personId, round }
  return (await tx.em.find(Surface, where)).map(({ id }) => id)
}

/**
 * Something about an expense changed: whoever is or was asked about it and has a message with all that waits for them sees
 * it brought up to date.
 */
export async function refreshDigestsAbout(tx: Tx, expenseId: string): Promise<void> {
  const whoWasAsked = `select k.person_id from approval_request r
    join approval a on a.company_id = r.company_id and a.request_id = r.id
    join approval_ask k on k.company_id = a.company_id and k.approval_id = a.id
    where r.company_id = ? and r.subject_kind = 'expense' and r.subject_id = ?`
  await askToRender(tx, await latestDigests(tx, whoWasAsked, [tx.companyId, expenseId]))
}

/** Whether a message with all that waits for somebody is the newest of them. Older ones need not say it again. */
export async function isLatestDigest(
  tx: Tx,
  { id, personId }: { id: string; personId: string },
): Promise<boolean> {
  return (await latestOf(tx, personId)).includes(id)
}

/** Of each of these people, the ids that some SQL finds, the newest that is shown by now. */
async function latestDigests(tx: Tx, whose: string, parameters: string[]): Promise<string[]> {
  const rows = await tx.em.execute<{ id: string }[]>(
    `select distinct on (person_id) id from surface
     where company_id = ? and kind = 'slack.digest' and (show_from is null or show_from <= ?) and person_id in (${whose})
     order by person_id, round desc`,
    [tx.companyId, tx.now, ...parameters],
  )
  return rows.map(({ id }) => id)
}

const latestOf = (tx: Tx, personId: string) => latestDigests(tx, '?::uuid', [personId])

/**
 * Mails somebody all that waits for them. What comes before the mail leaves is in it, as it is written when it is sent; of
 * what comes later they are told the next morning.
 * @param morning the beginning (UTC) of the next day on which they work
 * @param isReminder it is told in the morning at the earliest
 */
export async function queueDigest(
  tx: Tx,
  { id: personId, email: address }: Pick<Person, 'id' | 'email'>,
  { morning, isReminder = false }: { morning: Date; isReminder?: boolean },
): Promise<void> {
  await tx.em.flush()
  if (!isReminder) await forgetHeldBackMails(tx, personId)
  const where = { companyId: tx.companyId, kind: 'digest' as const, toPersonId: personId }
  const gathering = { ...where, status: 'queued' as const, sendFrom: { $gt: tx.now } }
  if ((await tx.em.count(OutgoingMail, gathering)) > 0) return
  // A new one is made one at a time for a person: of two at the same moment both would find none, and mail twice.
  await tx.em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`digests of ${personId}`])
  if ((await tx.em.count(OutgoingMail, gathering)) > 0) return
  const timeZone = await timeZoneOf(tx, personId)
  const last = await tx.em.findOne(OutgoingMail, where, { orderBy: { createdAt: 'desc', id: 'desc' } })
  const hadToday =
    last !== null && dateIn(last.sendFrom ?? last.createdAt, timeZone) === dateIn(tx.now, timeZone)
  const notBefore = isReminder || hadToday ? morning : new Date(tx.now.getTime() + gatherMs)
  await queueMail(tx, { kind: 'digest', to: { address, personId }, notBefore })
}

/** A day as a number that grows with it: 20261231. */
const dayNumber = (instant: Date, timeZone: string) => Number(dateIn(instant, timeZone).replaceAll('-', ''))
