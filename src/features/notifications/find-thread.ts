import type { SystemTx, Tx } from '../../database/index.ts'
import { Surface } from './notifications.entity.ts'

/** What a thread of Slack is about for one person, by ids. The newest stands first. */
export interface ThreadSubjects {
  /** Their own expenses. */
  expenses: string[]
  /** What they were asked to approve. */
  approvals: { expenseId: string; approvalId: string }[]
}

/**
 * Whose expense a thread is about: it hangs below the message that began the expense, below our own message about it, or
 * below the card of an approver.
 */
export async function subjectsOfThread(
  tx: Tx,
  { personId, channel, threadTs }: { personId: string; channel: string; threadTs: string },
): Promise<ThreadSubjects> {
  await tx.em.flush()
  const rows = await tx.em.execute<{ kind: string; expense_id: string; approval_id: string | null }[]>(
    `select kind, expense_id, approval_id from surface
     where company_id = ? and person_id = ? and kind in ('slack.expense', 'slack.approval', 'slack.reminder')
       and channel = ? and (message_ts = ? or thread_ts = ?)
     order by expense_id desc, id desc limit 50`,
    [tx.companyId, personId, channel, threadTs, threadTs],
  )
  const approvals = rows.flatMap(({ expense_id, approval_id }) =>
    approval_id === null ? [] : [{ expenseId: expense_id, approvalId: approval_id }],
  )
  const own = rows.filter(({ kind }) => kind === 'slack.expense')
  return { expenses: [...new Set(own.map(({ expense_id }) => expense_id))], approvals }
}

/** Whether any company shows something in this thread. The id of a channel is unique in all of Slack. */
export async function isThreadKnown(
  tx: SystemTx,
  { channel, threadTs }: { channel: string; threadTs: string },
): Promise<boolean> {
  const [row] = await tx.em.execute<{ known: boolean }[]>(
    `select exists (select 1 from surface where channel = ? and thread_ts = ?) as known`,
    [channel, threadTs],
  )
  return row?.known ?? false
}

/** Where the actor follows an expense of theirs; null: it is not posted yet. */
export async function messageAbout(
  tx: Tx,
  expenseId: string,
): Promise<{ teamId: string; channel: string; ts: string } | null> {
  const personId = tx.actor.personId
  if (personId === null) return null
  const where = { companyId: tx.companyId, kind: 'slack.expense' as const, expenseId, personId }
  const { address, messageTs: ts } = (await tx.em.findOne(Surface, where)) ?? {}
  return address?.teamId && address.channel && ts
    ? { teamId: address.teamId, channel: address.channel, ts }
    : null
}
