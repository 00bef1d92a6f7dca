import type { Tx } from '../../database/index.ts'
import { userError } from '../../kernel/errors.ts'
import { cleanText } from '../../kernel/text.ts'
import { recordAudit } from '../audit/index.ts'
import { getPeople, requireActor } from '../people/index.ts'
import { ApprovalRequest, Comment, type SubjectKind } from './approvals.entity.ts'
import type { ApprovalSubjects } from './subjects.ts'

/** How long a comment or reason may be, in UTF-16 units. */
const longestComment = 2000

export interface CommentSummary {
  id: string
  kind: 'question' | 'comment'
  personId: string
  who: string
  /** The approval of the one who asks; null for a comment. */
  approvalId: string | null
  text: string
  /** UTC. */
  at: Date
  channel: string
}

/**
 * Says something about a subject, as the actor of this transaction. Whether they may is the caller's to check, who holds
 * the subject: the same words sent twice are said once.
 * @throws userError `comment_required`, `comment_too_long`, `person_inactive`
 */
export async function commentOn(
  tx: Tx,
  subjects: ApprovalSubjects,
  { subject, text }: { subject: { kind: SubjectKind; id: string }; text: string },
): Promise<void> {
  const words = requireText(text, 'Please write something.')
  if (await wasJustSaid(tx, { subject, text: words })) return
  const comment = await writeComment(tx, { subject, text: words })
  await recordAudit(tx, {
    action: 'comment.added',
    subject,
    changes: { comment: comment.id },
    personal: { comment: comment.text },
  })
  await tx.em.flush()
  const where = { companyId: tx.companyId, subjectKind: subject.kind, subjectId: subject.id }
  const request = await tx.em.findOne(ApprovalRequest, where, { orderBy: { revision: 'desc' } })
  await subjects[subject.kind](tx, {
    event: 'commented',
    subjectId: subject.id,
    // Blocked before anybody was asked, it has no request yet.
    revision: request?.revision ?? 0,
    status: request?.status ?? 'withdrawn',
    approvalId: null,
    personId: comment.personId,
    comment: null,
    commentId: comment.id,
    onBehalfOfId: null,
    undoneApprovals: [],
    newAsks: [],
  })
}

/** Writes a comment, or with `approvalId` the question of an approver. The text is taken as it is. */
export async function writeComment(tx: Tx, { subject, text, approvalId = null }: Remark): Promise<Comment> {
  const { id: personId } = await requireActor(tx)
  return tx.em.create(Comment, {
    id: tx.newId(),
    companyId: tx.companyId,
    subjectKind: subject.kind,
    subjectId: subject.id,
    kind: approvalId === null ? 'comment' : 'question',
    approvalId,
    personId,
    text,
    channel: tx.actor.channel,
    at: tx.now,
  })
}

/** Within this time the same words of the same person are a second press of the same button. */
const sameWordsMs = 60_000

/** Whether the same person said the same just before, in the same place: sent twice, it is said once. */
export async function wasJustSaid(tx: Tx, { subject, text, approvalId = null }: Remark): Promise<boolean> {
  const where = { companyId: tx.companyId, subjectKind: subject.kind, subjectId: subject.id }
  const last = await tx.em.findOne(Comment, where, { orderBy: { at: 'desc', id: 'desc' } })
  return (
    last?.personId === tx.actor.personId &&
    last.approvalId === approvalId &&
    last.text === text &&
    tx.now.getTime() - last.at.getTime() < sameWordsMs
  )
}

interface Remark {
  subject: { kind: SubjectKind; id: string }
  text: string
  approvalId?: string | null
}

/**
 * What a person wrote, fit to be kept; null when they wrote nothing.
 * @throws userError `comment_too_long`
 */
export function cleanComment(text: string | undefined): string | null {
  const clean = cleanText(text ?? '').trim()
  if (clean.length > longestComment) {
    throw userError('comment_too_long', `Please write at most ${longestComment} characters.`, {
      field: 'comment',
    })
  }
  return clean || null
}

/** @throws userError `comment_required`, `comment_too_long` */
export function requireText(text: string | undefined, message: string): string {
  const clean = cleanComment(text)
  if (clean === null) throw userError('comment_required', message, { field: 'comment' })
  return clean
}

/** Everything that was asked and said about a subject, oldest first. */
export async function listComments(tx: Tx, subjectId: string): Promise<CommentSummary[]> {
  const where = { companyId: tx.companyId, subjectId }
  const comments = await tx.em.find(Comment, where, { orderBy: { at: 'asc', id: 'asc' } })
  const people = await getPeople(
    tx,
    comments.map(({ personId }) => personId),
  )
  return comments.map(({ id, kind, personId, approvalId, text, at, channel }) => ({
    id,
    kind,
    personId,
    who: people.get(personId)?.name ?? 'somebody',
    approvalId,
    text,
    at,
    channel,
  }))
}
