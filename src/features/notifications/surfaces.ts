import { LockMode } from '@mikro-orm/postgresql'
import { addAllToOutbox, addToOutbox, type SystemTx, type Tx, takeOverWork } from '../../database/index.ts'
import { transientError } from '../../kernel/errors.ts'
import { refreshDigestsAbout } from './digests.ts'
import { refreshHomes, refreshHomesAbout } from './homes.ts'
import { Surface, type SurfaceAddress, type SurfaceKind } from './notifications.entity.ts'
import { heldUntil } from './tell.ts'

export interface SurfaceToShow {
  kind: SurfaceKind
  expenseId?: string
  approvalId?: string
  commentId?: string
  stepUpId?: string
  questionId?: string
  personId: string
  /** Another one of the same, counted from 1. */
  round?: number
  address?: SurfaceAddress
  /** Not before this instant (UTC). */
  notBefore?: Date
}

/**
 * Asks for a message to be shown, after the quiet hours of its person where it is one that waits for their end; asking
 * again for the same one changes nothing.
 * @returns whether it is new
 */
export async function showSurface(tx: Tx, input: SurfaceToShow): Promise<boolean> {
  const where = {
    companyId: tx.companyId,
    kind: input.kind,
    expenseId: input.expenseId ?? null,
    approvalId: input.approvalId ?? null,
    commentId: input.commentId ?? null,
    stepUpId: input.stepUpId ?? null,
    questionId: input.questionId ?? null,
    personId: input.personId,
    round: input.round ?? 1,
  }
  await refreshHomes(tx, [input.personId])
  if (await tx.em.findOne(Surface, where)) return false
  const id = tx.newId()
  const showFrom = await heldUntil(tx, input)
  tx.em.create(Surface, {
    ...where,
    id,
    address: input.address ?? {},
    messageTs: null,
    renderedHash: null,
    postingSince: null,
    leaseUntil: null,
    showFrom,
    createdAt: tx.now,
  })
  await askToRender(tx, { id, showFrom })
  return true
}

async function askToRender(tx: Tx, { id, showFrom }: Pick<Surface, 'id' | 'showFrom'>): Promise<void> {
  await addToOutbox(tx, 'surface.render', { surfaceId: id }, { mergeKey: id, notBefore: showFrom ?? tx.now })
}

/** Shows somebody their card of an approval once more, below whatever came since: each time as another message. */
export async function showReminder(
  tx: Tx,
  card: { expenseId: string; approvalId: string; personId: string },
): Promise<void> {
  const kind = 'slack.reminder'
  const earlier = await tx.em.count(Surface, { companyId: tx.companyId, kind, ...card })
  await showSurface(tx, { kind, ...card, round: earlier + 1 })
}

/**
 * Says in the thread of an expense, in a new message, what was decided by an approval; null: that it is blocked. Nothing
 * without a thread.
 */
export async function showOutcome(tx: Tx, expenseId: string, approvalId: string | null): Promise<void> {
  await showInThread(tx, { kind: 'slack.outcome', expenseId, approvalId })
}

/** The same about a decision that was taken back. */
export async function showUndone(tx: Tx, expenseId: string, approvalId: string): Promise<void> {
  await showInThread(tx, { kind: 'slack.undone', expenseId, approvalId })
}

/** Says in the thread of an expense, in a new message, that it was reimbursed. */
export async function showPaid(tx: Tx, expenseId: string): Promise<void> {
  await showInThread(tx, { kind: 'slack.paid', expenseId, approvalId: null })
}

/** Shows a submitter, in a message of ours, an expense that came by another way; it tells them how things are now. */
export async function showMyExpense(
  tx: Tx,
  { id: expenseId, submitterId: personId }: { id: string; submitterId: string },
): Promise<void> {
  // Unlike the answer to what they posted, it can come in the night.
  const notBefore = (await heldUntil(tx, { personId, kind: 'slack.outcome' })) ?? tx.now
  await showSurface(tx, { kind: 'slack.expense', expenseId, personId, notBefore })
}

async function showInThread(
  tx: Tx,
  { kind, expenseId, approvalId }: { kind: SurfaceKind; expenseId: string; approvalId: string | null },
): Promise<void> {
  const thread = await tx.em.findOne(Surface, { companyId: tx.companyId, kind: 'slack.expense', expenseId })
  if (!thread) return
  const { personId, address } = thread
  await showSurface(tx, { kind, expenseId, personId, address, ...(approvalId ? { approvalId } : {}) })
}

/** Whether the submitter follows this expense in a thread. */
export async function hasThread(tx: Tx, expenseId: string): Promise<boolean> {
  return (await tx.em.count(Surface, { companyId: tx.companyId, kind: 'slack.expense', expenseId })) > 0
}

/**
 * Shows a question or an answer to one person in a new message: to the submitter in their thread, to an approver
 * (`approvalId`) under their card.
 */
export async function showComment(
  tx: Tx,
  comment: { expenseId: string; commentId: string; personId: string; approvalId: string | null },
): Promise<void> {
  const { expenseId, commentId, personId, approvalId } = comment
  const beside = await messageOf(tx, comment)
  // One that is still held back will show it.
  if (beside && isHeldBack(tx, beside)) return
  await showSurface(tx, {
    kind: 'slack.comment',
    expenseId,
    commentId,
    personId,
    address: addressBelow(beside),
    ...(approvalId ? { approvalId } : {}),
  })
}

/** Says under the card of somebody whose decision fell with one that was taken back that it counts no more. */
export async function showUndoneToApprover(
  tx: Tx,
  about: { expenseId: string; approvalId: string; personId: string },
): Promise<void> {
  const address = addressBelow(await messageOf(tx, about))
  await showSurface(tx, { kind: 'slack.undone', ...about, address })
}

/** The message in which the submitter follows an expense, or (`approvalId`) the card of an approver. */
async function messageOf(
  tx: Tx,
  { expenseId, approvalId, personId }: { expenseId: string; approvalId: string | null; personId: string },
): Promise<Surface | null> {
  const kind = approvalId === null ? 'slack.expense' : 'slack.approval'
  return tx.em.findOne(Surface, { companyId: tx.companyId, kind, expenseId, approvalId, personId })
}

function addressBelow(beside: Surface | null): SurfaceAddress {
  const threadTs = beside?.kind === 'slack.approval' ? beside.messageTs : beside?.address.threadTs
  return { ...beside?.address, ...(threadTs ? { threadTs } : {}) }
}

/** Never posted, and not to be posted yet. */
const isHeldBack = (tx: Tx, { showFrom, postingSince }: Surface) =>
  postingSince === null && showFrom !== null && showFrom > tx.now

/**
 * Forgets what is still held back from people about an approval that they are not asked about any more: nobody wakes up to
 * a card on which there is nothing to do. What was posted stays, and shows what became of it.
 */
async function forgetHeldBack(tx: Tx, expenseId: string): Promise<void> {
  await tx.em.execute(
    `delete from surface s
     where s.company_id = ? and s.expense_id = ? and s.kind in ('slack.approval', 'slack.reminder')
       and s.posting_since is null and s.show_from > ? and not exists (select from approval_ask k
         where k.company_id = s.company_id and k.approval_id = s.approval_id and k.person_id = s.person_id
           and k.ended_at is null)`,
    [tx.companyId, expenseId, tx.now],
  )
}

/** Something about this expense changed: every message that shows it will be brought up to date. */
export async function refreshSurfaces(tx: Tx, expenseId: string): Promise<void> {
  await tx.em.flush()
  await forgetHeldBack(tx, expenseId)
  for (const { id } of await tx.em.find(
    Surface,
    { companyId: tx.companyId, expenseId },
    { orderBy: { id: 'asc' } }, // always in the same order, or two of these wait for each other
  )) {
    await addToOutbox(tx, 'surface.render', { surfaceId: id }, { mergeKey: id })
  }
  await refreshDigestsAbout(tx, expenseId)
  await refreshHomesAbout(tx, expenseId)
}

/** More would keep Slack busy for minutes. What is older follows when something about it changes. */
const mostOfOnePerson = 100

/** Somebody reads another language from now on: their newest messages will be shown in it. */
export async function refreshSurfacesOf(tx: Tx, personId: string): Promise<void> {
  await tx.em.flush()
  // What nobody has begun to post is written in that language anyway.
  const rows = await tx.em.execute<{ id: string }[]>(
    `select id from (select id from surface
       where company_id = ? and person_id = ? and (posting_since is not null or lease_until > ?)
       order by created_at desc, id desc limit ?) newest
     order by id`, // in the same order as for an expense
    [tx.companyId, personId, tx.now, mostOfOnePerson],
  )
  await addAllToOutbox(
    tx,
    'surface.render',
    rows.map(({ id }) => ({ payload: { surfaceId: id }, mergeKey: id })),
  )
}

/** Something about a question what to make of files changed: its message will be brought up to date. */
export async function refreshQuestion(tx: Tx, questionId: string): Promise<void> {
  for (const surface of await tx.em.find(Surface, { companyId: tx.companyId, questionId })) {
    await addToOutbox(tx, 'surface.render', { surfaceId: surface.id }, { mergeKey: surface.id })
  }
}

/** Where a question was posted; null: it was not yet. */
export async function messageOfQuestion(
  tx: Tx,
  questionId: string,
): Promise<{ teamId: string; channel: string; ts: string; threadTs: string | null } | null> {
  const surface = await tx.em.findOne(Surface, { companyId: tx.companyId, questionId })
  const { teamId, channel, threadTs = null } = surface?.address ?? {}
  const ts = surface?.messageTs
  return teamId && channel && ts ? { teamId, channel, ts, threadTs } : null
}

/** From an instant (UTC) on the cards of an approval will show something else, though nothing happens then. */
export async function refreshCardsAt(tx: Tx, approvalId: string, notBefore: Date): Promise<void> {
  const kind = { $in: ['slack.approval' as const, 'slack.reminder' as const] }
  const where = { companyId: tx.companyId, kind, approvalId }
  for (const { id } of await tx.em.find(Surface, where, { orderBy: { id: 'asc' } })) {
    // Without a merge key: what changes until then must not wait for it.
    await addToOutbox(tx, 'surface.render', { surfaceId: id }, { notBefore })
  }
}

/**
 * Takes the surface for rendering, for half a minute at most, so that two renderers never post or overwrite each other.
 * @throws transientError `surface_busy` while somebody else renders it
 */
export async function leaseSurface(tx: Tx, id: string): Promise<Surface | null> {
  const surface = await tx.em.findOne(Surface, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE })
  if (!surface) return null
  if (isHeldBack(tx, surface)) {
    await askToRender(tx, surface)
    return null
  }
  if (surface.leaseUntil && surface.leaseUntil > tx.now) {
    const details = { retryAfterSeconds: 0.5 }
    throw transientError('surface_busy', 'This message is being updated already.', { details })
  }
  surface.leaseUntil = new Date(tx.now.getTime() + 30_000)
  // For the other kinds a merge key does this; what is asked for a later time stays.
  if (surface.kind === 'slack.digest') await takeOverWork(tx, 'surface.render', { surfaceId: id }, tx.now)
  return surface
}

/** What rendering changed: where the message is now and what it shows. Ends the lease, if it still is the one given. */
export async function settleSurface(
  tx: Tx,
  { id, leaseUntil }: Pick<Surface, 'id' | 'leaseUntil'>,
  shown: Partial<Pick<Surface, 'address' | 'messageTs' | 'renderedHash' | 'postingSince'>>,
): Promise<void> {
  const surface = await tx.em.findOneOrFail(Surface, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE })
  if (surface.leaseUntil?.getTime() === leaseUntil?.getTime()) {
    Object.assign(surface, shown, { leaseUntil: null })
  } else if (surface.messageTs === null && shown.messageTs) {
    // Overtaken: somebody else renders it now, but where we posted it must not get lost.
    surface.address = shown.address ?? surface.address
    surface.messageTs = shown.messageTs
  }
}

/**
 * Notes, before the first posting, that it is about to happen. Committed on its own.
 * @returns since when somebody may have posted it already; null for the first to try
 */
export async function intendPosting(tx: Tx, id: string, address: SurfaceAddress): Promise<Date | null> {
  const surface = await tx.em.findOneOrFail(Surface, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE })
  const since = surface.postingSince
  surface.address = address
  surface.postingSince ??= tx.now
  return since
}

/** Ends all leases: for a start that knows no other renderer is alive. */
export async function releaseSurfaces(tx: SystemTx): Promise<void> {
  await tx.em.nativeUpdate(Surface, { leaseUntil: { $ne: null } }, { leaseUntil: null })
}
