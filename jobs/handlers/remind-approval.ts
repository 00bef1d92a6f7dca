import { inCompany } from '../../src/database/index.ts'
import { remindAsked } from '../../src/features/approvals/index.ts'
import type { Handler } from '../handler.ts'

export const remindApproval: Handler<'approval.remind'> = async (context, { askId }, work) => {
  const who = { companyId: work.companyId, actor: { personId: null, channel: 'system' as const } }
  await inCompany(context.database, who, async (tx) => {
    await work.finish(tx)
    await remindAsked(tx, context.slack.subjects, askId)
  })
}
