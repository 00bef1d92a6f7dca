import { inCompany } from '../../src/database/index.ts'
import { passOn } from '../../src/features/approvals/index.ts'
import type { Handler } from '../handler.ts'

export const passOnDelegated: Handler<'delegation.turn'> = async (context, { delegationId }, work) => {
  const who = { companyId: work.companyId, actor: { personId: null, channel: 'system' as const } }
  await inCompany(context.database, who, async (tx) => {
    await work.finish(tx)
    await passOn(tx, delegationId)
  })
}
