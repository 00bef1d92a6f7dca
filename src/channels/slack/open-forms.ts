import type { ModalView } from '@slack/types'
import { actions } from '../../../templates/slack/expense-parts.ts'
import {
  detailsModal,
  editModal,
  loadingModal,
  messageModal,
  reasonModal,
} from '../../../templates/slack/modals.ts'
import { inCompany, type Tx } from '../../database/index.ts'
import { subjectOfApproval } from '../../features/approvals/index.ts'
import { type ExpenseView, viewExpense } from '../../features/expenses/index.ts'
import { listCategories } from '../../features/people/index.ts'
import { AppError, userError } from '../../kernel/errors.ts'
import { logger } from '../../kernel/logger.ts'
import { identify } from './identify.ts'
import { type ActionDelivery, idOf } from './payloads.ts'
import type { SlackChannel } from './slack-channel.ts'

/** Opens the form of an expense: a loading view at once (a trigger lives three seconds), the form when it is ready. */
export async function openEditForm(
  slack: SlackChannel,
  triggerId: string,
  action: ActionDelivery,
): Promise<void> {
  await openAndFill(slack, triggerId, action, 'Edit expense', async (tx) => {
    const expense = await viewExpense(tx, idOf(action.value))
    if (!expense) throw userError('expense_unknown', 'There is no such expense.')
    if (expense.submitter.id !== tx.actor.personId) {
      throw userError('not_yours', 'Only the person who submits an expense can change it.')
    }
    const thenSubmit = action.actionId === actions.complete
    const categories = await listCategories(tx)
    if (categories.length === 0) {
      throw userError(
        'no_categories',
        'Your company has no categories yet. Please ask your admin to add some.',
      )
    }
    return editModal({ expense, categories, thenSubmit })
  })
}

/** Asks an approver for the reason of a rejection or send-back. */
export async function openReasonForm(
  slack: SlackChannel,
  triggerId: string,
  action: ActionDelivery,
): Promise<void> {
  const verdict = action.actionId === actions.reject ? 'reject' : 'send_back'
  await openAndFill(slack, triggerId, action, verdict === 'reject' ? 'Reject' : 'Send back', async (tx) =>
    reasonModal(await askedExpense(tx, action), action.value, verdict),
  )
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
  await slack.client.views.update({ view_id: opened.view?.id ?? '', view })
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
