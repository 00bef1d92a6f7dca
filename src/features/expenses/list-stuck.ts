import type { Tx } from '../../database/index.ts'
import { requireAdmin } from '../people/index.ts'
import { noApprover } from './assess-expense.ts'
import { type ExpenseLine, linesOf } from './expense-lines.ts'

/**
 * Expenses that are blocked because nobody may decide them: an admin has to change who approves. The oldest first;
 * `after`: the last of the page before.
 * @throws userError `admin_required`
 */
export async function listStuckExpenses(
  tx: Tx,
  { limit, after }: { limit: number; after?: string },
): Promise<ExpenseLine[]> {
  await requireAdmin(tx)
  await tx.em.flush()
  const rows = await tx.em.execute<{ id: string }[]>(
    `select e.id from expense e where e.company_id = ? and e.status = 'blocked' and e.id > ?
       and exists (select 1 from finding f
         where f.company_id = e.company_id and f.expense_id = e.id and f.code = ?)
     order by e.id limit ?`,
    [tx.companyId, after ?? '00000000-0000-0000-0000-000000000000', noApprover.code, limit],
  )
  return linesOf(
    tx,
    rows.map(({ id }) => id),
  )
}
