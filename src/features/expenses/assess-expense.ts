import type { Tx } from '../../database/index.ts'
import { dateIn } from '../../kernel/calendar-date.ts'
import type { Money } from '../../kernel/money.ts'
import { type Case, judgeInEach, type Plan } from '../approvals/index.ts'
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
  type LimitPeriod,
  limitsFor,
  newFinding,
  notCovered,
  type PolicyDocument,
  type PolicyVerdict,
  policyDocumentSchema,
  policyFacts,
} from '../policy/index.ts'
import { type Receipt, receiptsOf } from '../receipts/index.ts'
import { claimedTwins, type LooksLike } from './another-one.ts'
import { checkReading, type ReadingCheck } from './check-reading.ts'
import { duplicateOf, findTwins, twinFinding } from './duplicates.ts'
import { type Converted, toCompanyCurrency } from './exchange-rates.ts'
import type { Expense, ExpenseField } from './expenses.entity.ts'
import { overlappingStay } from './overlapping-stay.ts'
import { byCategory, type Part, sharesOf } from './shares.ts'
import { coverageOf } from './spend-request-coverage.ts'
import { spentByPerson, spentUnderLimit } from './spending.ts'

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
  /** What it looks like: of these the submitter says that it is another one. Empty where policy stops it anyway. */
  looksLike: LooksLike[]
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
  looksLike: [],
} satisfies Assessment

/** The policies that judge: those in force, or those of the version that judged before. */
export interface JudgingVersion {
  versionId: string
  document: PolicyDocument
}

/** Of a company without policies. */
const noPolicies: PolicyDocument = policyDocumentSchema.parse({})

/** What an expense is looked at with that does not stand in the database. */
export interface Assumed {
  /** Left out: the policies in force. */
  version?: JudgingVersion
  /** Left out: the parts on record. */
  parts?: readonly Part[]
  /** How many receipts are about to come with it, of which nothing is known yet. */
  receiptsToCome?: number
}

/**
 * Looks at an expense as the policy does. Used for the preview on a draft or in a form, by submitting, and for a late
 * reading.
 */
export async function assessExpense(tx: Tx, expense: Expense, assumed: Assumed = {}): Promise<Assessment> {
  const { version, receiptsToCome = 0 } = assumed
  const missing = missingFields(expense)
  const { date, amountMinor, currency } = expense
  if (missing.length > 0 || date === null || amountMinor === null || currency === null) {
    return { ...nothing, missing }
  }
  const money = { minor: amountMinor, currency }
  const company = await getCompany(tx)
  const converted = await toCompanyCurrency(tx, money, date)
  if (!converted) return { ...nothing, findings: [noRate(money, date, company)] }
  const shares = assumed.parts ?? (await sharesOf(tx, expense.id))
  const amounts = byCategory(expense, shares, converted.minor)
  const known = await listCategories(tx)
  const categories = categoriesOf(expense, shares).flatMap((id) => known.find((one) => one.id === id) ?? [])
  if (categories.length < amounts.size) return { ...nothing, missing: ['category'], converted }
  const { versionId, document } = version ??
    (await currentPolicies(tx)) ?? { versionId: null, document: noPolicies }
  const receipts = await receiptsOf(tx, expense.id)
  const reading = await readingOf(tx, expense, { receipts, money, company })
  const twins = await findTwins(tx, expense, receipts)
  const coverage = await coverageOf(tx, expense, { parts: shares, amounts })
  const others = [
    ...reading.findings,
    ...twins.map((twin) => twinFinding(twin, company.locale)),
    ...(await overlappingStay(tx, expense)),
  ]
  const { verdict, plan } = judgeInEach(
    await casesOf(tx, expense, {
      document,
      company,
      categories,
      known,
      amounts,
      converted,
      facts: {
        date,
        currency,
        judgedOn: dateIn((version && expense.submittedAt) || tx.now, company.timeZone),
        receipts: receipts.length + receiptsToCome,
        receiptAmount: reading.amount,
        duplicate: duplicateOf(twins),
      },
      isDoubtful: [...others, ...coverage.findings].some(({ severity }) => severity !== 'info'),
      covered: coverage.cover,
    }),
  )
  // What a rule says of the request stands in its place.
  const isCovered = verdict.findings.every(({ code }) => code !== notCovered)
  const findings = [...verdict.findings, ...others, ...(isCovered ? coverage.findings : [])]
  if ('nobody' in plan) findings.push(noApprover)
  const { policy, automatic, notify } = verdict
  const isStopped = findings.some(({ severity }) => severity === 'blocking')
  const looksLike = isStopped ? [] : claimedTwins(expense, twins)
  return { missing: [], findings, plan, policy, versionId, automatic, notify, converted, looksLike }
}

/** What only receipts are: read, and compared with what is claimed. */
async function readingOf(
  tx: Tx,
  { kind }: Expense,
  { receipts, money, company }: { receipts: Receipt[]; money: Money; company: Company },
): Promise<ReadingCheck> {
  if (kind !== 'receipt') return { amount: 'unknown', findings: [] }
  return checkReading(tx, receipts, money, company.locale)
}

/** What it is for, that of the biggest part first. */
const categoriesOf = ({ categoryId }: Expense, shares: readonly Part[]): (string | null)[] =>
  shares.length === 0 ? [categoryId] : [...new Set([categoryId, ...shares.map((share) => share.categoryId)])]

type FactsOfNow = 'date' | 'currency' | 'judgedOn' | 'receipts' | 'receiptAmount' | 'duplicate'
interface Circumstances extends Pick<Case, 'document' | 'isDoubtful' | 'covered'> {
  company: Company
  /** Those that it is for. */
  categories: Category[]
  known: Category[]
  /** What is for which category, by id. */
  amounts: ReadonlyMap<string, number>
  converted: Converted
  facts: Pick<Parameters<typeof policyFacts>[0], FactsOfNow>
}

/** The whole expense as policy sees it in each of its categories. */
async function casesOf(tx: Tx, expense: Expense, given: Circumstances): Promise<Case[]> {
  const { document, company, categories, known, amounts, converted, facts, isDoubtful, covered } = given
  const directory = await loadDirectory(tx)
  const submitter = memberOf(directory.people, expense.submitterId)
  const homeTeam = homeTeamName(directory, submitter)
  const spent = new Map<string, number>()
  const counted = new Map<string, number>()
  for (const { key: category } of categories) {
    for (const period of limitsFor(document, { category, homeTeam, date: facts.date })) {
      const { key } = period.limit
      if (spent.has(key)) continue
      spent.set(key, await spentUnderLimit(tx, expense, period, submitter))
      counted.set(key, countedUnder(period, categories, amounts))
    }
  }
  const all = {
    ...facts,
    kind: expense.kind,
    submitter,
    teamNames: directory.teamNames,
    merchant: expense.merchantName ?? '',
    note: expense.note ?? '',
    attendees: expense.attendees.length,
    paidBy: expense.paidBy,
    reason: await reasonKey(tx, expense),
    companyMinor: converted.minor,
    spent: await spentByPerson(tx, expense, facts.date),
  }
  const { currency, locale } = company
  return categories.map(({ id: categoryId, key: category }) => ({
    document,
    facts: policyFacts({ ...all, category }),
    setting: { currency, locale, categoryNames: namesOf(known) },
    spent,
    counted,
    submitter,
    directory,
    categoryId,
    isDoubtful,
    covered,
  }))
}

/** What of an expense counts towards a limit: all of it, or what is for the limit's categories. */
export function countedUnder(
  { limit }: Pick<LimitPeriod, 'limit'>,
  categories: readonly { id: string; key: string }[],
  amounts: ReadonlyMap<string, number>,
): number {
  return categories
    .filter(({ key }) => limit.category?.includes(key) ?? true)
    .reduce((sum, { id }) => sum + (amounts.get(id) ?? 0), 0)
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

/** The required fields that are still empty. */
export function missingFields(expense: Expense): ExpenseField[] {
  const missing: ExpenseField[] = []
  const { kind, calculation } = expense
  if (kind === 'mileage' && !calculation) missing.push('trip')
  if (kind === 'per_diem' && !calculation) missing.push('stay')
  const isTyped = kind === 'receipt' || kind === 'request'
  if (isTyped && !expense.merchantName) missing.push('merchant')
  if (isTyped && expense.amountMinor === null) missing.push('amount')
  if (isTyped && expense.currency === null) missing.push('currency')
  if (kind !== 'per_diem' && expense.date === null) missing.push('date')
  if (expense.categoryId === null) missing.push('category')
  return missing
}

function noRate({ currency: from }: Money, date: string, { currency: to, locale }: Company): Finding {
  return newFinding(
    { code: 'no_rate', severity: 'blocking', clause: null },
    { kind: 'no_rate', facts: { from, to, date } },
    { locale },
  )
}

/** It tells no figures and no dates: its sentence is the same by any locale. */
export const noApprover: Finding = newFinding(
  { code: 'no_approver', severity: 'blocking', clause: null },
  { kind: 'no_approver', facts: {} },
  { locale: 'en-US' },
)
