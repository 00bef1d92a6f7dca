import type { Tx } from '../../database/index.ts'
import { recordAudit } from '../audit/index.ts'
import { type DueAsk, lockDueAsk } from './follow-up.ts'
import type { ApprovalSubjects } from './subjects.ts'
import { tellSubject } from './tell-subject.ts'

/** Reminds somebody who was asked and has not answered. Nothing happens when their answer is not waited for any more. */
export async function remindAsked(tx: Tx, subjects: ApprovalSubjects, askId: string): Promise<void> {
  const due = await lockDueAsk(tx, askId, 'approval.remind')
  if (due) await remind(tx, subjects, due)
}

/** Writes that somebody is reminded, and tells the subject, which does it. */
export async function remind(
  tx: Tx,
  subjects: ApprovalSubjects,
  { loaded, ask, approval }: DueAsk,
): Promise<void> {
  ask.remindedAt = tx.now
  const { request } = loaded
  await recordAudit(tx, {
    action: 'approval.reminded',
    subject: { kind: request.subjectKind, id: request.subjectId },
    changes: { approval: approval.id, person: ask.personId },
  })
  await tellSubject(tx, subjects, loaded, {
    event: 'reminded',
    approvalId: approval.id,
    personId: ask.personId,
  })
}
