import { concludeMail } from '../../src/channels/mail/index.ts'
import type { Handler } from '../handler.ts'

export const answerStoredMail: Handler<'mail.answer'> = (context, { mailId }, work) =>
  concludeMail(context.mail, work.companyId, mailId, work)
