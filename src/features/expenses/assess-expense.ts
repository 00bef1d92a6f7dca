import type { Tx } from '../../database/index.ts'
import { dateIn, formatDate } from '../../kernel/calendar-date.ts'
import type { Money } from '../../kernel/money.ts'
import { judge, type Plan } from '../approvals/index.ts'
import {
  type Category,
  type Company,
  getCompany,
  homeTeamName,
  listAllReasons,
  listCategories,
  loadDirectory,
  type Member,
} from '../people/index.ts'
import {
  currentPolicies,
  type Finding,
  limitsFor,
  type PolicyDocument,
  type PolicyVerdict,
  policyFacts,
} from '../policy/index.ts'
import { receiptsOf } from '../receipts/index.ts'
import { checkReading } from './check-reading.ts'
import { duplicateOf, findTwins, twinFinding } from './duplicates.ts'
import { type Converted, toCompanyCurrency } from './exchange-rates.ts'
import type { Expense, ExpenseField } from './expenses.entity.ts'
import { spellingOf } from './merchants.ts'
import { spendingKeys, spentByPerson, spentUnderLimit } from './spending.ts'

/** What policy says of an expense as it stands, and who would decide it. Nothing is stored. */
export interface Assessment {
  /** Fields that must be filled before it can be submitted; findings and plan are empty until then. */
  missing: ExpenseField[]
  findings: Finding[]
  plan: Plan | null
  policy: { key: string; name: string } | null
  /** The version that judged; null for a company without policies. */
  versionId: string | null
  /** The clause under which nobody is asked. */
  automatic: string | null
  /** Who is to be told, by which clause. */
  notify: PolicyVerdict['notify']
  converted: Converted | null
}

const nothing = {
  missing: [],
  findings: [],
  plan: null,
  policy: null,
  versionId: null,
  automatic: null,
  notify: [],
  converted: null,
} satisfies Assessment

/** The policies that judge: those in force, or those of the version that judged before. */
export interface JudgingVersion {
  versionId: string
  document: PolicyDocument
}

const noPolicies: PolicyDocument = { policies: [], rules: [], limits: [], tests: [] }

/** Looks at an expense as the policy does. Used for the preview on a draft, by submitting, and for a late reading. */
export async function assessExpense(tx: Tx, expense: Expense, version?: JudgingVersion): Promise<Assessment> {
  const missing = missingFields(expense)
  const { date, amountMinor, currency } = expense
  if (missing.length > 0 || date === null || amountMinor === null || currency === null) {
    return { ...nothing, missing }
  }
  const money = { minor: amountMinor, currency }
  const company = await getCompany(tx)
  const converted = await toCompanyCurrency(tx, money, date)
  if (!converted) return { ...nothing, findings: [noRate(money, date, company)] }
  const categories = await listCategories(tx)
  const category = categories.find(({ id }) => id === expense.categoryId)
  if (!category) return { ...nothing, missing: ['category'], converted }
  const directory = await loadDirectory(tx)
  const submitter = memberOf(directory.people, expense.submitterId)
  const receipts = await receiptsOf(tx, expense.id)
  const twins = await findTwins(tx, expense, receipts)
  const reading = await checkReading(tx, receipts, money, company.locale)
  const facts = policyFacts({
    submitter,
    teamNames: directory.teamNames,
    merchant: expense.merchantName ?? '',
    note: expense.note ?? '',
    attendees: expense.attendees.length,
    paidBy: expense.paidBy,
    category: category.key,
    reason: await reasonKey(tx, expense),
    date,
    judgedOn: dateIn((version && expense.submittedAt) || tx.now, company.timeZone),
    currency,
    companyMinor: converted.minor,
    receipts: receipts.length,
    receiptAmount: reading.amount,
    duplicate: duplicateOf(twins),
    spent: await spentByPerson(tx, expense, date),
  })
  const { versionId, document } = version ??
    (await currentPolicies(tx)) ?? { versionId: null, document: noPolicies }
  const spent = new Map<string, number>()
  const homeTeam = homeTeamName(directory, submitter)
  for (const period of limitsFor(document, { category: category.key, homeTeam, date })) {
    spent.set(period.limit.key, await spentUnderLimit(tx, expense, period, submitter))
  }
  const others = [...reading.findings, ...twins.map((twin) => twinFinding(twin, company.locale))]
  const { verdict, plan } = judge({
    document,
    facts,
    setting: { currency: company.currency, locale: company.locale, categoryNames: namesOf(categories) },
    spent,
    submitter,
    directory,
    categoryId: category.id,
    isDoubtful: others.length > 0,
  })
  const findings = [...verdict.findings, ...others]
  if ('nobody' in plan) findings.push(noApprover)
  const { policy, automatic, notify } = verdict
  return { missing: [], findings, plan, policy, versionId, automatic, notify, converted }
}

async function reasonKey(tx: Tx, { reasonId }: Expense): Promise<string | null> {
  if (reasonId === null) return null
  return (await listAllReasons(tx)).find(({ id }) => id === reasonId)?.key ?? null
}

const namesOf = (categories: Category[]) => new Map(categories.map(({ key, name }) => [key, name]))

function memberOf(people: Member[], id: string): Member {
  const member = people.find((person) => person.id === id)
  if (!member) throw new Error(`no person ${id} in this company`)
  return member
}

/**
 * Makes submissions wait for each other until the end of the transaction where one changes what policy says of the other:
 * the same receipt, the same merchant, date and amount, or spending under one limit. Two at the same moment would not see
 * each other.
 */
export async function lockAgainstOthers(tx: Tx, expense: Expense): Promise<void> {
  const receipts = await receiptsOf(tx, expense.id)
  const claim = [
    spellingOf(expense.merchantName ?? ''),
    expense.date,
    expense.amountMinor,
    expense.currency,
  ].join()
  const keys = [claim, ...receipts.map(({ fileSha256 }) => fileSha256), ...(await limitKeys(tx, expense))]
  // Always in the same order, or two of these wait for each other.
  for (const key of keys.map((key) => `${tx.companyId} ${key}`).sort())
    await tx.em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [key])
}

async function limitKeys(tx: Tx, expense: Expense): Promise<string[]> {
  const directory = await loadDirectory(tx)
  const submitter = memberOf(directory.people, expense.submitterId)
  const category = (await listCategories(tx)).find(({ id }) => id === expense.categoryId)
  const policies = await currentPolicies(tx)
  if (!category || !policies || expense.date === null) return spendingKeys([], submitter)
  const homeTeam = homeTeamName(directory, submitter)
  return spendingKeys(
    limitsFor(policies.document, { category: category.key, homeTeam, date: expense.date }),
    submitter,
  )
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

export const noApprover: Finding = {
  code: 'no_approver',
  severity: 'blocking',
  message:
    'Nobody in the company may decide this expense. An admin must add an approver; they are told when it is submitted.',
  clause: null,
}
