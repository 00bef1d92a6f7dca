import { refreshPublishedHome } from '../../src/channels/slack/index.ts'
import type { Handler } from '../handler.ts'

export const publishSlackHome: Handler<'home.publish'> = (context, { personId }, work) =>
  refreshPublishedHome(context.slack, { companyId: work.companyId, personId }, work)
