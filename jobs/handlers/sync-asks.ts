import { inCompany } from '../../src/database/index.ts'
import { syncRequest } from '../../src/features/approvals/index.ts'
import type { Handler } from '../handler.ts'

export const syncAsksOfRequest: Handler<'approval.sync_asks'> = async (context, { requestId }, work) => {
  const who = { companyId: work.companyId, actor: { personId: null, channel: 'system' as const } }
  await inCompany(context.database, who, async (tx) => {
    await work.finish(tx)
    await syncRequest(tx, context.slack.subjects, requestId)
  })
}
