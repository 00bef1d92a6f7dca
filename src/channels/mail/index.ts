export type { MailChannel } from './mail-channel.ts'
export { openMailTransport, sendMail } from './outbound.ts'
