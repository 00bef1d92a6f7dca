import type { ModalView } from '@slack/types'
import { openQuestions } from '../../../templates/slack/comments.ts'
import {
  answerModal,
  type DecisionModalView,
  decisionModal,
} from '../../../templates/slack/decision-modals.ts'
import { detailsModal } from '../../../templates/slack/details-modal.ts'
import { actions } from '../../../templates/slack/expense-parts.ts'
import { mostAtOnce, severalModal } from '../../../templates/slack/several-modal.ts'
import { twinModal } from '../../../templates/slack/twin-modal.ts'
import type { Tx } from '../../database/index.ts'
import { hasApproval, sendCode, subjectOfApproval, type Verdict } from '../../features/approvals/index.ts'
import {
  type ExpenseView,
  listWaitingExpenses,
  statusInWords,
  viewExpense,
} from '../../features/expenses/index.ts'
import { getCompany } from '../../features/people/index.ts'
import { userError } from '../../kernel/errors.ts'
import { fillAgain, openAndFill } from './fill-forms.ts'
import { ownExpense } from './own-expense.ts'
import { type ActionDelivery, idOf, metadataOf, type PressedView } from './payloads.ts'
import type { SlackChannel } from './slack-channel.ts'
import { decideMetadata } from './submit-forms.ts'

const verdicts: Record<string, Verdict> = {
  [actions.approveByCode]: 'approve',
  [actions.reject]: 'reject',
  [actions.sendBack]: 'send_back',
  [actions.ask]: 'ask',
}
const titles = { approve: 'Approve', reject: 'Reject', send_back: 'Send back', ask: 'Ask' }

/** Asks for the words of a rejection, a send-back or a question, and for a large amount a code. */
export async function openDecisionForm(
  slack: SlackChannel,
  triggerId: string,
  action: ActionDelivery,
): Promise<void> {
  const verdict = verdicts[action.actionId] ?? 'reject'
  const fill = (tx: Tx) => decisionForm(tx, { approvalId: action.value, verdict, resent: 0 })
  await openAndFill(slack, triggerId, { who: action, title: () => titles[verdict], fill })
}

async function decisionForm(
  tx: Tx,
  { approvalId, verdict, resent }: Pick<DecisionModalView, 'approvalId' | 'verdict' | 'resent'>,
): Promise<ModalView> {
  const expense = await askedExpense(tx, approvalId)
  const needsCode = expense.needsCode && verdict !== 'ask'
  const code = needsCode ? await sendCode(tx, { approvalId }) : null
  return decisionModal({ expense, approvalId, verdict, code, resent })
}

/** Sends another code to somebody whose form asks for one. */
export async function sendNewCode(
  slack: SlackChannel,
  action: ActionDelivery,
  view: PressedView,
): Promise<void> {
  const metadata = decideMetadata.safeParse(metadataOf({ view }))
  if (!metadata.success) return
  const { approvalId, verdict, resent } = metadata.data
  const fill = (tx: Tx) => decisionForm(tx, { approvalId, verdict, resent: resent + 1 })
  await fillAgain(slack, view, { who: action, title: () => titles[verdict], fill })
}

/** Asks the submitter for the answer to an approver's question. */
export async function openAnswerForm(
  slack: SlackChannel,
  triggerId: string,
  action: ActionDelivery,
): Promise<void> {
  await openAndFill(slack, triggerId, {
    who: action,
    title: () => 'Answer',
    fill: async (tx) => {
      const expense = await ownExpense(tx, action.value, 'Only the person who was asked can answer.')
      const questions = openQuestions(expense)
      if (questions.length === 0) throw userError('no_question', 'There is no open question any more.')
      return answerModal(expense, questions)
    },
  })
}

/** Offers an approver everything that waits for them, to approve several at once. */
export async function openSeveral(
  slack: SlackChannel,
  triggerId: string,
  action: ActionDelivery,
): Promise<void> {
  await openAndFill(slack, triggerId, {
    who: action,
    title: () => 'Approve several',
    fill: async (tx) => {
      const waiting = await listWaitingExpenses(tx, { limit: mostAtOnce + 1 })
      if (waiting.length === 0) throw userError('nothing_waits', 'Nothing is waiting for you. Well done!')
      return severalModal({ waiting, locale: (await getCompany(tx)).locale })
    },
  })
}

/** Shows an approver everything about the expense. */
export async function openDetails(
  slack: SlackChannel,
  triggerId: string,
  action: ActionDelivery,
): Promise<void> {
  const fill = async (tx: Tx) => detailsModal(await askedExpense(tx, action.value))
  await openAndFill(slack, triggerId, { who: action, title: () => 'Details', fill })
}

/** Shows the other expense that one looks like, to whoever may see that one. */
export async function openTwin(
  slack: SlackChannel,
  triggerId: string,
  action: ActionDelivery,
): Promise<void> {
  const fill = async (tx: Tx) => {
    const [expenseId = '', otherId = ''] = action.value.split(' ').map(idOf)
    const expense = await viewExpense(tx, expenseId)
    const maySee =
      expense?.submitter.id === tx.actor.personId ||
      (tx.actor.personId !== null && (await hasApproval(tx, expenseId, tx.actor.personId)))
    const isNamed = expense?.findings.some(({ relatedExpenseId }) => relatedExpenseId === otherId)
    const other = maySee && isNamed ? await viewExpense(tx, otherId) : null
    if (!other) throw userError('not_yours', 'This expense is not yours to see.')
    return twinModal(other, statusInWords(other.status))
  }
  await openAndFill(slack, triggerId, { who: action, title: () => 'The other expense', fill })
}

/** The expense that the actor is or was asked about by the approval of a button. */
async function askedExpense(tx: Tx, approvalId: string): Promise<ExpenseView> {
  const approval = await subjectOfApproval(tx, idOf(approvalId))
  const { personId } = tx.actor
  const isTheirs = approval !== null && personId !== null && approval.mayLook.includes(personId)
  const expense = isTheirs ? await viewExpense(tx, approval.subjectId, approvalId) : null
  if (!expense) throw userError('not_yours', 'This request is not yours to see.')
  return expense
}
