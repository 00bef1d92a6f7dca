import { LockMode } from '@mikro-orm/postgresql'
import { addAllToOutbox, type Tx, takeOverWork } from '../../database/index.ts'
import { type HomeList, type ShownHome, SlackHome } from './homes.entity.ts'

/** Whoever opened their App Home so lately may be looking at it. */
const recentMs = 60 * 60_000
/** One is not shown anew more often than this, so that a busy hour costs Slack no flood. */
const pauseMs = 3000

const nothingShown = (): ShownHome => ({ pages: {}, note: null })

/** Somebody opens their App Home: what they left an hour ago or longer begins with its first pages again. */
export async function openHome(tx: Tx, personId: string): Promise<void> {
  await tx.em.execute(
    `insert into slack_home (person_id, company_id, opened_at, shown) values (?, ?, ?, ?)
     on conflict (person_id) do update set opened_at = excluded.opened_at,
       shown = case when slack_home.opened_at < ? then excluded.shown
         else jsonb_set(slack_home.shown, '{note}', 'null') end`,
    [personId, tx.companyId, tx.now, JSON.stringify(nothingShown()), recentSince(tx)],
  )
}

/** Something changed for these people: App Home is shown anew to each who opened it within the last hour. */
export async function refreshHomes(tx: Tx, personIds: string[]): Promise<void> {
  if (personIds.length > 0) await refresh(tx, 'h.person_id in (?)', [personIds])
}

/** Something about an expense changed: the same for its submitter and everybody who is or was asked about it. */
export async function refreshHomesAbout(tx: Tx, expenseId: string): Promise<void> {
  await refresh(
    tx,
    `(h.person_id = (select submitter_id from expense where id = ?)
      or h.person_id in (select k.person_id from approval_ask k
        join approval a on a.company_id = k.company_id and a.id = k.approval_id
        join approval_request r on r.company_id = a.company_id and r.id = a.request_id
        where r.company_id = ? and r.subject_kind = 'expense' and r.subject_id = ?))`,
    [expenseId, tx.companyId, expenseId],
  )
}

async function refresh(tx: Tx, whose: string, values: unknown[]): Promise<void> {
  // Who is asked from now on is asked in this very transaction.
  await tx.em.flush()
  const homes = await tx.em.execute<{ person_id: string; published_at: string | null }[]>(
    `select h.person_id, h.published_at from slack_home h
     where h.company_id = ? and h.opened_at > ? and ${whose} order by h.person_id`,
    [tx.companyId, recentSince(tx), ...values],
  )
  const once = askedIn.get(tx) ?? new Set<string>()
  askedIn.set(tx, once)
  const fresh = homes.filter(({ person_id }) => !once.has(person_id))
  for (const { person_id } of fresh) once.add(person_id)
  await addAllToOutbox(
    tx,
    'home.publish',
    fresh.map(({ person_id, published_at }) => {
      const next = published_at === null ? 0 : new Date(published_at).getTime() + pauseMs
      return {
        payload: { personId: person_id },
        notBefore: new Date(Math.max(tx.now.getTime(), next)),
      }
    }),
  )
}

/**
 * Whose Home each transaction has asked for. There is no merge key: everybody who submits to a busy approver would wait for
 * everybody else. Whoever shows the Home takes over all that was asked for by then.
 */
const askedIn = new WeakMap<Tx, Set<string>>()

const recentSince = (tx: Tx) => new Date(tx.now.getTime() - recentMs)

/** What somebody's App Home is to show, which is about to be published; null: they never opened it. */
export async function takeHome(
  tx: Tx,
  personId: string,
): Promise<Pick<SlackHome, 'shown' | 'viewHash'> | null> {
  const home = await tx.em.findOne(SlackHome, { personId })
  if (!home) return null
  home.publishedAt = tx.now
  await takeOverWork(tx, 'home.publish', { personId })
  return { shown: home.shown, viewHash: home.viewHash }
}

/** Slack's name for what it shows now; null: it is not known. */
export async function settleHome(tx: Tx, personId: string, viewHash: string | null): Promise<void> {
  await tx.em.nativeUpdate(SlackHome, { personId }, { viewHash })
}

/** Turns to the page after the line with this id, or back to the one before. */
export async function turnPage(
  tx: Tx,
  personId: string,
  { list, after }: { list: HomeList; after: string | null },
): Promise<void> {
  await changeShown(tx, personId, ({ pages }) => {
    const before = pages[list] ?? []
    // Pressed twice, it is one page further.
    const turned =
      after === null ? before.slice(0, -1) : before.at(-1) === after ? before : [...before, after]
    return { pages: { ...pages, [list]: turned }, note: null }
  })
}

/** The pages that there are: lines that were decided may have emptied the last ones. */
export async function keepPages(tx: Tx, personId: string, pages: ShownHome['pages']): Promise<void> {
  await changeShown(tx, personId, ({ note }) => ({ pages, note }))
}

/** Tells somebody, in their App Home, what came of a button that they pressed there. */
export async function noteInHome(tx: Tx, personId: string, note: string | null): Promise<void> {
  await changeShown(tx, personId, ({ pages }) => ({ pages, note }))
}

async function changeShown(tx: Tx, personId: string, change: (shown: ShownHome) => ShownHome): Promise<void> {
  const home = await tx.em.findOne(
    SlackHome,
    { personId },
    { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
  )
  if (home) home.shown = change(home.shown)
}
