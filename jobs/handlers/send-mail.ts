import { sendMail } from '../../src/channels/mail/index.ts'
import type { Handler } from '../handler.ts'

export const sendQueuedMail: Handler<'mail.send'> = (context, { mailId }, work) =>
  sendMail(context.mail, work.companyId, mailId, work)
