import type { Tx } from '../../database/index.ts'
import { type DecisionEntry, listDecisions } from '../approvals/index.ts'
import { getPeople } from '../people/index.ts'
import { type Expense, ExpenseStatusChange } from './expenses.entity.ts'
import type { ExpenseStatus } from './status.ts'

export interface HistoryEntry {
  at: Date
  /** Stands after “by”: a name, and of a delegate's decision that of the approver, too. */
  who: string
  /** Stands before “by” and a name. */
  what: string
  comment: string | null
  channel: string
}

const happened: Partial<Record<ExpenseStatus, string>> = {
  submitted: 'submitted',
  sent_back: 'sent back',
  rejected: 'rejected',
  blocked: 'blocked by policy',
  cancelled: 'discarded',
  settled: 'settled',
}

const decisions = { approved: 'approval', rejected: 'rejection', sent_back: 'send-back' }

/** Submission, every decision and every decision that was taken back, oldest first. */
export async function historyOf(tx: Tx, expense: Expense): Promise<HistoryEntry[]> {
  const changes = await tx.em.find(ExpenseStatusChange, { companyId: tx.companyId, expenseId: expense.id })
  const people = await getPeople(
    tx,
    changes.map(({ personId }) => personId),
  )
  const entries = await listDecisions(tx, expense.id)
  const statuses = changes.flatMap((change) => {
    const what = whatHappened(change)
    const name = (change.personId && people.get(change.personId)?.name) || 'Outlay'
    const who = inPlaceOf(name, endedBy(change, entries)?.onBehalfOf ?? null)
    return what ? [{ at: change.at, who, what, comment: change.comment, channel: change.channel }] : []
  })
  const decided = entries.flatMap((entry) => {
    const what = wordsOf(entry)
    const { at, who, onBehalfOf, comment, channel } = entry
    return what ? [{ at, who: inPlaceOf(who, onBehalfOf), what, comment, channel }] : []
  })
  return [...statuses, ...decided].sort((a, b) => a.at.getTime() - b.at.getTime())
}

/** The decision by which a request ended against its submitter: both were written at the same instant. */
const endedBy = ({ at, status }: ExpenseStatusChange, entries: DecisionEntry[]) =>
  entries.find((one) => !one.undone && one.verdict === status && one.at.getTime() === at.getTime())

const inPlaceOf = (who: string, onBehalfOf: string | null) =>
  onBehalfOf === null ? who : `${who} for ${onBehalfOf}`

function whatHappened({ fromStatus, status }: ExpenseStatusChange): string | undefined {
  if (status === 'draft' && fromStatus) return 'taken back'
  return status === 'cancelled' && fromStatus === 'approved' ? 'closed' : happened[status]
}

/** null for what the expense's own status says: a rejection and a send-back that ended a request. */
function wordsOf({ verdict, isOptional, undone }: DecisionEntry): string | null {
  const isObjection = isOptional && verdict !== 'approved'
  if (undone) {
    const what = isObjection ? 'objection' : decisions[verdict]
    return undone.isOwn ? `${what} taken back` : `${what} of ${undone.name} undone`
  }
  if (isObjection) return 'objected to'
  return verdict === 'approved' ? 'approved' : null
}
