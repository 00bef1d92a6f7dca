export { type ImapIntake, type ImapIntakeOptions, startImapIntake } from './imap-intake.ts'
export type { ImapMailboxStatus } from './mailbox-watch.ts'
export type { MailOutcomes, ReceivedMail, StoreMail } from './received-mail.ts'
export { type SmtpIntakeOptions, startSmtpIntake } from './smtp-intake.ts'
