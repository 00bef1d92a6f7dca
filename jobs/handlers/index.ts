import type { Handlers, JobContext } from '../handler.ts'
import { answerStoredMail } from './answer-mail.ts'
import { cancelExpenseDocument } from './cancel-expense-document.ts'
import { escalateApproval } from './escalate-approval.ts'
import { mailHead } from './mail-audit-head.ts'
import { passOnDelegated } from './pass-on-delegated.ts'
import { publishSlackHome } from './publish-home.ts'
import { readReceipt } from './read-receipt.ts'
import { reassess } from './reassess-expense.ts'
import { receiveStoredMail } from './receive-mail.ts'
import { receiveSlack } from './receive-slack.ts'
import { refreshAllDrafts } from './refresh-drafts.ts'
import { remindApproval } from './remind-approval.ts'
import { remindOfQuestion } from './remind-of-question.ts'
import { renderSlackSurface } from './render-surface.ts'
import { route } from './route-expense.ts'
import { saveOrganisation } from './save-organisation.ts'
import { seal } from './seal-audit.ts'
import { sendMonthExport } from './send-export.ts'
import { sendQueuedMail } from './send-mail.ts'
import { sweep } from './sweep-slack.ts'
import { syncAsksOfRequest } from './sync-asks.ts'
import { writeExpenseDocument } from './write-expense-document.ts'

/** The handlers of this program. A job of the catalogue without one does not compile. */
export function createHandlers(context: JobContext): Handlers {
  return {
    'slack.receive': (payload, work) => receiveSlack(context, payload, work),
    'organisation.save': (payload, work) => saveOrganisation(context, payload, work),
    'surface.render': (payload, work) => renderSlackSurface(context, payload, work),
    'home.publish': (payload, work) => publishSlackHome(context, payload, work),
    'question.remind': (payload, work) => remindOfQuestion(context, payload, work),
    'finance.export': (payload, work) => sendMonthExport(context, payload, work),
    'slack.sweep': (payload, work) => sweep(context, payload, work),
    'receipt.read': (payload, work) => readReceipt(context, payload, work),
    'expense.route': (payload, work) => route(context, payload, work),
    'expense.refresh_drafts': (payload, work) => refreshAllDrafts(context, payload, work),
    'expense.reassess': (payload, work) => reassess(context, payload, work),
    'expense.document': (payload, work) => writeExpenseDocument(context, payload, work),
    'expense.cancel_document': (payload, work) => cancelExpenseDocument(context, payload, work),
    'mail.receive': (payload, work) => receiveStoredMail(context, payload, work),
    'mail.answer': (payload, work) => answerStoredMail(context, payload, work),
    'mail.send': (payload, work) => sendQueuedMail(context, payload, work),
    'delegation.turn': (payload, work) => passOnDelegated(context, payload, work),
    'approval.sync_asks': (payload, work) => syncAsksOfRequest(context, payload, work),
    'approval.remind': (payload, work) => remindApproval(context, payload, work),
    'approval.escalate': (payload, work) => escalateApproval(context, payload, work),
    'audit.seal': (payload, work) => seal(context, payload, work),
    'audit.mail_head': (payload, work) => mailHead(context, payload, work),
  }
}
