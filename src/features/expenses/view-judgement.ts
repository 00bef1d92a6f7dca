import type { Tx } from '../../database/index.ts'
import { needsCode, type RequestSummary, summarizeRequest } from '../approvals/index.ts'
import { getCompany } from '../people/index.ts'
import { currentPolicies, policyNameAndNumber } from '../policy/index.ts'
import { type Assumed, assessExpense } from './assess-expense.ts'
import type { ExpenseView } from './expense-view.ts'
import type { Expense } from './expenses.entity.ts'
import { findingsOf } from './findings.ts'
import { mayReopen } from './reopen-expense.ts'

/** What policy and approvers say of an expense. */
type Judged = Pick<
  ExpenseView,
  | 'companyAmount'
  | 'rate'
  | 'missing'
  | 'policy'
  | 'findings'
  | 'looksLike'
  | 'steps'
  | 'automatic'
  | 'requestStatus'
  | 'undone'
  | 'needsCode'
  | 'canUndo'
>

/** What would happen if it were submitted now. */
export async function preview(tx: Tx, expense: Expense, assumed: Assumed = {}): Promise<Judged> {
  const { missing, findings, plan, policy, automatic, converted, looksLike } = await assessExpense(
    tx,
    expense,
    assumed,
  )
  const company = await getCompany(tx)
  const version = (await currentPolicies(tx))?.number ?? 0
  return {
    missing,
    findings,
    looksLike,
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
              askedAt: null,
              asks: [],
              mayDecide: [],
              decided: null,
            })),
          }))
        : [],
    automatic,
    requestStatus: null,
    undone: [],
    needsCode: false,
    canUndo: [],
  }
}

/** What was found and planned when it was submitted, and how far it is. */
export async function recorded(tx: Tx, expense: Expense, approvalId: string | null): Promise<Judged> {
  const company = await getCompany(tx)
  const findings = await findingsOf(tx, expense.id)
  const request = await summarizeRequest(tx, expense.id, approvalId)
  return {
    missing: [],
    findings,
    looksLike: [],
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
        reason: approval.reason,
        status: approval.status,
        askedAt: approval.askedAt,
        asks: approval.asks,
        mayDecide: approval.mayDecide,
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
    needsCode: await needsCode(tx, expense.companyAmountMinor ?? 0),
    canUndo: request && (await mayReopen(tx, expense, request)) ? undoableOf(request) : [],
  }
}

const undoableOf = ({ steps }: RequestSummary): ExpenseView['canUndo'] =>
  steps
    .flatMap(({ approvals }) => approvals)
    .flatMap(({ id, decided, undoableUntil: until }) =>
      until && decided ? [{ approvalId: id, personId: decided.byId, until }] : [],
    )
