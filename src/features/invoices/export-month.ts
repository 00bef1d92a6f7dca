import type { Tx } from '../../database/index.ts'
import { type CsvCell, csvLine } from '../../kernel/csv.ts'
import { toDecimal } from '../../kernel/money.ts'
import { recordAudit } from '../audit/index.ts'
import { getCompany, requireSeesFinance } from '../people/index.ts'
import { MonthClose, type MonthEntry } from './invoices.entity.ts'
import { entriesOf } from './month-overview.ts'
import { type Month, requireMonth } from './months.ts'

/** By which Excel recognises UTF-8. */
const byteOrderMark = '\uFEFF'

/**
 * A month as a CSV file for accounting software and spreadsheets: a line for each expense, and for each part of a split one;
 * docs/finance.md says what the columns hold. Of a month that is not closed what would be in it now, and the name of the
 * file says so.
 * @throws userError `month_invalid`, `finance_required`, `person_inactive`
 */
export async function exportMonth(tx: Tx, month: Month): Promise<{ fileName: string; csv: string }> {
  await requireSeesFinance(tx)
  requireMonth(month)
  const { currency } = await getCompany(tx)
  const rows = await rowsOf(tx, month)
  const lines = rows.map((row) => csvLine(cellsOf(row, { month, currency })))
  const isClosed = (await tx.em.count(MonthClose, { companyId: tx.companyId, month })) > 0
  await recordAudit(tx, {
    action: 'month.exported',
    subject: { kind: 'company', id: tx.companyId },
    changes: { month, closed: isClosed, lines: lines.length },
  })
  const fileName = isClosed ? `expenses-${month}.csv` : `expenses-${month}-not-closed.csv`
  return { fileName, csv: `${byteOrderMark}${csvLine(columns)}${lines.join('')}` }
}

const columns = [
  'number',
  'date',
  'submitter',
  'e-mail',
  'team',
  'cost centre',
  'merchant',
  'category',
  'amount',
  'currency',
  'rate',
  'company amount',
  'company currency',
  'tax',
  'paid by',
  'approved at',
  'approvers',
  'month',
  'settled at',
]

type ExportRow = Pick<MonthEntry, 'category' | 'team' | 'facts'> & { minor: string; settledAt: string | null }

function cellsOf(
  { category, team, facts, minor, settledAt }: ExportRow,
  { month, currency }: { month: Month; currency: string },
): CsvCell[] {
  const own = (minor: number) => ({ decimal: toDecimal({ minor, currency: facts.currency }) })
  return [
    facts.number,
    facts.date,
    facts.submitter,
    facts.email,
    team,
    facts.costCentre,
    facts.merchant,
    category,
    own(facts.amountMinor),
    facts.currency,
    facts.rate === null ? null : { decimal: facts.rate },
    { decimal: toDecimal({ minor: Number(minor), currency }) },
    currency,
    facts.taxMinor === null ? null : own(facts.taxMinor),
    facts.paidBy,
    facts.approvedAt,
    facts.approvers.join('; '),
    month,
    settledAt,
  ]
}

/** In the order in which they were approved; parts in the order of the split. */
async function rowsOf(tx: Tx, month: Month): Promise<ExportRow[]> {
  const { sql, parameters } = await entriesOf(tx, month)
  return tx.em.execute<ExportRow[]>(
    `select category, team, facts, amount_minor as minor,
       (select to_char(max(s.at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') from expense_status s
        where s.company_id = ? and s.expense_id = entry.expense_id and s.status = 'settled' and entry.kind = 'approved'
       ) as "settledAt"
     from (${sql}) entry
     order by facts ->> 'approvedAt', facts ->> 'number', kind, round, position`,
    [tx.companyId, ...parameters],
  )
}
