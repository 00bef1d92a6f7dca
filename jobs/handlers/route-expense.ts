import { inCompany } from '../../src/database/index.ts'
import { routeExpense } from '../../src/features/expenses/index.ts'
import type { Handler } from '../handler.ts'

export const route: Handler<'expense.route'> = async (context, { expenseId, revision }, work) => {
  const who = { companyId: work.companyId, actor: { personId: null, channel: 'system' as const } }
  await inCompany(context.database, who, async (tx) => {
    await work.finish(tx)
    await routeExpense(tx, expenseId, revision)
  })
}
