import type { Tx } from '../../database/index.ts'
import { type DecisionEntry, listDecisions } from '../approvals/index.ts'
import { getPeople } from '../people/index.ts'
import { type Expense, ExpenseStatusChange } from './expenses.entity.ts'
import type { ExpenseStatus } from './status.ts'

export interface HistoryEntry {
  at: Date
  /** Stands after “by”: a name, and of a delegate's decision that of the approver, too. */
  who: string
  /** Stands before “by” and a name, in English. */
  what: string
  /** The same for those who have words of their own. */
  event: HistoryEvent
  by: string
  /** The approver in whose place it was done, by name. */
  onBehalfOf: string | null
  comment: string | null
  channel: string
}

/**
 * `withdrawn`: taken back by the submitter; `closed`: what was left of a request to spend was given back. A decision that
 * was `undone` by another one than who made it fell with an earlier decision.
 */
export type HistoryEvent =
  | Exclude<ExpenseStatus, 'draft' | 'awaiting_approval'>
  | 'withdrawn'
  | 'closed'
  | 'objected'
  | { undone: DecisionEntry['verdict'] | 'objected'; whose: string | null }

const inEnglish: Record<Extract<HistoryEvent, string>, string> = {
  submitted: 'submitted',
  approved: 'approved',
  sent_back: 'sent back',
  rejected: 'rejected',
  blocked: 'blocked by policy',
  cancelled: 'discarded',
  settled: 'settled',
  withdrawn: 'taken back',
  closed: 'closed',
  objected: 'objected to',
}
const nouns = { approved: 'approval', rejected: 'rejection', sent_back: 'send-back', objected: 'objection' }

function whatOf(event: HistoryEvent): string {
  if (typeof event === 'string') return inEnglish[event]
  const noun = nouns[event.undone]
  return event.whose === null ? `${noun} taken back` : `${noun} of ${event.whose} undone`
}

/** Submission, every decision and every decision that was taken back, oldest first. */
export async function historyOf(tx: Tx, expense: Expense): Promise<HistoryEntry[]> {
  const changes = await tx.em.find(ExpenseStatusChange, { companyId: tx.companyId, expenseId: expense.id })
  const people = await getPeople(
    tx,
    changes.map(({ personId }) => personId),
  )
  const entries = await listDecisions(tx, expense.id)
  const statuses = changes.flatMap((change) => {
    const event = whatHappened(change)
    const by = (change.personId && people.get(change.personId)?.name) || 'Outlay'
    const onBehalfOf = endedBy(change, entries)?.onBehalfOf ?? null
    return event ? [entryOf({ ...change, event, by, onBehalfOf })] : []
  })
  const decided = entries.flatMap((entry) => {
    const event = eventOf(entry)
    return event ? [entryOf({ ...entry, event, by: entry.who })] : []
  })
  return [...statuses, ...decided].sort((a, b) => a.at.getTime() - b.at.getTime())
}

const entryOf = ({
  at,
  event,
  by,
  onBehalfOf,
  comment,
  channel,
}: Omit<HistoryEntry, 'who' | 'what'>): HistoryEntry => ({
  at,
  who: onBehalfOf === null ? by : `${by} for ${onBehalfOf}`,
  what: whatOf(event),
  event,
  by,
  onBehalfOf,
  comment,
  channel,
})

/** The decision by which a request ended against its submitter: both were written at the same instant. */
const endedBy = ({ at, status }: ExpenseStatusChange, entries: DecisionEntry[]) =>
  entries.find((one) => !one.undone && one.verdict === status && one.at.getTime() === at.getTime())

/** null for what is no news: a draft, what goes to the approvers, and an approval, which its decision says. */
function whatHappened({ fromStatus, status }: ExpenseStatusChange): HistoryEvent | null {
  if (status === 'draft') return fromStatus ? 'withdrawn' : null
  if (status === 'awaiting_approval' || status === 'approved') return null
  return status === 'cancelled' && fromStatus === 'approved' ? 'closed' : status
}

/** null for what the expense's own status says: a rejection and a send-back that ended a request. */
function eventOf({ verdict, isOptional, undone }: DecisionEntry): HistoryEvent | null {
  const isObjection = isOptional && verdict !== 'approved'
  const event = isObjection ? 'objected' : verdict
  if (undone) return { undone: event, whose: undone.isOwn ? null : undone.name }
  return isObjection || verdict === 'approved' ? event : null
}
