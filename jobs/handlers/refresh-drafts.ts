import { inCompany } from '../../src/database/index.ts'
import { refreshDrafts } from '../../src/features/expenses/index.ts'
import type { Handler } from '../handler.ts'

export const refreshAllDrafts: Handler<'expense.refresh_drafts'> = async (context, _payload, work) => {
  const who = { companyId: work.companyId, actor: { personId: null, channel: 'system' as const } }
  await inCompany(context.database, who, async (tx) => {
    await work.finish(tx)
    await refreshDrafts(tx)
  })
}
