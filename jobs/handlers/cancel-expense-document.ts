import { buffer } from 'node:stream/consumers'
import { inCompany } from '../../src/database/index.ts'
import {
  cancellationNumber,
  issueCancellation,
  readDocument,
  viewExpense,
} from '../../src/features/expenses/index.ts'
import { mailedDocument, queueMail } from '../../src/features/notifications/index.ts'
import { permanentError } from '../../src/kernel/errors.ts'
import { renderCancellation } from '../../templates/pdf/cancellation.ts'
import type { Handler } from '../handler.ts'

/** Writes the cancellation of a statement and queues its mails to everybody who was mailed the statement, together. */
export const cancelExpenseDocument: Handler<'expense.cancel_document'> = async (
  context,
  { documentId: statementId, approvalId },
  work,
) => {
  const who = { companyId: work.companyId, actor: { personId: null, channel: 'system' as const } }
  await inCompany(context.database, who, async (tx) => {
    await work.finish(tx)
    const statement = await readDocument(tx, statementId)
    const { expenseId } = statement
    const expense = await viewExpense(tx, expenseId, approvalId)
    const undone = expense?.undone.find((one) => one.approvalId === approvalId)
    if (!expense || !undone) {
      throw permanentError(
        'nothing_undone',
        `Nothing was taken back for which ${statement.number} is cancelled.`,
      )
    }
    const { company, submitter, history } = expense
    const view = {
      ...statement.facts,
      documentNumber: cancellationNumber(statement.number),
      statement,
      company,
      locale: company.locale,
      submitter,
      undone,
      history,
      // The same cancellation gives the same bytes, whenever it is written.
      issuedAt: undone.at,
    }
    const pdf = await buffer(renderCancellation(view))
    const documentId = await issueCancellation(tx, { statementId, pdf })
    if (documentId === null) return
    for (const to of await mailedDocument(tx, statementId)) {
      await queueMail(tx, { kind: 'cancellation', to, expenseId, documentId, approvalId })
    }
  })
}
