import { inCompany } from '../../src/database/index.ts'
import { reassessExpense } from '../../src/features/expenses/index.ts'
import type { Handler } from '../handler.ts'

export const reassess: Handler<'expense.reassess'> = async (context, { expenseId }, work) => {
  const who = { companyId: work.companyId, actor: { personId: null, channel: 'system' as const } }
  await inCompany(context.database, who, async (tx) => {
    await work.finish(tx)
    await reassessExpense(tx, context.slack.subjects, expenseId)
  })
}
