import type { Tx } from '../../database/index.ts'
import { dateIn } from '../../kernel/calendar-date.ts'
import { tryAmount } from '../../kernel/money.ts'
import { hasApproval } from '../approvals/index.ts'
import { getCompany, requireActor } from '../people/index.ts'
import { type ExpenseLine, linesOf } from './expense-lines.ts'
import type { ExpenseStatus } from './status.ts'

/** All of them, in the order of their lives. */
const everyStatus: readonly ExpenseStatus[] = [
  'draft',
  'submitted',
  'awaiting_approval',
  'approved',
  'rejected',
  'sent_back',
  'blocked',
  'cancelled',
  'settled',
]

/** Ids sort by their age, so this is newer than any. */
const newest = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

export interface OwnPage {
  /** Left out: in any status but discarded. */
  status?: readonly ExpenseStatus[]
  limit: number
  /** The last expense of the page before, by id. */
  after?: string
}

/**
 * The actor's own expenses, the newest first. A page costs the same however many expenses there are: each status is read
 * from the index in its order.
 */
export async function listOwnExpenses(tx: Tx, { status, limit, after }: OwnPage): Promise<ExpenseLine[]> {
  const { id: personId } = await requireActor(tx)
  const wanted = status ?? everyStatus.filter((one) => one !== 'cancelled')
  await tx.em.flush()
  const rows = await tx.em.execute<{ id: string }[]>(ownSql, [
    `{${wanted.join(',')}}`,
    tx.companyId,
    personId,
    after ?? newest,
    limit,
    limit,
  ])
  return linesOf(
    tx,
    rows.map(({ id }) => id),
  )
}

const ownSql = `
select own.id from unnest(?::text[]) wanted (status)
cross join lateral (
  select e.id from expense e
  where e.company_id = ? and e.submitter_id = ? and e.status = wanted.status and e.id < ?
  order by e.id desc limit ?) own
order by own.id desc limit ?`

/** How many expenses of their own the actor has in each status; statuses without any are left out. */
export async function countOwnExpenses(tx: Tx): Promise<Map<ExpenseStatus, number>> {
  const { id: personId } = await requireActor(tx)
  await tx.em.flush()
  const rows = await tx.em.execute<{ status: ExpenseStatus; count: number }[]>(
    `select status, count(*)::int as count from expense where company_id = ? and submitter_id = ? group by status`,
    [tx.companyId, personId],
  )
  return new Map(rows.map(({ status, count }) => [status, count]))
}

/** More than these are not told apart by what was typed. */
const mostFound = 5
/** How many years back a bare number is looked for. */
const yearsBack = 5

/**
 * What somebody means by a few words: an expense by its number (`42`, `EXP-2026-0042`), else by merchant or amount, the
 * newest first, at most five. By number everything is found that the actor may see: their own, and what they were asked
 * about; by other words their own and what waits for them.
 */
export async function findExpense(tx: Tx, words: string): Promise<ExpenseLine[]> {
  const { id: personId } = await requireActor(tx)
  const typed = words.trim().slice(0, 200)
  if (typed === '') return []
  await tx.em.flush()
  const byNumber = await findByNumber(tx, typed, personId)
  return linesOf(tx, byNumber.length > 0 ? byNumber : await findByWords(tx, typed, personId))
}

async function findByNumber(tx: Tx, typed: string, personId: string): Promise<string[]> {
  const rows = await tx.em.execute<{ id: string; submitter_id: string }[]>(
    `select id, submitter_id from expense where company_id = ? and number = any (?::text[]) order by id desc`,
    [tx.companyId, `{${(await possibleNumbers(tx, typed)).join(',')}}`],
  )
  const seen: string[] = []
  for (const { id, submitter_id } of rows) {
    if (submitter_id === personId || (await hasApproval(tx, id, personId))) seen.push(id)
  }
  return seen.slice(0, mostFound)
}

/** The numbers that `42`, `#42`, `exp-42` or `EXP-2026-0042` may stand for. */
async function possibleNumbers(tx: Tx, typed: string): Promise<string[]> {
  const match = /^#?(?:(EXP|REQ)[-\s]?)?(?:(\d{4})-)?0*(\d{1,9})$/i.exec(typed)
  if (!match) return []
  const [, prefix, year, number = ''] = match
  const thisYear = Number(dateIn(tx.now, (await getCompany(tx)).timeZone).slice(0, 4))
  const years = year ? [year] : Array.from({ length: yearsBack }, (_, ago) => thisYear - ago)
  const prefixes = prefix ? [prefix.toUpperCase()] : ['EXP', 'REQ']
  return prefixes.flatMap((one) => years.map((in_) => `${one}-${in_}-${number.padStart(4, '0')}`))
}

async function findByWords(tx: Tx, typed: string, personId: string): Promise<string[]> {
  const { currency } = await getCompany(tx)
  const code = /\b[a-z]{3}\b/i.exec(typed)?.[0].toUpperCase()
  const digits = typed.replace(/[^\d.,'’\s-]/g, '').trim()
  const amount = /^[a-z]{0,3}\s*[\d.,'’]+\s*[a-z]{0,3}$/i.test(typed)
    ? (tryAmount(digits, code ?? currency)?.minor ?? null)
    : null
  const rows = await tx.em.execute<{ id: string }[]>(
    `with mine as (
       select e.* from expense e where e.company_id = ? and e.submitter_id = ? and e.status <> 'cancelled'
       union
       select e.* from approval_ask k
         join approval a on a.company_id = k.company_id and a.id = k.approval_id
         join approval_request r on r.company_id = a.company_id and r.id = a.request_id
         join expense e on e.company_id = r.company_id and e.id = r.subject_id
       where k.company_id = ? and k.person_id = ? and k.ended_at is null)
     select id from mine
     where (?::bigint is not null and amount_minor = ? and (?::text is null or currency = ?))
       or position(lower(?) in lower(merchant_name)) > 0
     order by id desc limit ?`,
    [
      tx.companyId,
      personId,
      tx.companyId,
      personId,
      amount,
      amount,
      code ?? null,
      code ?? null,
      typed,
      mostFound,
    ],
  )
  return rows.map(({ id }) => id)
}
