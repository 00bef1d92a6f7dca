import type { Handlers } from '../handler.ts'
import { readReceipt } from './read-receipt.ts'
import { receiveSlack } from './receive-slack.ts'
import { renderSlackSurface } from './render-surface.ts'
import { route } from './route-expense.ts'
import { sendQueuedMail } from './send-mail.ts'
import { writeExpenseDocument } from './write-expense-document.ts'

/** A handler for every job of the catalogue. */
export const handlers: Handlers = {
  'slack.receive': receiveSlack,
  'surface.render': renderSlackSurface,
  'receipt.read': readReceipt,
  'expense.route': route,
  'expense.document': writeExpenseDocument,
  'mail.send': sendQueuedMail,
}
