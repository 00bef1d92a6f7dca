import { sendMail } from '../../src/channels/mail/index.ts'
import type { Handlers } from '../handler.ts'

export const sendQueuedMail: Handlers['mail.send'] = (context, { mailId }, work) =>
  sendMail(context.mail, work.companyId, mailId, work)
