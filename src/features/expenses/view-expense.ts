import type { Tx } from '../../database/index.ts'
import type { CalendarDate } from '../../kernel/calendar-date.ts'
import type { Money } from '../../kernel/money.ts'
import {
  type ApprovalSummary,
  listComments,
  type RequestStatus,
  type RequestSummary,
  summarizeRequest,
  type UndoneApproval,
} from '../approvals/index.ts'
import { getCompany, getPeople, loadDirectory, nameOfCategory, nameOfReason } from '../people/index.ts'
import { currentPolicies, type Finding, policyNameAndNumber } from '../policy/index.ts'
import { receiptsOf } from '../receipts/index.ts'
import { assessExpense } from './assess-expense.ts'
import { Expense, type ExpenseField, type ExpenseSource } from './expenses.entity.ts'
import { findingsOf } from './findings.ts'
import { type HistoryEntry, historyOf } from './history.ts'
import { mayReopen } from './reopen-expense.ts'
import type { ExpenseStatus } from './status.ts'
import { editable } from './transitions.ts'

/** Everything that cards, pages, mails and documents show of one expense, as it is now. */
export interface ExpenseView {
  id: string
  number: string
  status: ExpenseStatus
  revision: number
  source: ExpenseSource
  company: { name: string; currency: string; locale: string; timeZone: string }
  submitter: { id: string; name: string; email: string; team: string | null }
  merchant: string | null
  category: { id: string; name: string } | null
  reason: { id: string; name: string } | null
  /** Who else was there, by name. */
  attendees: string[]
  date: CalendarDate | null
  amount: Money | null
  /** In the company's currency, where that is another one. */
  companyAmount: Money | null
  rate: { value: string; date: CalendarDate } | null
  tax: Money | null
  note: string | null
  paidBy: 'person' | 'company'
  /** Read without certainty and not confirmed yet. */
  uncertain: ExpenseField[]
  missing: ExpenseField[]
  policy: { name: string; version: number } | null
  findings: Finding[]
  /** The approval steps: planned on a draft, real once it is submitted. Empty and `automatic` set: nobody is asked. */
  steps: StepView[]
  /** The clause under which it is (or on a draft: would be) approved without asking anybody. */
  automatic: string | null
  requestStatus: RequestStatus | null
  /** Approvals of this request that count no more. They stand in no step. */
  undone: UndoneView[]
  /** The decisions that can be taken back at this moment. See `undoable`. */
  canUndo: { approvalId: string; personId: string; until: Date }[]
  /** How often it was approved. */
  round: number
  receipts: ReceiptView[]
  history: HistoryEntry[]
  /** Everything that was asked and said about it, oldest first. */
  comments: CommentView[]
  /** The newest question to the submitter, as long as they have not answered. */
  question: CommentView | null
  submittedAt: Date | null
  completedAt: Date | null
}

export interface StepView {
  description: string
  required: boolean
  /** How many of the approvers must agree. */
  needed: number
  status: string
  approvers: {
    approvalId: string | null
    personId: string
    name: string
    because: string
    status: string
    decided: ApprovalSummary['decided']
  }[]
}

/** An approval that counts no more, with the one that stands for it now (`freshId`). */
export interface UndoneView extends Omit<UndoneApproval, 'id' | 'approverId' | 'approver'> {
  approvalId: string
  /** The approver. */
  personId: string
  name: string
}

export interface ReceiptView {
  id: string
  fileName: string
  status: 'waiting' | 'read' | 'unreadable'
  problem: string | null
  rendition: { sha256: string; width: number; height: number } | null
}

export interface CommentView {
  id: string
  kind: 'question' | 'comment'
  personId: string
  who: string
  /** The approval of the one who asks. */
  approvalId: string | null
  text: string
  at: Date
  channel: string
}

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
  return {
    id: expense.id,
    number: expense.number,
    status: expense.status,
    revision: expense.revision,
    source: expense.source,
    company: {
      name: company.name,
      currency: company.currency,
      locale: company.locale,
      timeZone: company.timeZone,
    },
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
    uncertain: expense.uncertain,
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
    companyAmount: currency === company.currency ? null : judged.companyAmount,
    history: await historyOf(tx, expense),
    ...(await conversation(tx, expense, judged.steps)),
  }
}

type Judged = Pick<
  ExpenseView,
  | 'companyAmount'
  | 'rate'
  | 'missing'
  | 'policy'
  | 'findings'
  | 'steps'
  | 'automatic'
  | 'requestStatus'
  | 'undone'
  | 'canUndo'
>

/** What would happen if it were submitted now. */
async function preview(tx: Tx, expense: Expense): Promise<Judged> {
  const { missing, findings, plan, policy, automatic, converted } = await assessExpense(tx, expense)
  const company = await getCompany(tx)
  const version = (await currentPolicies(tx))?.number ?? 0
  return {
    missing,
    findings,
    policy: policy && { name: policy.name, version },
    companyAmount: converted && { minor: converted.minor, currency: company.currency },
    rate: converted?.rate && converted.rateDate ? { value: converted.rate, date: converted.rateDate } : null,
    steps:
      plan && 'steps' in plan
        ? plan.steps.map((step) => ({
            description: step.description,
            required: step.required,
            needed: step.needed,
            status: 'planned',
            approvers: step.approvers.map((approver) => ({
              ...approver,
              approvalId: null,
              status: 'planned',
              decided: null,
            })),
          }))
        : [],
    automatic,
    requestStatus: null,
    undone: [],
    canUndo: [],
  }
}

/** What was found and planned when it was submitted, and how far it is. */
async function recorded(tx: Tx, expense: Expense, approvalId: string | null): Promise<Judged> {
  const company = await getCompany(tx)
  const findings = await findingsOf(tx, expense.id)
  const request = await summarizeRequest(tx, expense.id, approvalId)
  return {
    missing: [],
    findings,
    policy: await policyNameAndNumber(tx, expense.policyVersionId, expense.policyKey),
    companyAmount:
      expense.companyAmountMinor === null
        ? null
        : { minor: expense.companyAmountMinor, currency: company.currency },
    rate:
      expense.rate && expense.rateDate
        ? { value: expense.rate.replace(/\.?0+$/, ''), date: expense.rateDate }
        : null,
    steps: (request?.steps ?? []).map((step) => ({
      description: step.description,
      required: step.required,
      needed: step.needed,
      status: step.status,
      approvers: step.approvals.map((approval) => ({
        approvalId: approval.id,
        personId: approval.approverId,
        name: approval.approver,
        because: approval.because,
        status: approval.status,
        decided: approval.decided,
      })),
    })),
    automatic: findings.find(({ code }) => code === 'approved_automatically')?.clause ?? null,
    requestStatus: request?.status ?? null,
    undone: (request?.undone ?? []).map(({ id, approverId, approver, ...rest }) => ({
      ...rest,
      approvalId: id,
      personId: approverId,
      name: approver,
    })),
    canUndo: request && (await mayReopen(tx, expense, request)) ? undoableOf(request) : [],
  }
}

const undoableOf = ({ steps }: RequestSummary): ExpenseView['canUndo'] =>
  steps
    .flatMap(({ approvals }) => approvals)
    .flatMap(({ id, approverId, undoableUntil: until }) =>
      until ? [{ approvalId: id, personId: approverId, until }] : [],
    )

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
