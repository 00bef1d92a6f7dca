import type { Tx } from '../../database/index.ts'
import { dateIn, formatDate } from '../../kernel/calendar-date.ts'
import { type Money, percentOf } from '../../kernel/money.ts'
import { summarizeRequest } from '../approvals/index.ts'
import { type Company, getCompany, namesOfCostCentres } from '../people/index.ts'
import { type Cover, type Finding, newFinding, type Said } from '../policy/index.ts'
import { Expense } from './expenses.entity.ts'
import { findingsOf } from './findings.ts'
import { type Part, sharesOf } from './shares.ts'
import { type Account, accountOf, leftOf, total } from './spend-request-draws.ts'

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
    return refused({ kind: 'request_not_open', facts: { number, status: request.status } })
  }
  const by = await approversOf(tx, request)
  if (by.length === 0) {
    // No warning: what a rule passes without a request, it passes with one.
    return refused({ kind: 'request_automatic', facts: { number } }, { severity: 'info' })
  }
  const company = await getCompany(tx)
  const approvedOn = dateIn(request.completedAt ?? tx.now, company.timeZone)
  const day = formatDate(approvedOn, company.locale)
  if (expense.date !== null && expense.date < approvedOn) {
    return refused({ kind: 'request_too_late', facts: { number, approvedOn } }, company)
  }
  const account = await accountOf(tx, request, expense)
  const problem =
    (await otherBooking(tx, centresByCategory(expense, parts), request)) ??
    exceeded(request, account, { amounts, company })
  if (problem) return problem
  const clause = `${number}, approved by ${by.join(' and ')}, ${day}`
  const after = withThis(account, amounts)
  const covers: Said = {
    kind: 'request_covers',
    facts: { number, ...whatIsLeft(after, [...amounts.keys()], company) },
  }
  return {
    cover: { number, clause, found: (await findingsOf(tx, request.id)).map(({ code }) => code) },
    findings: [newFinding({ code: 'request_covers', severity: 'info', clause }, covers, company)],
  }
}

/** What is left of it after this, and by how much it is exceeded in these categories; null: nothing. */
function whatIsLeft(
  { approved, used }: Account,
  categoryIds: string[],
  { currency }: Company,
): { left: Money | null; beyond: Money | null } {
  const over = categoryIds.map((id) => Math.max(0, (used.get(id) ?? 0) - (approved.get(id) ?? 0)))
  const money = (minor: number) => (minor > 0 ? { minor, currency } : null)
  return { left: money(leftOf({ approved, used })), beyond: money(total(over)) }
}

/** What it says is its code as well. */
function refused(
  said: Said,
  { severity = 'warning', locale = 'en-US' }: { severity?: Finding['severity']; locale?: string } = {},
): Coverage {
  const finding = newFinding({ code: said.kind, severity, clause: null }, said, { locale })
  return { cover: null, findings: [finding] }
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
    return refused({ kind: 'request_other_category', facts: { number } })
  }
  for (const [id, booked] of wanted) {
    const allowed = [...(approved.get(id) ?? [])].flatMap((code) => code ?? [])
    const isOpen = approved.get(id)?.has(null)
    if (isOpen || [...booked].every((code) => code !== null && allowed.includes(code))) continue
    const names = await namesOfCostCentres(tx)
    const centres = allowed.map((code) => `${code} ${names.get(code) ?? ''}`.trim())
    return refused({ kind: 'request_other_cost_centre', facts: { number, centres } })
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
  const money = (minor: number): Money => ({ minor, currency: company.currency })
  const facts = {
    number,
    would: money(total(drawn.map(({ would }) => would))),
    beyond: money(total(drawn.map(({ of, would }) => Math.max(0, would - of)))),
    approved: money(total(drawn.map(({ of }) => of))),
  }
  return refused({ kind: 'request_exceeded', facts }, company)
}

const withThis = ({ approved, used }: Account, amounts: ReadonlyMap<string, number>): Account => ({
  approved,
  used: new Map([...approved.keys()].map((id) => [id, (used.get(id) ?? 0) + (amounts.get(id) ?? 0)])),
})
