import { addToOutbox, type Tx } from '../../database/index.ts'
import { userError } from '../../kernel/errors.ts'
import { openRequest } from '../approvals/index.ts'
import { refreshSurfaces } from '../notifications/index.ts'
import { getCompany, getPerson, listAllCategories, listCategories } from '../people/index.ts'
import { newFinding } from '../policy/index.ts'
import { receiptsOf } from '../receipts/index.ts'
import { requireAnotherOne } from './another-one.ts'
import { askNew } from './ask-approvers.ts'
import { type Assessment, assessExpense, missingFields } from './assess-expense.ts'
import { isTwinFinding, twinFinding } from './duplicates.ts'
import { type Expense, type ExpenseField, ExpenseFinding } from './expenses.entity.ts'
import { lockExpense, lockOwn } from './expenses.ts'
import { FieldErrors } from './field-errors.ts'
import { addFindings } from './findings.ts'
import { lockAgainstOthers } from './lock-against-others.ts'
import { recordMerchant } from './merchants.ts'
import { complete } from './react-to-approval.ts'
import { inCompanyCurrency, sharesOf } from './shares.ts'
import { statusInWords } from './status.ts'
import { tellAdminsNobodyDecides, tellByRule, tellSubmitterOutcome } from './tell.ts'
import { changeStatus, editable } from './transitions.ts'

/** How long routing waits for a reading that is still running. */
const readingWaitMs = 60_000

const fieldNames: Record<ExpenseField, string> = {
  merchant: 'merchant',
  amount: 'amount',
  currency: 'currency',
  date: 'date',
  category: 'category',
  trip: 'the drive',
  stay: 'the days away',
}

/**
 * Submits an expense: from here on it is locked. It is routed at once, or, while a receipt is still being read, as soon
 * as that is done, at the latest after a minute.
 *
 * @throws userError `not_yours`; `expense_locked` when it was submitted before; `fields_missing` naming them;
 *   `category_closed` with the field; `no_rate`; as `requireAnotherOne`
 */
export async function submitExpense(tx: Tx, expenseId: string): Promise<Expense> {
  const expense = await lockOwn(tx, expenseId)
  if (!editable.includes(expense.status)) {
    throw userError('expense_locked', `${expense.number} is ${statusInWords(expense.status)} already.`, {
      details: { number: expense.number, status: expense.status },
    })
  }
  const missing = missingFields(expense)
  if (missing.length > 0) {
    const names = missing.map((field) => fieldNames[field]).join(', ')
    throw userError('fields_missing', `Please fill in: ${names}.`, { details: { missing } })
  }
  await requireOpenCategories(tx, expense)
  await lockAgainstOthers(tx, expense)
  const assessment = await assessExpense(tx, expense)
  if (!assessment.converted)
    throw userError('no_rate', assessment.findings[0]?.message ?? '', { field: 'currency' })
  requireAnotherOne(assessment.looksLike)
  expense.revision += 1
  expense.submittedAt = tx.now
  expense.teamId = (await getPerson(tx, expense.submitterId)).teamId
  await recordAmount(tx, expense, assessment)
  await rememberMerchant(tx, expense)
  await changeStatus(tx, expense, 'submitted')
  const receipts = await receiptsOf(tx, expense.id)
  if (expense.kind === 'receipt' && receipts.some(({ status }) => status === 'waiting')) {
    const notBefore = new Date(tx.now.getTime() + readingWaitMs)
    await addToOutbox(tx, 'expense.route', { expenseId, revision: expense.revision }, { notBefore })
  } else {
    await route(tx, expense, assessment)
  }
  await refreshSurfaces(tx, expense.id)
  return expense
}

/** A category can be closed after it was chosen. @throws as `FieldErrors.refuse` */
async function requireOpenCategories(tx: Tx, expense: Expense): Promise<void> {
  const open = (await listCategories(tx)).map(({ id }) => id)
  const names = new Map((await listAllCategories(tx)).map(({ id, name }) => [id, name]))
  const parts = await sharesOf(tx, expense.id)
  const chosen =
    parts.length === 0
      ? [{ field: 'category', id: expense.categoryId }]
      : parts.map(({ categoryId: id }, index) => ({ field: `shares.${index}.categoryId`, id }))
  const errors = new FieldErrors()
  for (const { field, id } of chosen) {
    await errors.attempt(() => {
      if (id !== null && open.includes(id)) return
      const message = `“${names.get(id ?? '')}” is closed. Please choose another category.`
      throw userError('category_closed', message, { field })
    })
  }
  errors.refuse()
}

/** Where money was spent is known from then on. What the other kinds have in its place, such as addresses, is no merchant. */
async function rememberMerchant(tx: Tx, expense: Expense): Promise<void> {
  if (expense.kind !== 'receipt') return
  const merchant = await recordMerchant(tx, expense.merchantName ?? '')
  expense.merchantId = merchant.id
  merchant.lastCategoryId = expense.categoryId
}

/**
 * Sends a submitted expense to its approvers with what is known by now. Does nothing when that has happened, or when it was
 * submitted again since `revision`.
 */
export async function routeExpense(tx: Tx, expenseId: string, revision?: number): Promise<void> {
  const expense = await lockExpense(tx, expenseId)
  if (expense.status !== 'submitted' || (revision !== undefined && revision !== expense.revision)) return
  await lockAgainstOthers(tx, expense)
  await route(tx, expense, await assessExpense(tx, expense))
  await refreshSurfaces(tx, expense.id)
}

/** Fixes the amounts in company currency: from here on it counts as spent. */
async function recordAmount(tx: Tx, expense: Expense, { converted }: Assessment): Promise<void> {
  expense.companyAmountMinor = converted?.minor ?? null
  expense.rate = converted?.rate ?? null
  expense.rateDate = converted?.rateDate ?? null
  const shares = await sharesOf(tx, expense.id)
  const amounts = converted ? inCompanyCurrency(shares, converted.minor) : []
  for (const [index, share] of shares.entries()) share.companyAmountMinor = amounts[index] ?? null
}

async function route(tx: Tx, expense: Expense, assessment: Assessment): Promise<void> {
  const { plan, policy, findings, automatic } = assessment
  await recordAmount(tx, expense, assessment)
  expense.policyVersionId = assessment.versionId
  expense.policyKey = policy?.key ?? null
  await tx.em.nativeDelete(ExpenseFinding, { companyId: tx.companyId, expenseId: expense.id })
  const passed = automatic === null ? [] : [automaticFinding(automatic)]
  await addFindings(tx, expense.id, [...findings, ...passed])
  const blocking = findings.find(({ severity }) => severity === 'blocking')
  if (blocking || !plan || 'nobody' in plan) {
    await changeStatus(tx, expense, 'blocked', { comment: blocking?.message ?? null })
    if (plan && 'nobody' in plan) await tellAdminsNobodyDecides(tx, expense)
    // Whoever submits it now sees it; routed later, they have looked away.
    if (tx.actor.personId !== expense.submitterId) await tellSubmitterOutcome(tx, expense, null)
    await warnTwins(tx, expense, assessment)
    return
  }
  const { status, newAsks } = await openRequest(tx, {
    subject: { kind: 'expense', id: expense.id },
    submitterId: expense.submitterId,
    revision: expense.revision,
    amountMinor: expense.companyAmountMinor ?? 0,
    steps: plan.steps,
  })
  await changeStatus(tx, expense, 'awaiting_approval')
  await warnTwins(tx, expense, assessment)
  await tellByRule(tx, expense, assessment.notify)
  if (status === 'approved') await complete(tx, expense, null)
  else await askNew(tx, expense, newAsks)
}

/** It tells no figures and no dates of its own: the clause is as it was cited. */
const automaticFinding = (clause: string) =>
  newFinding(
    { code: 'approved_automatically', severity: 'info', clause },
    { kind: 'approved_automatically', facts: { clause } },
    { locale: 'en-US' },
  )

/**
 * Whoever looks at the other expense is warned as well: a twin that came later was not there when it was judged. Comes after
 * every lock of this one: it waits for whoever changes the other.
 */
async function warnTwins(tx: Tx, expense: Expense, { findings }: Assessment): Promise<void> {
  const { locale } = await getCompany(tx)
  const submitter = (await getPerson(tx, expense.submitterId)).name
  for (const { code, relatedExpenseId } of findings) {
    if (!relatedExpenseId || !isTwinFinding(code)) continue
    const known = { companyId: tx.companyId, expenseId: relatedExpenseId, relatedExpenseId: expense.id }
    if ((await tx.em.count(ExpenseFinding, known)) > 0) continue
    const same = code === 'duplicate_file' ? 'file' : 'fields'
    await addFindings(tx, relatedExpenseId, [twinFinding({ same, other: expense, submitter }, locale)])
    await refreshSurfaces(tx, relatedExpenseId)
  }
}
