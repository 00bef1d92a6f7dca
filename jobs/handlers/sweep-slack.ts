import { sweepSlack } from '../../src/channels/slack/index.ts'
import { inCompany } from '../../src/database/index.ts'
import type { Handler } from '../handler.ts'

export const sweep: Handler<'slack.sweep'> = async (context, _payload, work) => {
  const who = { companyId: work.companyId, actor: { personId: null, channel: 'system' as const } }
  await inCompany(context.database, who, async (tx) => {
    await work.finish(tx)
    await sweepSlack(tx)
  })
}
