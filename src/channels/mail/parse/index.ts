export { deliveryKeyOf } from './delivery-key.ts'
export { judgeSender, type SenderJudgement } from './judge-sender.ts'
export { maxMailBytes, parseMail } from './parse-mail.ts'
export type { Automatic, IgnoredFile, ParsedMail, ReceiptFile, Sender } from './parsed-mail.ts'
