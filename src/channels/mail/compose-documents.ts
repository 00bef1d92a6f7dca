import { renderCancellationMail } from '../../../templates/email/cancellation-mail.ts'
import { renderDocumentMail } from '../../../templates/email/document-mail.ts'
import { deciderText } from '../../../templates/step-words.ts'
import type { Tx } from '../../database/index.ts'
import { type ExpenseView, readDocument } from '../../features/expenses/index.ts'
import type { OutgoingMail } from '../../features/notifications/index.ts'
import { expenseOf, incomplete, type MailContent } from './mail-parts.ts'

/**
 * The statement of an approved expense. Nothing once that approval was taken back: a mail that was held up would come
 * after its own cancellation.
 */
export async function composeDocument(tx: Tx, mail: OutgoingMail): Promise<MailContent | null> {
  const expense = await expenseOf(tx, mail)
  if (!mail.documentId) throw incomplete(expense)
  const { number, round, facts, fileName, bytes } = await readDocument(tx, mail.documentId)
  const isInForce = expense.status === 'approved' || expense.status === 'settled'
  if (!isInForce || round !== expense.round) return null
  const approvals = expense.steps
    .flatMap(({ approvers }) => approvers)
    .flatMap(({ decided, status }) =>
      decided && status === 'approved' ? [{ who: deciderText(decided), at: decided.at }] : [],
    )
  const content = renderDocumentMail({
    ...facts,
    category: categoriesOf(expense) || facts.category,
    audience: mail.toPersonId === expense.submitter.id ? 'submitter' : 'finance',
    expenseNumber: expense.number,
    documentNumber: number,
    company: expense.company,
    locale: expense.company.locale,
    submitter: expense.submitter,
    approvals,
    automatic: expense.automatic,
    attachment: fileName,
  })
  return { ...content, attachment: { fileName, bytes } }
}

/** Takes a statement back from somebody whom it was mailed to. */
export async function composeCancellation(tx: Tx, mail: OutgoingMail): Promise<MailContent> {
  const expense = await expenseOf(tx, mail)
  const undone = expense.undone.find(({ approvalId }) => approvalId === mail.approvalId)
  if (!mail.documentId || !undone) throw incomplete(expense)
  const { cancels, facts, fileName, bytes } = await readDocument(tx, mail.documentId)
  if (!cancels) throw incomplete(expense)
  const content = renderCancellationMail({
    ...facts,
    audience: mail.toPersonId === expense.submitter.id ? 'submitter' : 'finance',
    statement: cancels.number,
    company: expense.company,
    locale: expense.company.locale,
    submitter: expense.submitter,
    undone,
    attachment: fileName,
  })
  return { ...content, attachment: { fileName, bytes } }
}

/** Of a split expense every category, each once; empty when it is not split. */
function categoriesOf({ shares }: ExpenseView): string {
  return [...new Set(shares.map(({ category }) => category.name))].join(', ')
}
