import type { Tx } from '../../database/index.ts'
import { dateIn } from '../../kernel/calendar-date.ts'
import { currentCorrelation } from '../../kernel/logger.ts'
import { cleanText } from '../../kernel/text.ts'
import { getCompany } from '../people/index.ts'
import type { Expense, ExpenseKind, ExpenseSource } from './expenses.entity.ts'

export interface ExpenseBegun {
  kind: ExpenseKind
  submitterId: string
  source: ExpenseSource
  /** Empty for one that is only looked at. */
  number: string
  note?: string | undefined
  mailId?: string | undefined
}

/** A draft of which nothing else is known yet. A request to spend is dated today until somebody says when. */
export async function blankExpense(tx: Tx, begun: ExpenseBegun): Promise<Expense> {
  const { kind, submitterId, source, number, note = '', mailId = null } = begun
  const id = tx.newId()
  return {
    id,
    companyId: tx.companyId,
    number,
    kind,
    status: 'draft',
    revision: 0,
    submitterId,
    teamId: null,
    merchantId: null,
    merchantName: null,
    categoryId: null,
    reasonId: null,
    costCentre: null,
    paidBy: 'person',
    date: kind === 'request' ? dateIn(tx.now, (await getCompany(tx)).timeZone) : null,
    amountMinor: null,
    currency: null,
    companyAmountMinor: null,
    rate: null,
    rateDate: null,
    taxMinor: null,
    calculation: null,
    requestId: null,
    note: cleanText(note, 2000).trim() || null,
    attendees: [],
    source,
    confirmed: [],
    uncertain: [],
    differsFrom: [],
    policyVersionId: null,
    policyKey: null,
    correlationId: currentCorrelation() ?? id,
    mailId,
    round: 0,
    submittedAt: null,
    completedAt: null,
    createdAt: tx.now,
    updatedAt: tx.now,
  }
}
