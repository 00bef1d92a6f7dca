import { receiveMail } from '../../src/channels/mail/index.ts'
import type { Handler } from '../handler.ts'

export const receiveStoredMail: Handler<'mail.receive'> = (context, { mailId }, work) =>
  receiveMail(context.mail, mailId, work)
