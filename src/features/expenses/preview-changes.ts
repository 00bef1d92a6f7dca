import type { Tx } from '../../database/index.ts'
import type { Money } from '../../kernel/money.ts'
import { getCompany, requireActor } from '../people/index.ts'
import { applyChanges, applyInto } from './apply-changes.ts'
import { blankExpense } from './blank-expense.ts'
import { type ExpenseChanges, stayFields, tripFields } from './expense-changes.ts'
import type { ExpenseView } from './expense-view.ts'
import type { Expense, ExpenseKind } from './expenses.entity.ts'
import { ownEditable } from './expenses.ts'
import { FieldErrors, type FieldProblem } from './field-errors.ts'
import { type Part, sharesOf } from './shares.ts'
import { preview } from './view-judgement.ts'

/** What a form is about: an expense of the actor, or one that is being made, with so many receipts. */
export type FormTarget = { expenseId: string } | { kind: ExpenseKind; receiptsToCome: number }

/** What policy says of an expense with what is typed, and who would decide it. */
export interface ChangePreview
  extends Pick<ExpenseView, 'missing' | 'findings' | 'looksLike' | 'steps' | 'automatic' | 'companyAmount'> {
  /** The parts of its split are not all filled in: nothing else can be said. */
  isHalfSplit: boolean
  /** What is wrong, by field. As long as there is something, nothing else can be said. */
  problems: Record<string, FieldProblem>
  amount: Money | null
}

/**
 * Looks at an expense as if what is typed were saved. Saves nothing, and locks nothing. What is still empty is missing,
 * and no mistake yet.
 * @throws userError `expense_unknown`, `not_yours`, `expense_locked`
 */
export async function previewChanges(
  tx: Tx,
  target: FormTarget,
  changes: ExpenseChanges,
): Promise<ChangePreview> {
  const { expense, parts: before } = await copyOf(tx, target)
  const errors = new FieldErrors()
  const typed = withoutBlanks(expense, changes)
  const parts = await applyInto(tx, expense, { changes: typed, parts: before }, errors)
  const { amountMinor, currency } = expense
  const amount = amountMinor === null || currency === null ? null : { minor: amountMinor, currency }
  const problems = errors.problems()
  const known = { problems, amount, isHalfSplit: isHalfSplit(changes) }
  if (!errors.isEmpty || known.isHalfSplit) return { ...nothingKnown, ...known }
  const receiptsToCome = 'kind' in target ? target.receiptsToCome : 0
  const judged = await preview(tx, expense, { parts, receiptsToCome })
  const isForeign = currency !== (await getCompany(tx)).currency
  return { ...judged, companyAmount: isForeign ? judged.companyAmount : null, ...known }
}

/**
 * Whether what is typed could be saved; what is empty is left out.
 * @throws userError as `editExpense`
 */
export async function checkChanges(tx: Tx, target: FormTarget, changes: ExpenseChanges): Promise<void> {
  const { expense, parts } = await copyOf(tx, target)
  await applyChanges(tx, expense, { changes: withoutBlanks(expense, changes), parts })
}

const nothingKnown = {
  missing: [],
  findings: [],
  looksLike: [],
  steps: [],
  automatic: null,
  companyAmount: null,
} satisfies Partial<ChangePreview>

/** The expense beside its row: what is set in it is not saved. */
async function copyOf(tx: Tx, target: FormTarget): Promise<{ expense: Expense; parts: readonly Part[] }> {
  if ('expenseId' in target) {
    const { expenseId } = target
    return { expense: { ...(await ownEditable(tx, expenseId)) }, parts: await sharesOf(tx, expenseId) }
  }
  const { id: submitterId } = await requireActor(tx)
  const begun = { kind: target.kind, submitterId, source: 'slack', number: '' } as const
  return { expense: await blankExpense(tx, begun), parts: [] }
}

/** Of these a form that is being filled in may have none yet. */
const mayBeMissing = ['merchant', 'amount', 'date', 'categoryId'] as const

/** What was typed, and in the copy what was emptied is empty. */
function withoutBlanks(expense: Expense, changes: ExpenseChanges): ExpenseChanges {
  const typed = { ...changes }
  for (const field of mayBeMissing) {
    if (isBlank(changes[field])) delete typed[field]
  }
  if (isBlank(changes.merchant)) expense.merchantName = null
  if (isBlank(changes.amount)) expense.amountMinor = null
  if (isBlank(changes.date)) expense.date = null
  if (isBlank(changes.categoryId) && !changes.shares?.length) expense.categoryId = null
  if (isHalfSplit(changes)) delete typed.shares
  const worked = workedOutFrom[expense.kind]
  if (
    worked.some((field) => isBlank(changes[field])) ||
    (expense.kind === 'mileage' && isBlank(changes.date))
  ) {
    expense.calculation = null
    expense.amountMinor = null
    for (const field of [...tripFields, ...stayFields]) delete typed[field]
  }
  return typed
}

/** What an amount is worked out from; it is as long as one of these is empty. */
const workedOutFrom = {
  receipt: [],
  request: [],
  mileage: ['from', 'to', 'distance'],
  per_diem: ['firstDay', 'lastDay'],
} as const satisfies Record<ExpenseKind, readonly (keyof ExpenseChanges)[]>

const isBlank = (text: string | null | undefined) => text !== undefined && (text ?? '').trim() === ''

/** A part has a category and no amount yet, or the other way round; or there is only one part. */
function isHalfSplit({ shares = [] }: ExpenseChanges): boolean {
  return shares.length === 1 || shares.some((share) => isBlank(share.categoryId) || isBlank(share.amount))
}
