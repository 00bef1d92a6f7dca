import { sendExport } from '../../src/channels/slack/index.ts'
import type { Handler } from '../handler.ts'

export const sendMonthExport: Handler<'finance.export'> = (context, { exportId }, work) =>
  sendExport(context.slack, { companyId: work.companyId, exportId }, work)
