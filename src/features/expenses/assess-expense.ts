import type { Tx } from '../../database/index.ts'
import { formatDate } from '../../kernel/calendar-date.ts'
import { formatMoney, type Money, tryAmount } from '../../kernel/money.ts'
import { type Plan, planApprovals } from '../approvals/index.ts'
import {
  type Company,
  getCompany,
  getPeople,
  getPerson,
  listCategories,
  loadDirectory,
} from '../people/index.ts'
import { currentPolicies, evaluatePolicy, type Finding } from '../policy/index.ts'
import { expensesWithSameFiles, latestReading, type Receipt, receiptsOf } from '../receipts/index.ts'
import { type Converted, toCompanyCurrency } from './exchange-rates.ts'
import { Expense, type ExpenseField } from './expenses.entity.ts'
import { findMerchant, spellingOf } from './merchants.ts'
import { statusInWords } from './status.ts'

/** What policy says of an expense as it stands, and who would decide it. Nothing is stored. */
export interface Assessment {
  /** Fields that must be filled before it can be submitted; findings and plan are empty until then. */
  missing: ExpenseField[]
  findings: Finding[]
  plan: Plan | null
  policy: { key: string; name: string; versionId: string } | null
  converted: Converted | null
}

/** Looks at an expense as the policy of today does. Used for the preview on a draft and again by submitting. */
export async function assessExpense(tx: Tx, expense: Expense): Promise<Assessment> {
  const missing = missingFields(expense)
  const { date, amountMinor, currency, categoryId } = expense
  if (missing.length > 0 || date === null || amountMinor === null || currency === null) {
    return { missing, findings: [], plan: null, policy: null, converted: null }
  }
  const money = { minor: amountMinor, currency }
  const company = await getCompany(tx)
  const converted = await toCompanyCurrency(tx, money, date)
  if (!converted)
    return {
      missing: [],
      findings: [noRate(money, date, company)],
      plan: null,
      policy: null,
      converted: null,
    }
  const categories = await listCategories(tx)
  const category = categories.find(({ id }) => id === categoryId)
  if (!category) return { missing: ['category'], findings: [], plan: null, policy: null, converted }
  const receipts = await receiptsOf(tx, expense.id)
  const policies = await currentPolicies(tx)
  const verdict = evaluatePolicy(policies?.policies ?? [], {
    category,
    amountMinor: converted.minor,
    currency: company.currency,
    locale: company.locale,
    hasReceipt: receipts.length > 0,
  })
  const findings = [
    ...verdict.findings,
    ...(await readingFindings(tx, receipts, money, company)),
    ...(await duplicateFindings(tx, expense, receipts, company)),
  ]
  const plan = planApprovals({
    steps: verdict.policy?.steps ?? [],
    submitter: await getPerson(tx, expense.submitterId),
    directory: await loadDirectory(tx),
  })
  if ('nobody' in plan) {
    findings.push({
      code: 'no_approver',
      severity: 'blocking',
      message: 'Nobody in the company may decide this expense. An admin must add an approver.',
      clause: null,
    })
  }
  const policy = verdict.policy && policies && { ...verdict.policy, versionId: policies.versionId }
  return { missing: [], findings, plan, policy, converted }
}

/**
 * Makes submissions of the same receipt, or of the same merchant, date and amount, wait for each other until the end of
 * the transaction: two at the same moment would not see each other, and nobody would be warned.
 */
export async function lockAgainstTwins(tx: Tx, expense: Expense): Promise<void> {
  const receipts = await receiptsOf(tx, expense.id)
  const claim = [
    spellingOf(expense.merchantName ?? ''),
    expense.date,
    expense.amountMinor,
    expense.currency,
  ].join()
  const keys = [claim, ...receipts.map(({ fileSha256 }) => fileSha256)].map((key) => `${tx.companyId} ${key}`)
  for (const key of keys.sort())
    await tx.em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [key])
}

/** The required fields that are still empty. */
export function missingFields(expense: Expense): ExpenseField[] {
  const missing: ExpenseField[] = []
  if (!expense.merchantName) missing.push('merchant')
  if (expense.amountMinor === null) missing.push('amount')
  if (expense.currency === null) missing.push('currency')
  if (expense.date === null) missing.push('date')
  if (expense.categoryId === null) missing.push('category')
  return missing
}

function noRate(money: Money, date: string, company: Company): Finding {
  return {
    code: 'no_rate',
    severity: 'blocking',
    message:
      `There is no exchange rate from ${money.currency} to ${company.currency} for ${formatDate(date, company.locale)}. ` +
      `Please give the amount that was charged in ${company.currency}, or ask finance to load the rate.`,
    clause: null,
  }
}

/** What the receipts say against what is claimed. */
async function readingFindings(
  tx: Tx,
  receipts: Receipt[],
  claimed: Money,
  company: Company,
): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const receipt of receipts) {
    if (receipt.status !== 'read') {
      const message =
        receipt.status === 'waiting'
          ? `${receipt.fileName} is not read yet.`
          : `${receipt.fileName}: ${receipt.problem}`
      findings.push({ code: 'receipt_not_read', severity: 'warning', message, clause: null })
    }
  }
  const [only] = receipts
  const reading = only && receipts.length === 1 ? await latestReading(tx, only.id) : null
  if (!reading?.total || reading.total.confidence < 0.5) return findings
  // A currency that the reading only guessed is no contradiction.
  const isSure = reading.currency !== null && reading.currency.confidence >= 0.5
  const currency = isSure ? (reading.currency?.value ?? claimed.currency) : claimed.currency
  const read = tryAmount(reading.total.value, currency)
  if (read?.minor !== claimed.minor || currency !== claimed.currency) {
    const said = read ? formatMoney(read, company.locale) : reading.total.value
    findings.push({
      code: 'amount_differs',
      severity: 'warning',
      message: `The receipt seems to say ${said}; ${formatMoney(claimed, company.locale)} is claimed.`,
      clause: null,
    })
  }
  return findings
}

/** Other expenses with the same file, or the same merchant, date and amount. They warn; nothing is ever merged. */
async function duplicateFindings(
  tx: Tx,
  expense: Expense,
  receipts: Receipt[],
  company: Company,
): Promise<Finding[]> {
  const sameFile = await expensesWithSameFiles(
    tx,
    expense.id,
    receipts.map(({ fileSha256 }) => fileSha256),
  )
  const merchant = expense.merchantName ? await findMerchant(tx, expense.merchantName) : null
  const others = await tx.em.find(
    Expense,
    {
      companyId: tx.companyId,
      id: { $ne: expense.id },
      status: { $ne: 'cancelled' },
      $or: [
        { id: { $in: sameFile } },
        ...(merchant
          ? [
              {
                status: { $ne: 'draft' as const },
                merchantId: merchant.id,
                date: expense.date,
                amountMinor: expense.amountMinor,
                currency: expense.currency,
              },
            ]
          : []),
      ],
    },
    { orderBy: { id: 'asc' }, limit: 3 },
  )
  const people = await getPeople(
    tx,
    others.map(({ submitterId }) => submitterId),
  )
  return others.map((other) => {
    const isSameFile = sameFile.includes(other.id)
    return twinFinding(isSameFile, other, people.get(other.submitterId)?.name ?? 'somebody', company.locale)
  })
}

/** The sentence about an expense that looks like another one. */
export function twinFinding(isSameFile: boolean, other: Expense, submitter: string, locale: string): Finding {
  const { amountMinor, currency } = other
  const amount =
    amountMinor === null || currency === null ? [] : [formatMoney({ minor: amountMinor, currency }, locale)]
  const about = [submitter, ...amount, statusInWords(other.status)].join(', ')
  return {
    code: isSameFile ? 'duplicate_file' : 'duplicate_fields',
    severity: 'warning',
    message: `${isSameFile ? 'The same receipt file' : 'Same merchant, date and amount'} as ${other.number} (${about}).`,
    clause: null,
    relatedExpenseId: other.id,
  }
}
