import type { Tx } from '../../database/index.ts'
import type { Money } from '../../kernel/money.ts'
import { getCompany, requireSeesFinance } from '../people/index.ts'

/**
 * How much is to be paid to people in all, in the company's currency: the sum of what `listUnpaid` lists.
 * @throws userError `finance_required`, `person_inactive`
 */
export async function summarizeUnpaid(tx: Tx): Promise<{ total: Money; count: number }> {
  await requireSeesFinance(tx)
  await tx.em.flush()
  const { currency } = await getCompany(tx)
  const [row] = await tx.em.execute<{ minor: string; count: number }[]>(
    `select coalesce(sum(company_amount_minor), 0) as minor, count(*)::int as count from expense
     where company_id = ? and status = 'approved' and kind <> 'request' and paid_by = 'person'`,
    [tx.companyId],
  )
  return { total: { minor: Number(row?.minor ?? 0), currency }, count: row?.count ?? 0 }
}
