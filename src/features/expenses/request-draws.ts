import type { Tx } from '../../database/index.ts'
import { dateIn, formatDate } from '../../kernel/calendar-date.ts'
import { userError } from '../../kernel/errors.ts'
import { formatMoney, percentOf } from '../../kernel/money.ts'
import { summarizeRequest } from '../approvals/index.ts'
import { type Company, getCompany, requireActor } from '../people/index.ts'
import type { Finding } from '../policy/index.ts'
import type { DrawnRequest, DrawnSummary } from './expense-view.ts'
import { Expense, ExpenseShare } from './expenses.entity.ts'
import { findingsOf } from './findings.ts'
import { byCategory, sharesOf } from './shares.ts'
import { countsBefore, countsBeforeValues } from './spending.ts'
import { type ExpenseStatus, statusInWords } from './status.ts'

/** An expense that draws on a request to spend: its amount in company currency, and how much of it for which category. */
interface Draw {
  id: string
  number: string
  status: ExpenseStatus
  minor: number
  amounts: Map<string, number>
}

/** What is on its way or approved and draws on a request; before `expense`, where one is given, and without it. */
async function drawsOn(tx: Tx, requestId: string, expense?: Expense): Promise<Draw[]> {
  await tx.em.flush()
  const rows = await tx.em.execute<{ id: string }[]>(
    `select e.id from expense e where e.company_id = ? and e.request_id = ? and ${countsBefore}`,
    [tx.companyId, requestId, ...countsBeforeValues(tx, expense)],
  )
  const ids = { $in: rows.map(({ id }) => id) }
  const { companyId } = tx
  const drawing = await tx.em.find(Expense, { companyId, id: ids }, { orderBy: { id: 'asc' } })
  const parts = await tx.em.find(
    ExpenseShare,
    { companyId, expenseId: ids },
    { orderBy: { position: 'asc' } },
  )
  return drawing.map((one) => {
    const { id, number, status, companyAmountMinor } = one
    const shares = parts.filter(({ expenseId }) => expenseId === id)
    const minor = companyAmountMinor ?? 0
    return { id, number, status, minor, amounts: byCategory(one, shares, minor) }
  })
}

/** How much of a request was approved for which category, and how much of it is drawn. */
interface Account {
  approved: Map<string, number>
  used: Map<string, number>
}

async function accountOf(tx: Tx, request: Expense, expense?: Expense): Promise<Account> {
  const approved = byCategory(request, await sharesOf(tx, request.id), request.companyAmountMinor ?? 0)
  const used = new Map<string, number>()
  for (const { amounts } of await drawsOn(tx, request.id, expense)) {
    for (const [id, minor] of amounts) used.set(id, (used.get(id) ?? 0) + minor)
  }
  return { approved, used }
}

const leftOf = ({ approved, used }: Account): number =>
  total([...approved].map(([id, minor]) => Math.max(0, minor - (used.get(id) ?? 0))))
const total = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0)

export interface Coverage {
  /** The clause under which nobody is asked, as a request that was approved pays for it; null where it does not. */
  clause: string | null
  findings: Finding[]
}

/**
 * Whether the approved request that an expense names pays for it: as long as what is drawn for each category exceeds what
 * was approved for it by no more than the company tolerates. Whoever acts upon it holds the request (`holdRequestOf`).
 * @param amounts what of the expense is for which category; minor units of the company's currency
 */
export async function coverageOf(
  tx: Tx,
  expense: Expense,
  amounts: ReadonlyMap<string, number>,
): Promise<Coverage> {
  if (expense.requestId === null) return { clause: null, findings: [] }
  const company = await getCompany(tx)
  const request = await tx.em.findOneOrFail(Expense, { id: expense.requestId })
  const account = await accountOf(tx, request, expense)
  const problem = problemWith(request, account, { amounts, company })
  if (problem) return { clause: null, findings: [problem] }
  const clause = await approvalOf(tx, request, company)
  const used = total([...amounts.values()])
  const left = formatMoney({ minor: leftOf(account) - used, currency: company.currency }, company.locale)
  const after =
    leftOf(account) > used ? `${left} of it is left after this` : 'nothing of it is left after this'
  const message = `${request.number} pays for this: ${after}.`
  return { clause, findings: [{ code: 'request_covers', severity: 'info', message, clause }] }
}

function problemWith(
  request: Expense,
  { approved, used }: Account,
  { amounts, company }: { amounts: ReadonlyMap<string, number>; company: Company },
): Finding | null {
  const { number } = request
  const finding = (code: string, message: string): Finding => ({
    code,
    severity: 'warning',
    message,
    clause: null,
  })
  if (request.status !== 'approved') {
    const is = request.status === 'cancelled' ? 'closed' : statusInWords(request.status)
    return finding('request_not_open', `${number} is ${is}, so it does not pay for this.`)
  }
  if ([...amounts.keys()].some((id) => !approved.has(id))) {
    return finding(
      'request_other_category',
      `${number} is for another category, so it does not pay for all of this.`,
    )
  }
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
  return finding('request_exceeded', message)
}

/** `REQ-2026-0007, approved by Eve Davis, Nov 3, 2026` */
async function approvalOf(tx: Tx, request: Expense, { timeZone, locale }: Company): Promise<string> {
  const summary = await summarizeRequest(tx, request.id)
  const names = (summary?.steps ?? [])
    .filter(({ required }) => required)
    .flatMap(({ approvals }) => approvals)
    .flatMap(({ status, decided }) => (status === 'approved' && decided ? [decided] : []))
    .map(({ by, onBehalfOf }) => (onBehalfOf === null ? by : `${by} for ${onBehalfOf}`))
  const findings = await findingsOf(tx, request.id)
  const automatic = findings.find(({ code }) => code === 'approved_automatically')?.clause
  const how = names.length > 0 ? `by ${[...new Set(names)].join(' and ')}` : `under ${automatic}`
  const on = formatDate(dateIn(request.completedAt ?? tx.now, timeZone), locale)
  return `${request.number}, approved ${how}, ${on}`
}

/** Of two expenses at one moment that draw on a request, one waits until the other is decided. */
export async function holdRequestOf(tx: Tx, { requestId }: Expense): Promise<void> {
  if (requestId === null) return
  await tx.em.flush()
  await tx.em.execute('select 1 from expense where id = ? for no key update', [requestId])
  await tx.em.findOneOrFail(Expense, { id: requestId }, { refresh: true })
}

/** The approved requests of a person that expenses may still name, the newest first. */
export async function listOpenRequests(tx: Tx, personId: string): Promise<DrawnRequest[]> {
  const requests = await tx.em.find(
    Expense,
    { companyId: tx.companyId, submitterId: personId, kind: 'request', status: 'approved' },
    { orderBy: { id: 'desc' } },
  )
  const found: DrawnRequest[] = []
  for (const { id } of requests) found.push(await drawnRequest(tx, id))
  return found
}

/** A request to spend, with what `expense` may still take of it. */
export async function drawnRequest(tx: Tx, requestId: string, expense?: Expense): Promise<DrawnRequest> {
  const { currency } = await getCompany(tx)
  const request = await tx.em.findOneOrFail(Expense, { id: requestId })
  const left = request.status === 'approved' ? leftOf(await accountOf(tx, request, expense)) : 0
  return {
    id: request.id,
    number: request.number,
    merchant: request.merchantName ?? '',
    approved: { minor: request.companyAmountMinor ?? 0, currency },
    left: { minor: left, currency },
  }
}

/** What has become of a request to spend. */
export async function drawnSummary(tx: Tx, request: Expense): Promise<DrawnSummary> {
  const { currency } = await getCompany(tx)
  const draws = await drawsOn(tx, request.id)
  const left = request.status === 'approved' ? leftOf(await accountOf(tx, request)) : 0
  return {
    used: { minor: total(draws.map(({ minor }) => minor)), currency },
    left: { minor: left, currency },
    expenses: draws.map(({ id, number, minor, status }) => ({
      id,
      number,
      status,
      amount: { minor, currency },
    })),
  }
}

/** The numbers of the expenses on their way or approved that draw on a request. */
export async function drawingOn(tx: Tx, requestId: string): Promise<string[]> {
  return (await drawsOn(tx, requestId)).map(({ number }) => number)
}

/**
 * The actor's own approved request, as a form names it; null for none.
 * @throws userError `request_unknown`
 */
export async function parseRequestId(tx: Tx, id: string | undefined): Promise<string | null> {
  if (!id) return null
  const { id: personId } = await requireActor(tx)
  const request = await tx.em.findOne(Expense, {
    id,
    kind: 'request',
    submitterId: personId,
    status: 'approved',
  })
  if (request) return id
  throw userError('request_unknown', 'Please choose one of your approved requests.', { field: 'requestId' })
}

/**
 * The request that an expense names must be for its category, or for that of one of its parts.
 * @throws userError `request_other_category`
 */
export async function requireSameCategory(tx: Tx, expense: Expense): Promise<void> {
  if (expense.requestId === null || expense.categoryId === null) return
  const request = await tx.em.findOneOrFail(Expense, { id: expense.requestId })
  const approved = byCategory(request, await sharesOf(tx, request.id), request.companyAmountMinor ?? 0)
  const parts = await sharesOf(tx, expense.id)
  const wanted = parts.length > 0 ? parts.map(({ categoryId }) => categoryId) : [expense.categoryId]
  if (wanted.some((id) => approved.has(id))) return
  throw userError('request_other_category', `${request.number} is for another category.`, {
    field: 'requestId',
  })
}
