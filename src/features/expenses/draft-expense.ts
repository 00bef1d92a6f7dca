import type { Tx } from '../../database/index.ts'
import { dateIn } from '../../kernel/calendar-date.ts'
import { currentCorrelation, logger } from '../../kernel/logger.ts'
import { cleanText } from '../../kernel/text.ts'
import { recordAudit } from '../audit/index.ts'
import { getCompany } from '../people/index.ts'
import { addReceipt, type UploadedFile } from '../receipts/index.ts'
import { Expense, ExpenseDelivery, type ExpenseKind, type ExpenseSource } from './expenses.entity.ts'
import { expenseOfDelivery, nextExpenseNumber } from './expenses.ts'
import { recordStatus } from './transitions.ts'

export interface DraftInput {
  /** Left out: `receipt`. */
  kind?: ExpenseKind
  submitterId: string
  source: ExpenseSource
  /** Names this one delivery, such as Slack message and file: delivered again, it gives the same expense. */
  deliveryKey: string
  files: UploadedFile[]
  note?: string | undefined
  /** The mail it came with. */
  mailId?: string
}

/**
 * Begins an expense from what somebody sent. Its receipts are stored and will be read. A request to spend is dated today
 * until somebody says when.
 * @throws userError `file_too_large`, `file_not_receipt`
 */
export async function draftExpense(tx: Tx, input: DraftInput): Promise<Expense> {
  const known = await expenseOfDelivery(tx, input.deliveryKey)
  if (known) return known
  const { kind = 'receipt' } = input
  const id = tx.newId()
  const expense = tx.em.create(Expense, {
    id,
    companyId: tx.companyId,
    number: await nextExpenseNumber(tx, kind),
    kind,
    status: 'draft',
    revision: 0,
    submitterId: input.submitterId,
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
    note: cleanText(input.note ?? '', 2000).trim() || null,
    attendees: [],
    source: input.source,
    confirmed: [],
    uncertain: [],
    policyVersionId: null,
    policyKey: null,
    correlationId: currentCorrelation() ?? id,
    mailId: input.mailId ?? null,
    round: 0,
    submittedAt: null,
    completedAt: null,
    createdAt: tx.now,
    updatedAt: tx.now,
  })
  tx.em.create(ExpenseDelivery, {
    companyId: tx.companyId,
    key: input.deliveryKey,
    expenseId: expense.id,
    createdAt: tx.now,
  })
  recordStatus(tx, expense, null, null)
  for (const [position, file] of input.files.entries()) {
    await addReceipt(tx, { expenseId: expense.id, personId: input.submitterId, position, file })
  }
  await recordAudit(tx, {
    action: 'expense.drafted',
    subject: { kind: 'expense', id: expense.id },
    changes: { number: expense.number, kind, source: input.source, receipts: input.files.length },
  })
  logger.info({ expense: expense.number, source: expense.source }, 'expense drafted')
  return expense
}
