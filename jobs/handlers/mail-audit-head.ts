import { inCompany } from '../../src/database/index.ts'
import { mailAuditHead } from '../../src/features/notifications/index.ts'
import type { Handler } from '../handler.ts'

export const mailHead: Handler<'audit.mail_head'> = async (context, _payload, work) => {
  const who = { companyId: work.companyId, actor: { personId: null, channel: 'system' as const } }
  await inCompany(context.database, who, async (tx) => {
    await work.finish(tx)
    await mailAuditHead(tx)
  })
}
