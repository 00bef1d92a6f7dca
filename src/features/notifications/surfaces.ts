import { LockMode } from '@mikro-orm/postgresql'
import { addToOutbox, type SystemTx, type Tx } from '../../database/index.ts'
import { transientError } from '../../kernel/errors.ts'
import { Surface, type SurfaceAddress, type SurfaceKind } from './notifications.entity.ts'

export interface SurfaceToShow {
  kind: SurfaceKind
  expenseId: string
  approvalId?: string
  commentId?: string
  stepUpId?: string
  personId: string
  /** Another one of the same, counted from 1. */
  round?: number
  address?: SurfaceAddress
}

/**
 * Asks for a message to be shown; asking again for the same one changes nothing.
 * @returns whether it is new
 */
export async function showSurface(tx: Tx, input: SurfaceToShow): Promise<boolean> {
  const where = {
    companyId: tx.companyId,
    kind: input.kind,
    expenseId: input.expenseId,
    approvalId: input.approvalId ?? null,
    commentId: input.commentId ?? null,
    stepUpId: input.stepUpId ?? null,
    personId: input.personId,
    round: input.round ?? 1,
  }
  if (await tx.em.findOne(Surface, where)) return false
  const id = tx.newId()
  tx.em.create(Surface, {
    ...where,
    id,
    address: input.address ?? {},
    messageTs: null,
    renderedHash: null,
    postingSince: null,
    leaseUntil: null,
    createdAt: tx.now,
  })
  await addToOutbox(tx, 'surface.render', { surfaceId: id }, { mergeKey: id })
  return true
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
  const kind = approvalId === null ? 'slack.expense' : 'slack.approval'
  const beside = await tx.em.findOne(Surface, {
    companyId: tx.companyId,
    kind,
    expenseId,
    approvalId,
    personId,
  })
  const isCard = kind === 'slack.approval'
  const threadTs = isCard ? beside?.messageTs : beside?.address.threadTs
  const address = { ...beside?.address, ...(threadTs ? { threadTs } : {}) }
  await showSurface(tx, {
    kind: 'slack.comment',
    expenseId,
    commentId,
    personId,
    address,
    ...(approvalId ? { approvalId } : {}),
  })
}

/** Something about this expense changed: every message that shows it will be brought up to date. */
export async function refreshSurfaces(tx: Tx, expenseId: string): Promise<void> {
  for (const { id } of await tx.em.find(
    Surface,
    { companyId: tx.companyId, expenseId },
    { orderBy: { id: 'asc' } }, // always in the same order, or two of these wait for each other
  )) {
    await addToOutbox(tx, 'surface.render', { surfaceId: id }, { mergeKey: id })
  }
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
  if (surface.leaseUntil && surface.leaseUntil > tx.now) {
    const details = { retryAfterSeconds: 0.5 }
    throw transientError('surface_busy', 'This message is being updated already.', { details })
  }
  surface.leaseUntil = new Date(tx.now.getTime() + 30_000)
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
