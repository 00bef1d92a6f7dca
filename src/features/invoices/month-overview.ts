import type { Tx } from '../../database/index.ts'
import type { Money } from '../../kernel/money.ts'
import { getCompany, getPeople, requireSeesFinance } from '../people/index.ts'
import { MonthClose } from './invoices.entity.ts'
import { closedEntries, type EntriesSql, openEntries } from './month-entries.ts'
import { listMonthNames, type MonthName } from './month-names.ts'
import { type Month, monthAfter, monthToClose, requireMonth, startOfMonth } from './months.ts'

/** Amounts are in the company's currency. */
export interface MonthOverview {
  month: Month
  /** In the company's time zone. */
  isOver: boolean
  /** Who closed it, by name, and when (UTC). */
  closed: { by: string; at: Date } | null
  /** What belongs to it, less what was taken back; of an open month what would if it closed now. */
  total: Money
  /** How many expenses were approved in it; what was taken back counts in none. */
  count: number
  /** The largest first; each adds up to the total. */
  byCategory: MonthPart[]
  byTeam: MonthPart[]
  /** What of it is still to be paid to people. */
  unpaid: { total: Money; count: number }
}

export interface MonthPart {
  /** Empty: no team. */
  name: string
  total: Money
  count: number
}

export interface MonthLine extends MonthName {
  total: Money
  count: number
}

/**
 * What a month holds, or would hold if it were closed now.
 * @throws userError `month_invalid`, `finance_required`, `person_inactive`
 */
export async function monthOverview(tx: Tx, month: Month): Promise<MonthOverview> {
  await requireSeesFinance(tx)
  requireMonth(month)
  const { timeZone } = await getCompany(tx)
  const closed = await closedBy(tx, month)
  const isOver = startOfMonth(monthAfter(month), timeZone) <= tx.now
  return { month, isOver, closed, ...(await sumUp(tx, await entriesOf(tx, month))) }
}

/**
 * The months from the first in which something was approved to the present one, the newest first, with what each holds. For
 * a menu of them: `listMonthNames`.
 * @throws userError `finance_required`, `person_inactive`
 */
export async function listMonths(tx: Tx, { limit }: { limit: number }): Promise<MonthLine[]> {
  const lines: MonthLine[] = []
  for (const name of await listMonthNames(tx, { limit }))
    lines.push({ ...name, ...(await totalOf(tx, await entriesOf(tx, name.month))) })
  return lines
}

/** The entries of a month, closed or open. */
export async function entriesOf(tx: Tx, month: Month): Promise<EntriesSql> {
  await tx.em.flush()
  if (await tx.em.findOne(MonthClose, { companyId: tx.companyId, month })) return closedEntries(tx, month)
  return openEntries(tx, month, { isNext: month === (await monthToClose(tx)) })
}

async function closedBy(tx: Tx, month: Month): Promise<MonthOverview['closed']> {
  const close = await tx.em.findOne(MonthClose, { companyId: tx.companyId, month })
  if (!close) return null
  const people = await getPeople(tx, [close.closedBy])
  return { by: people.get(close.closedBy)?.name ?? 'somebody', at: close.closedAt }
}

const sums = `coalesce(sum(amount_minor), 0) as minor,
  count(distinct expense_id) filter (where kind = 'approved')::int as count`

/** What entries add up to. */
export async function totalOf(
  tx: Tx,
  { sql, parameters }: EntriesSql,
): Promise<{ total: Money; count: number }> {
  const [row] = await tx.em.execute<SumRow[]>(`select ${sums} from (${sql}) entry`, parameters)
  const { currency } = await getCompany(tx)
  return summed(row, currency)
}

const isUnpaid = `kind = 'approved' and exists (select from expense x
  where x.company_id = ? and x.id = entry.expense_id and x.round = entry.round
    and x.status = 'approved' and x.paid_by = 'person')`

/** The same entries in all, by category, by team, and those to be paid: read once. */
async function sumUp(
  tx: Tx,
  { sql, parameters }: EntriesSql,
): Promise<Pick<MonthOverview, 'total' | 'count' | 'byCategory' | 'byTeam' | 'unpaid'>> {
  const rows = await tx.em.execute<GroupRow[]>(
    `select case when grouping(category) = 0 then 'category' when grouping(team) = 0 then 'team' else 'all' end as by,
       coalesce(category, team, '') as name, ${sums},
       coalesce(sum(amount_minor) filter (where is_unpaid), 0) as "unpaidMinor",
       count(distinct expense_id) filter (where is_unpaid)::int as "unpaidCount"
     from (select expense_id, kind, amount_minor, category, team, ${isUnpaid} as is_unpaid from (${sql}) entry) entry
     group by grouping sets ((), (category), (team)) order by sum(amount_minor) desc, 2`,
    [tx.companyId, ...parameters],
  )
  const { currency } = await getCompany(tx)
  const all = rows.find(({ by }) => by === 'all')
  const parts = (wanted: GroupRow['by']) =>
    rows.filter(({ by }) => by === wanted).map((row) => ({ name: row.name, ...summed(row, currency) }))
  return {
    ...summed(all, currency),
    byCategory: parts('category'),
    byTeam: parts('team'),
    unpaid: summed(all && { minor: all.unpaidMinor, count: all.unpaidCount }, currency),
  }
}

interface GroupRow extends SumRow {
  by: 'all' | 'category' | 'team'
  name: string
  unpaidMinor: string
  unpaidCount: number
}

interface SumRow {
  minor: string
  count: number
}

const summed = (row: SumRow | undefined, currency: string) => ({
  total: { minor: Number(row?.minor ?? 0), currency },
  count: row?.count ?? 0,
})
