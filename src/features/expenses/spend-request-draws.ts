import { z } from 'zod'
import type { Tx } from '../../database/index.ts'
import { userError } from '../../kernel/errors.ts'
import { getCompany, requireActor } from '../people/index.ts'
import type { DrawnRequest, DrawnSummary, HeldRequest } from './expense-view.ts'
import { Expense } from './expenses.entity.ts'
import { byCategory, type Part, sharesOf } from './shares.ts'
import { countsBefore, countsBeforeValues } from './spending.ts'
import type { ExpenseStatus } from './status.ts'

/** How much of a request was approved for which category, and how much of it is drawn; minor units of the company's currency. */
export interface Account {
  approved: Map<string, number>
  used: Map<string, number>
}

/** What may still be drawn: what one category exceeds takes nothing from another. */
export const leftOf = ({ approved, used }: Account): number =>
  total([...approved].map(([id, minor]) => Math.max(0, minor - (used.get(id) ?? 0))))
export const total = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0)

/** The requests meant by `which`, each with its categories. Values in order: company, those of `which`, company, those of `countsBefore`. */
const accountSql = (which: string) =>
  `with request as (select e.* from expense e where e.company_id = ? and ${which}),
   approved as (
     select r.id, coalesce(s.category_id, r.category_id) as category_id,
       sum(coalesce(s.company_amount_minor, r.company_amount_minor)) as minor
     from request r left join expense_share s on s.company_id = r.company_id and s.expense_id = r.id group by 1, 2),
   used as (
     select e.request_id as id, coalesce(s.category_id, e.category_id) as category_id,
       sum(coalesce(s.company_amount_minor, e.company_amount_minor)) as minor
     from expense e left join expense_share s on s.company_id = e.company_id and s.expense_id = e.id
     where e.company_id = ? and e.request_id in (select id from request) and ${countsBefore} group by 1, 2)
   select id, category_id, approved.minor as approved, coalesce(used.minor, 0) as used,
     bool_or(approved.minor > coalesce(used.minor, 0)) over (partition by id) as is_open
   from approved left join used using (id, category_id)`

interface AccountRow {
  id: string
  category_id: string
  approved: string
  used: string
}

function accountsFrom(rows: AccountRow[]): Map<string, Account> {
  const accounts = new Map<string, Account>()
  for (const { id, category_id, approved, used } of rows) {
    const account = accounts.get(id) ?? { approved: new Map(), used: new Map() }
    account.approved.set(category_id, Number(approved))
    account.used.set(category_id, Number(used))
    accounts.set(id, account)
  }
  return accounts
}

/** What was approved and is drawn of one request; before `expense`, where one is given, and without it. */
export async function accountOf(tx: Tx, { id }: Expense, expense?: Expense): Promise<Account> {
  await tx.em.flush()
  const rows = await tx.em.execute<AccountRow[]>(accountSql('e.id = ?'), [
    tx.companyId,
    id,
    tx.companyId,
    ...countsBeforeValues(tx, expense),
  ])
  return accountsFrom(rows).get(id) ?? { approved: new Map(), used: new Map() }
}

/** The approved requests of a person of which something is left, the newest first: expenses may still name them. */
export async function listSpendRequests(tx: Tx, personId: string): Promise<DrawnRequest[]> {
  return accountsOf(tx, { personId, waiting: [] })
}

/**
 * The same for whoever looks after them, with what is drawn: also those of which nothing is left, as long as something that
 * draws on them is not approved yet.
 */
export async function listHeldRequests(tx: Tx, personId: string): Promise<HeldRequest[]> {
  const { companyId } = tx
  await tx.em.flush()
  const rows = await tx.em.execute<{ id: string; minor: string; waits: boolean }[]>(
    `select e.request_id as id, sum(coalesce(e.company_amount_minor, 0)) as minor,
       bool_or(e.status in ('submitted', 'awaiting_approval')) as waits
     from expense e where e.company_id = ? and e.request_id in
       (select id from expense where company_id = ? and kind = 'request' and status = 'approved' and submitter_id = ?)
       and ${countsBefore} group by 1`,
    [companyId, companyId, personId, ...countsBeforeValues(tx)],
  )
  const used = new Map(rows.map(({ id, minor }) => [id, Number(minor)]))
  const waiting = rows.filter(({ waits }) => waits).map(({ id }) => id)
  const { currency } = await getCompany(tx)
  return (await accountsOf(tx, { personId, waiting })).map((request) => ({
    ...request,
    used: { minor: used.get(request.id) ?? 0, currency },
  }))
}

/** @param waiting the ids of those that are wanted although nothing is left of them */
async function accountsOf(
  tx: Tx,
  { personId, waiting }: { personId: string; waiting: string[] },
): Promise<DrawnRequest[]> {
  const { companyId } = tx
  const mine = accountSql(`e.kind = 'request' and e.status = 'approved' and e.submitter_id = ?`)
  await tx.em.flush()
  const rows = await tx.em.execute<AccountRow[]>(
    `select * from (${mine}) account where is_open or id = any (?::uuid[]) order by id desc`,
    [companyId, personId, companyId, ...countsBeforeValues(tx), `{${waiting.join(',')}}`],
  )
  const accounts = accountsFrom(rows)
  const requests = await tx.em.find(Expense, { companyId, id: { $in: [...accounts.keys()] } })
  const { currency } = await getCompany(tx)
  return [...accounts].flatMap(([id, account]) => {
    const request = requests.find((one) => one.id === id)
    return request ? [asDrawn(request, leftOf(account), currency)] : []
  })
}

function asDrawn(request: Expense, left: number, currency: string): DrawnRequest {
  return {
    id: request.id,
    number: request.number,
    merchant: request.merchantName ?? '',
    approved: { minor: request.companyAmountMinor ?? 0, currency },
    left: { minor: left, currency },
  }
}

/** A request to spend, with what `expense` may still take of it. */
export async function drawnSpendRequest(tx: Tx, requestId: string, expense: Expense): Promise<DrawnRequest> {
  const { currency } = await getCompany(tx)
  const request = await tx.em.findOneOrFail(Expense, { id: requestId })
  return asDrawn(request, await leftNow(tx, request, expense), currency)
}

async function leftNow(tx: Tx, request: Expense, expense?: Expense): Promise<number> {
  return request.status === 'approved' ? leftOf(await accountOf(tx, request, expense)) : 0
}

interface Draw {
  id: string
  number: string
  status: ExpenseStatus
  minor: string
}

/** What is on its way or approved and draws on a request, oldest first. */
async function drawsOn(tx: Tx, requestId: string): Promise<Draw[]> {
  await tx.em.flush()
  return tx.em.execute<Draw[]>(
    `select e.id, e.number, e.status, coalesce(e.company_amount_minor, 0) as minor
     from expense e where e.company_id = ? and e.request_id = ? and ${countsBefore} order by e.id`,
    [tx.companyId, requestId, ...countsBeforeValues(tx)],
  )
}

/** What has become of a request to spend. */
export async function drawnSummary(tx: Tx, request: Expense): Promise<DrawnSummary> {
  const { currency } = await getCompany(tx)
  const expenses = (await drawsOn(tx, request.id)).map(({ minor, ...draw }) => ({
    ...draw,
    amount: { minor: Number(minor), currency },
  }))
  return {
    used: { minor: total(expenses.map(({ amount }) => amount.minor)), currency },
    left: { minor: await leftNow(tx, request), currency },
    expenses,
  }
}

/** The numbers of the expenses on their way or approved that draw on a request. */
export async function drawingOn(tx: Tx, requestId: string): Promise<string[]> {
  return (await drawsOn(tx, requestId)).map(({ number }) => number)
}

/**
 * Until the end of the transaction nobody else draws on the request that an expense names, gives it back or takes its
 * approval back: what is left of it, and that it is approved, stays as it is read from here on.
 */
export async function holdSpendRequestOf(tx: Tx, { requestId }: Expense): Promise<void> {
  if (requestId === null) return
  await tx.em.flush()
  await tx.em.execute('select 1 from expense where id = ? for no key update', [requestId])
  await tx.em.findOneOrFail(Expense, { id: requestId }, { refresh: true })
}

/**
 * The actor's own approved request, as a form names it; null for none.
 * @throws userError `request_unknown`
 */
export async function parseSpendRequestId(tx: Tx, id: string | undefined): Promise<string | null> {
  if (!id) return null
  const { id: submitterId } = await requireActor(tx)
  const where = { kind: 'request', submitterId, status: 'approved' } as const
  if (z.uuid().safeParse(id).success && (await tx.em.findOne(Expense, { id, ...where }))) return id
  throw userError('request_unknown', 'Please choose one of your approved requests.', { field: 'requestId' })
}

/**
 * The request that an expense names must be for its category, or for that of one of its parts.
 * @throws userError `request_other_category`
 */
export async function requireSameCategory(
  tx: Tx,
  expense: Expense,
  parts: readonly Pick<Part, 'categoryId'>[],
): Promise<void> {
  if (expense.requestId === null || expense.categoryId === null) return
  const request = await tx.em.findOneOrFail(Expense, { id: expense.requestId })
  const approved = byCategory(request, await sharesOf(tx, request.id), request.companyAmountMinor ?? 0)
  const wanted = parts.length > 0 ? parts.map(({ categoryId }) => categoryId) : [expense.categoryId]
  if (wanted.some((id) => approved.has(id))) return
  throw userError('request_other_category', `${request.number} is for another category.`, {
    field: 'requestId',
    details: { number: request.number },
  })
}
