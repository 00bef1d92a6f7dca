import { inCompany } from '../../src/database/index.ts'
import { sealAudit } from '../../src/features/audit/index.ts'
import type { Handler } from '../handler.ts'

export const seal: Handler<'audit.seal'> = async (context, _payload, work) => {
  const who = { companyId: work.companyId, actor: { personId: null, channel: 'system' as const } }
  await inCompany(context.database, who, async (tx) => {
    await work.finish(tx)
    await sealAudit(tx)
  })
}
