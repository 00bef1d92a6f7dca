import { buffer } from 'node:stream/consumers'
import { inCompany, type Tx } from '../../src/database/index.ts'
import {
  type DocumentFacts,
  type ExpenseView,
  issueDocument,
  statementBefore,
  statementNumber,
  viewExpense,
} from '../../src/features/expenses/index.ts'
import { queueMail } from '../../src/features/notifications/index.ts'
import { peopleWithRole } from '../../src/features/people/index.ts'
import { readBlob } from '../../src/features/receipts/index.ts'
import { permanentError } from '../../src/kernel/errors.ts'
import { type ExpenseDocumentView, renderExpenseDocument } from '../../templates/pdf/expense-document.ts'
import type { Handler } from '../handler.ts'

/** Writes the statement of an approved expense and queues its mails to the submitter and finance, together. */
export const writeExpenseDocument: Handler<'expense.document'> = async (
  context,
  { expenseId, revision, round },
  work,
) => {
  const who = { companyId: work.companyId, actor: { personId: null, channel: 'system' as const } }
  await inCompany(context.database, who, async (tx) => {
    await work.finish(tx)
    const expense = await viewExpense(tx, expenseId)
    if (!expense || expense.revision !== revision || expense.round !== round) return
    if (expense.status !== 'approved') return
    const facts = factsOf(expense)
    const pdf = await buffer(renderExpenseDocument(await documentView(tx, expense, facts)))
    const documentId = await issueDocument(tx, { expenseId, revision, round, facts, pdf })
    if (documentId === null) return
    for (const to of await recipients(tx, expense)) {
      await queueMail(tx, {
        kind: 'document',
        to: { address: to.email, personId: to.id },
        expenseId,
        documentId,
      })
    }
  })
}

function factsOf(expense: ExpenseView): DocumentFacts {
  const { amount, companyAmount, merchant, category, date, paidBy } = expense
  if (!amount || !merchant || !category || !date) {
    throw permanentError('expense_incomplete', `${expense.number} is approved but incomplete.`)
  }
  return { amount, companyAmount, merchant, category: category.name, date, paidBy }
}

async function documentView(
  tx: Tx,
  expense: ExpenseView,
  facts: DocumentFacts,
): Promise<ExpenseDocumentView> {
  const receipts: ExpenseDocumentView['receipts'] = []
  for (const { fileName, rendition } of expense.receipts) {
    if (!rendition) continue
    const { bytes } = await readBlob(tx, rendition.sha256)
    receipts.push({ name: fileName, jpeg: bytes, width: rendition.width, height: rendition.height })
  }
  return {
    ...facts,
    title: 'Expense statement',
    documentNumber: statementNumber(expense.number, expense.round),
    company: expense.company,
    locale: expense.company.locale,
    submitter: expense.submitter,
    kind: expense.kind,
    costCentre: expense.costCentre,
    calculation: expense.calculation,
    shares: expense.shares,
    request: expense.request,
    reason: expense.reason?.name ?? null,
    attendees: expense.attendees,
    automatic: expense.automatic,
    comments: expense.comments,
    note: expense.note,
    rate: expense.rate,
    tax: expense.tax,
    policy: expense.policy,
    findings: expense.findings,
    history: expense.history,
    receipts,
    replaces: await statementBefore(tx, expense.id, expense.round),
    // The same expense gives the same bytes, whenever the document is written.
    issuedAt: expense.completedAt ?? tx.now,
  }
}

/** The submitter and everybody in finance; somebody who is both gets one mail. */
async function recipients(tx: Tx, expense: ExpenseView): Promise<{ id: string; email: string }[]> {
  const finance = (await peopleWithRole(tx, 'finance')).filter(({ id }) => id !== expense.submitter.id)
  return [expense.submitter, ...finance]
}
