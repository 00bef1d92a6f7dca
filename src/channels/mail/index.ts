export { type MailChannel, openMailTransport, sendMail } from './outbound.ts'
