import type { Tx } from '../../database/index.ts'
import type { Money } from '../../kernel/money.ts'
import { listComments } from '../approvals/index.ts'
import {
  getCompany,
  getPeople,
  listAllCategories,
  loadDirectory,
  nameOfCategory,
  nameOfReason,
  namesOfCostCentres,
} from '../people/index.ts'
import { receiptsOf } from '../receipts/index.ts'
import type { ExpenseView, ShareView, StepView } from './expense-view.ts'
import { Expense } from './expenses.entity.ts'
import { historyOf } from './history.ts'
import { inCompanyCurrency, sharesOf } from './shares.ts'
import { drawnSpendRequest, drawnSummary } from './spend-request-draws.ts'
import { editable } from './transitions.ts'
import { preview, recorded } from './view-judgement.ts'

/**
 * The expense by id, or null when this company has none of it. For an approver, `approvalId` says which request is
 * looked at: a card goes on showing its own, also when the expense was sent back and submitted again.
 */
export async function viewExpense(
  tx: Tx,
  expenseId: string,
  approvalId: string | null = null,
): Promise<ExpenseView | null> {
  const expense = await tx.em.findOne(Expense, { id: expenseId })
  return expense && buildView(tx, expense, approvalId)
}

async function buildView(tx: Tx, expense: Expense, approvalId: string | null): Promise<ExpenseView> {
  const company = await getCompany(tx)
  const submitter = (await getPeople(tx, [expense.submitterId])).get(expense.submitterId)
  const directory = await loadDirectory(tx)
  const receipts = await receiptsOf(tx, expense.id)
  const { amountMinor, currency } = expense
  const isOpen = approvalId === null && editable.includes(expense.status)
  const judged = isOpen ? await preview(tx, expense) : await recorded(tx, expense, approvalId)
  const companyAmount = currency === company.currency ? null : judged.companyAmount
  return {
    id: expense.id,
    number: expense.number,
    kind: expense.kind,
    status: expense.status,
    revision: expense.revision,
    source: expense.source,
    company: {
      name: company.name,
      currency: company.currency,
      locale: company.locale,
      timeZone: company.timeZone,
    },
    calculation: expense.calculation,
    ...(await bookings(tx, expense, companyAmount)),
    request: expense.requestId === null ? null : await drawnSpendRequest(tx, expense.requestId, expense),
    drawn: expense.kind === 'request' ? await drawnSummary(tx, expense) : null,
    submitter: {
      id: expense.submitterId,
      name: submitter?.name ?? 'somebody',
      email: submitter?.email ?? '',
      team: (submitter?.teamId && directory.teamNames.get(submitter.teamId)) || null,
    },
    merchant: expense.merchantName,
    category: await nameOfCategory(tx, expense.categoryId),
    reason: await nameOfReason(tx, expense.reasonId),
    attendees: expense.attendees,
    date: expense.date,
    amount: amountMinor === null || currency === null ? null : { minor: amountMinor, currency },
    tax: expense.taxMinor === null || currency === null ? null : { minor: expense.taxMinor, currency },
    note: expense.note,
    paidBy: expense.paidBy,
    confirmed: expense.confirmed,
    uncertain: expense.uncertain,
    differsFrom: expense.differsFrom,
    receipts: receipts.map((receipt) => ({
      id: receipt.id,
      fileName: receipt.fileName,
      status: receipt.status,
      problem: receipt.problem,
      rendition: receipt.renditionSha256
        ? {
            sha256: receipt.renditionSha256,
            width: receipt.renditionWidth ?? 0,
            height: receipt.renditionHeight ?? 0,
          }
        : null,
    })),
    submittedAt: expense.submittedAt,
    completedAt: expense.completedAt,
    round: expense.round,
    ...judged,
    companyAmount,
    history: await historyOf(tx, expense),
    ...(await conversation(tx, expense, judged.steps)),
  }
}

/** What it is booked to: as a whole, or part by part. */
async function bookings(
  tx: Tx,
  expense: Expense,
  companyAmount: Money | null,
): Promise<Pick<ExpenseView, 'shares' | 'costCentre'>> {
  const names = await namesOfCostCentres(tx)
  const costCentre = (code: string | null) => (code === null ? null : { code, name: names.get(code) ?? code })
  const categories = new Map((await listAllCategories(tx)).map(({ id, name }) => [id, name]))
  const parts = await sharesOf(tx, expense.id)
  const converted = companyAmount && inCompanyCurrency(parts, companyAmount.minor)
  const shares = parts.map(
    ({ categoryId: id, costCentre: code, amountMinor: minor }, index): ShareView => ({
      category: { id, name: categories.get(id) ?? '' },
      costCentre: costCentre(code),
      amount: { minor, currency: expense.currency ?? '' },
      companyAmount: converted && { ...companyAmount, minor: converted[index] ?? 0 },
    }),
  )
  return { shares, costCentre: costCentre(expense.costCentre) }
}

/** What was said about it, and what still waits for the submitter's answer: a question of somebody who still decides. */
async function conversation(
  tx: Tx,
  expense: Expense,
  steps: StepView[],
): Promise<Pick<ExpenseView, 'comments' | 'question'>> {
  const comments = await listComments(tx, expense.id)
  const last = comments.findLast(
    ({ kind, personId }) => kind === 'question' || personId === expense.submitterId,
  )
  const asked = steps.flatMap(({ approvers }) => approvers).filter(({ status }) => status === 'asked')
  const isOpen = last?.kind === 'question' && asked.some(({ approvalId }) => approvalId === last.approvalId)
  return { comments, question: isOpen ? last : null }
}
