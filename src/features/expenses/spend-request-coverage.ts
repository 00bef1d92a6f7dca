import type { Tx } from '../../database/index.ts'
import { dateIn, formatDate } from '../../kernel/calendar-date.ts'
import { formatMoney, percentOf } from '../../kernel/money.ts'
import { summarizeRequest } from '../approvals/index.ts'
import { type Company, getCompany, namesOfCostCentres } from '../people/index.ts'
import type { Cover, Finding } from '../policy/index.ts'
import { Expense } from './expenses.entity.ts'
import { findingsOf } from './findings.ts'
import { type Part, sharesOf } from './shares.ts'
import { type Account, accountOf, leftOf, total } from './spend-request-draws.ts'
import { statusInWords } from './status.ts'

export interface Coverage {
  /** null where the request does not pay for it. */
  cover: Cover | null
  /** That it pays, or why not. */
  findings: Finding[]
}

/**
 * Whether the request that an expense names pays for it: people approved it, before the money was spent, for its categories
 * and cost centres, and what is drawn for each category exceeds what was approved for it by no more than the company
 * tolerates. Whoever acts upon it holds the request (`holdSpendRequestOf`).
 * @param split the parts of the expense, and what of it is for which category, in minor units of the company's currency
 */
export async function coverageOf(
  tx: Tx,
  expense: Expense,
  { parts, amounts }: { parts: readonly Part[]; amounts: ReadonlyMap<string, number> },
): Promise<Coverage> {
  if (expense.requestId === null) return { cover: null, findings: [] }
  const request = await tx.em.findOneOrFail(Expense, { id: expense.requestId })
  const { number } = request
  if (request.status !== 'approved') {
    const is = request.status === 'cancelled' ? 'closed' : statusInWords(request.status)
    return refused('request_not_open', `${number} is ${is}, so it does not pay for this.`)
  }
  const by = await approversOf(tx, request)
  if (by.length === 0) {
    // No warning: what a rule passes without a request, it passes with one.
    const message = `Nobody had to approve ${number}, so it does not pay for this.`
    return refused('request_automatic', message, 'info')
  }
  const company = await getCompany(tx)
  const approvedOn = dateIn(request.completedAt ?? tx.now, company.timeZone)
  const day = formatDate(approvedOn, company.locale)
  if (expense.date !== null && expense.date < approvedOn) {
    const message = `${number} was approved on ${day}, after this was spent, so it does not pay for this.`
    return refused('request_too_late', message)
  }
  const account = await accountOf(tx, request, expense)
  const problem =
    (await otherBooking(tx, centresByCategory(expense, parts), request)) ??
    exceeded(request, account, { amounts, company })
  if (problem) return problem
  const clause = `${number}, approved by ${by.join(' and ')}, ${day}`
  const after = withThis(account, amounts)
  const message = `${number} pays for this: ${whatIsLeft(after, [...amounts.keys()], company)}.`
  return {
    cover: { number, clause, found: (await findingsOf(tx, request.id)).map(({ code }) => code) },
    findings: [{ code: 'request_covers', severity: 'info', message, clause }],
  }
}

/** `USD 40.00 of it is left after this`, or by how much it is exceeded in these categories. */
function whatIsLeft(after: Account, categoryIds: string[], { currency, locale }: Company): string {
  const { approved, used } = after
  const money = (minor: number) => formatMoney({ minor, currency }, locale)
  const over = categoryIds.map((id) => Math.max(0, (used.get(id) ?? 0) - (approved.get(id) ?? 0)))
  const left = leftOf(after)
  const beyond = total(over)
  const rest = `${left > 0 ? money(left) : 'nothing'} of it is left after this`
  if (beyond === 0) return rest
  const exceeds = `${money(beyond)} more than approved, within the tolerance`
  return left > 0 ? `${exceeds}; ${rest}` : exceeds
}

function refused(code: string, message: string, severity: Finding['severity'] = 'warning'): Coverage {
  return { cover: null, findings: [{ code, severity, message, clause: null }] }
}

/** Who decided: `Eve Davis`, `Bob Smith for Alice Chen`. Nobody where a rule approved it. */
async function approversOf(tx: Tx, request: Expense): Promise<string[]> {
  const summary = await summarizeRequest(tx, request.id)
  const names = (summary?.steps ?? [])
    .filter(({ required }) => required)
    .flatMap(({ approvals }) => approvals)
    .flatMap(({ status, decided }) => (status === 'approved' && decided ? [decided] : []))
    .map(({ by, onBehalfOf }) => (onBehalfOf === null ? by : `${by} for ${onBehalfOf}`))
  return [...new Set(names)]
}

/** The expense, or a part of it, is for a category, or for a cost centre, that the request is not for. */
async function otherBooking(tx: Tx, wanted: Centres, request: Expense): Promise<Coverage | null> {
  const { number } = request
  const approved = centresByCategory(request, await sharesOf(tx, request.id))
  if ([...wanted.keys()].some((id) => !approved.has(id))) {
    const message = `${number} is for another category, so it does not pay for all of this.`
    return refused('request_other_category', message)
  }
  for (const [id, centres] of wanted) {
    const allowed = [...(approved.get(id) ?? [])].flatMap((code) => code ?? [])
    const isOpen = approved.get(id)?.has(null)
    if (isOpen || [...centres].every((code) => code !== null && allowed.includes(code))) continue
    const names = await namesOfCostCentres(tx)
    const list = allowed.map((code) => `${code} ${names.get(code) ?? ''}`.trim()).join(' and ')
    const message = `${number} is for cost centre${allowed.length > 1 ? 's' : ''} ${list}, so it does not pay for all of this.`
    return refused('request_other_cost_centre', message)
  }
  return null
}

/** To which cost centres what is for each category is booked; null: to none. */
type Centres = Map<string, Set<string | null>>

function centresByCategory(
  { categoryId, costCentre }: Expense,
  parts: readonly Pick<Part, 'categoryId' | 'costCentre'>[],
): Centres {
  const centres: Centres = new Map()
  for (const part of parts.length > 0 ? parts : [{ categoryId: categoryId ?? '', costCentre }]) {
    const known = centres.get(part.categoryId) ?? new Set()
    centres.set(part.categoryId, known.add(part.costCentre ?? costCentre))
  }
  return centres
}

function exceeded(
  { number }: Expense,
  { approved, used }: Account,
  { amounts, company }: { amounts: ReadonlyMap<string, number>; company: Company },
): Coverage | null {
  const drawn = [...amounts].map(([id, minor]) => ({
    of: approved.get(id) ?? 0,
    would: (used.get(id) ?? 0) + minor,
  }))
  const percent = company.requestTolerancePercent
  if (drawn.every(({ of, would }) => would <= of + percentOf(of, percent))) return null
  const money = (minor: number) => formatMoney({ minor, currency: company.currency }, company.locale)
  const beyond = total(drawn.map(({ of, would }) => Math.max(0, would - of)))
  const message =
    `With this, ${money(total(drawn.map(({ would }) => would)))} of ${number} would be spent: ` +
    `${money(beyond)} more than the ${money(total(drawn.map(({ of }) => of)))} that was approved.`
  return refused('request_exceeded', message)
}

const withThis = ({ approved, used }: Account, amounts: ReadonlyMap<string, number>): Account => ({
  approved,
  used: new Map([...approved.keys()].map((id) => [id, (used.get(id) ?? 0) + (amounts.get(id) ?? 0)])),
})
