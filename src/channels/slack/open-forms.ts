import type { ModalView } from '@slack/types'
import { openQuestions } from '../../../templates/slack/comments.ts'
import { answerModal, decisionModal } from '../../../templates/slack/decision-modals.ts'
import { detailsModal } from '../../../templates/slack/details-modal.ts'
import { editModal } from '../../../templates/slack/edit-modal.ts'
import { actions } from '../../../templates/slack/expense-parts.ts'
import { loadingModal, messageModal } from '../../../templates/slack/modals.ts'
import { mostAtOnce, severalModal } from '../../../templates/slack/several-modal.ts'
import { twinModal } from '../../../templates/slack/twin-modal.ts'
import { inCompany, type Tx } from '../../database/index.ts'
import { hasApproval, subjectOfApproval } from '../../features/approvals/index.ts'
import {
  type ExpenseView,
  listWaitingExpenses,
  statusInWords,
  viewExpense,
} from '../../features/expenses/index.ts'
import { getCompany, listCategories, listReasons } from '../../features/people/index.ts'
import { AppError, userError } from '../../kernel/errors.ts'
import { logger } from '../../kernel/logger.ts'
import { identify } from './identify.ts'
import { type ActionDelivery, idOf } from './payloads.ts'
import type { SlackChannel } from './slack-channel.ts'
import { slackErrorCode } from './slack-client.ts'

/** Opens the form of an expense: a loading view at once (a trigger lives three seconds), the form when it is ready. */
export async function openEditForm(
  slack: SlackChannel,
  triggerId: string,
  action: ActionDelivery,
): Promise<void> {
  await openAndFill(slack, triggerId, action, 'Edit expense', async (tx) => {
    const expense = await ownExpense(tx, action, 'Only the person who submits an expense can change it.')
    const thenSubmit = action.actionId === actions.complete
    const categories = await listCategories(tx)
    if (categories.length === 0) {
      throw userError(
        'no_categories',
        'Your company has no categories yet. Please ask your admin to add some.',
      )
    }
    return editModal({ expense, categories, reasons: await listReasons(tx), thenSubmit })
  })
}

const verdicts: Record<string, 'reject' | 'send_back' | 'ask'> = {
  [actions.reject]: 'reject',
  [actions.sendBack]: 'send_back',
  [actions.ask]: 'ask',
}
const titles = { reject: 'Reject', send_back: 'Send back', ask: 'Ask' }

/** Asks an approver for the words of a rejection, a send-back or a question. */
export async function openDecisionForm(
  slack: SlackChannel,
  triggerId: string,
  action: ActionDelivery,
): Promise<void> {
  const verdict = verdicts[action.actionId] ?? 'reject'
  await openAndFill(slack, triggerId, action, titles[verdict], async (tx) =>
    decisionModal(await askedExpense(tx, action), action.value, verdict),
  )
}

/** Asks the submitter for the answer to an approver's question. */
export async function openAnswerForm(
  slack: SlackChannel,
  triggerId: string,
  action: ActionDelivery,
): Promise<void> {
  await openAndFill(slack, triggerId, action, 'Answer', async (tx) => {
    const expense = await ownExpense(tx, action, 'Only the person who was asked can answer.')
    const questions = openQuestions(expense)
    if (questions.length === 0) throw userError('no_question', 'There is no open question any more.')
    return answerModal(expense, questions)
  })
}

/** Offers an approver everything that waits for them, to approve several at once. */
export async function openSeveral(
  slack: SlackChannel,
  triggerId: string,
  action: ActionDelivery,
): Promise<void> {
  await openAndFill(slack, triggerId, action, 'Approve several', async (tx) => {
    const waiting = await listWaitingExpenses(tx, { limit: mostAtOnce + 1 })
    if (waiting.length === 0) throw userError('nothing_waits', 'Nothing is waiting for you. Well done!')
    return severalModal({ waiting, locale: (await getCompany(tx)).locale })
  })
}

/** Shows an approver everything about the expense. */
export async function openDetails(
  slack: SlackChannel,
  triggerId: string,
  action: ActionDelivery,
): Promise<void> {
  await openAndFill(slack, triggerId, action, 'Details', async (tx) =>
    detailsModal(await askedExpense(tx, action)),
  )
}

/** Shows the other expense that one looks like, to whoever may see that one. */
export async function openTwin(
  slack: SlackChannel,
  triggerId: string,
  action: ActionDelivery,
): Promise<void> {
  await openAndFill(slack, triggerId, action, 'The other expense', async (tx) => {
    const [expenseId = '', otherId = ''] = action.value.split(' ').map(idOf)
    const expense = await viewExpense(tx, expenseId)
    const maySee =
      expense?.submitter.id === tx.actor.personId ||
      (tx.actor.personId !== null && (await hasApproval(tx, expenseId, tx.actor.personId)))
    const isNamed = expense?.findings.some(({ relatedExpenseId }) => relatedExpenseId === otherId)
    const other = maySee && isNamed ? await viewExpense(tx, otherId) : null
    if (!other) throw userError('not_yours', 'This expense is not yours to see.')
    return twinModal(other, statusInWords(other.status))
  })
}

/** The actor's own expense that a button is about. */
async function ownExpense(tx: Tx, action: ActionDelivery, refusal: string): Promise<ExpenseView> {
  const expense = await viewExpense(tx, idOf(action.value))
  if (!expense) throw userError('expense_unknown', 'There is no such expense.')
  if (expense.submitter.id !== tx.actor.personId) throw userError('not_yours', refusal)
  return expense
}

/** The expense that the actor is or was asked about by the approval of a button. */
async function askedExpense(tx: Tx, action: ActionDelivery): Promise<ExpenseView> {
  const approval = await subjectOfApproval(tx, idOf(action.value))
  const isAsked = approval?.approverId === tx.actor.personId
  const expense = isAsked ? await viewExpense(tx, approval.subjectId, action.value) : null
  if (!expense) throw userError('not_yours', 'This request is not yours to see.')
  return expense
}

async function openAndFill(
  slack: SlackChannel,
  triggerId: string,
  action: ActionDelivery,
  title: string,
  fill: (tx: Tx) => Promise<ModalView>,
): Promise<void> {
  const opened = await slack.client.views.open({ trigger_id: triggerId, view: loadingModal(title) })
  const view = await build(slack, action, title, fill)
  await slack.client.views.update({ view_id: opened.view?.id ?? '', view }).catch((error: unknown) => {
    // Closed again by somebody in a hurry.
    if (slackErrorCode(error) !== 'not_found') throw error
  })
}

async function build(
  slack: SlackChannel,
  action: ActionDelivery,
  title: string,
  fill: (tx: Tx) => Promise<ModalView>,
): Promise<ModalView> {
  try {
    const { id, companyId } = await identify(slack, action.teamId, action.userId)
    return await inCompany(slack.database, { companyId, actor: { personId: id, channel: 'slack' } }, fill)
  } catch (error) {
    if (error instanceof AppError) return messageModal(title, error.message)
    logger.error({ error }, 'a form could not be filled')
    return messageModal(title, 'Something went wrong on our side. Please try again in a moment.')
  }
}
