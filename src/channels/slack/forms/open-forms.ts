import type { ModalView } from '@slack/types'
import { openQuestions } from '../../../../templates/slack/comments.ts'
import {
  answerModal,
  type DecisionModalView,
  decisionModal,
} from '../../../../templates/slack/decision-modals.ts'
import { actions } from '../../../../templates/slack/expense-parts.ts'
import { mostAtOnce, severalModal } from '../../../../templates/slack/several-modal.ts'
import { twinModal } from '../../../../templates/slack/twin-modal.ts'
import type { Words } from '../../../../templates/slack/words/index.ts'
import type { Tx } from '../../../database/index.ts'
import { hasApproval, sendCode, subjectOfApproval, type Verdict } from '../../../features/approvals/index.ts'
import { type ExpenseView, listWaitingExpenses, viewExpense } from '../../../features/expenses/index.ts'
import type { Reader } from '../../../features/people/index.ts'
import { userError } from '../../../kernel/errors.ts'
import { type ActionDelivery, idOf, metadataOf, type PressedView } from '../payloads.ts'
import { shownTo, waitingFor } from '../people/in-their-language.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { fillAgain, openAndFill } from './fill-forms.ts'
import { ownExpense } from './own-expense.ts'
import { decideMetadata } from './submit-forms.ts'

const verdicts: Record<string, Verdict> = {
  [actions.approveByCode]: 'approve',
  [actions.reject]: 'reject',
  [actions.sendBack]: 'send_back',
  [actions.ask]: 'ask',
}
/** What a button that decides is for. */
export const verdictOf = (actionId: string): Verdict => verdicts[actionId] ?? 'approve'
export const titleOf = (verdict: Verdict) => (words: Words) => words.cards.decide[verdict].verb

/** Asks for the words of a rejection, a send-back or a question, and for a large amount a code. */
export async function openDecisionForm(
  slack: SlackChannel,
  triggerId: string,
  action: ActionDelivery,
): Promise<void> {
  const verdict = verdictOf(action.actionId)
  const fill = (tx: Tx, reader: Reader) =>
    decisionForm(tx, reader, { approvalId: action.value, verdict, resent: 0 })
  await openAndFill(slack, triggerId, { who: action, title: titleOf(verdict), fill })
}

/** The form that asks for the words of a decision, and for a code where it takes one. */
export async function decisionForm(
  tx: Tx,
  reader: Reader,
  { approvalId, verdict, resent }: Pick<DecisionModalView, 'approvalId' | 'verdict' | 'resent'>,
): Promise<ModalView> {
  const expense = await askedExpense(tx, reader, approvalId)
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
  const fill = (tx: Tx, reader: Reader) =>
    decisionForm(tx, reader, { approvalId, verdict, resent: resent + 1 })
  await fillAgain(slack, view, { who: action, title: titleOf(verdict), fill })
}

/** Asks the submitter for the answer to an approver's question. */
export async function openAnswerForm(
  slack: SlackChannel,
  triggerId: string,
  action: ActionDelivery,
): Promise<void> {
  await openAndFill(slack, triggerId, {
    who: action,
    title: ({ cards }) => cards.answer.verb,
    fill: async (tx, reader) => {
      const refusal = 'Only the person who was asked can answer.'
      const expense = shownTo(await ownExpense(tx, action.value, refusal), reader)
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
    title: ({ cards }) => cards.severalForm.title,
    fill: async (tx, reader) => {
      const waiting = await listWaitingExpenses(tx, { limit: mostAtOnce + 1 })
      if (waiting.length === 0) throw userError('nothing_waits', 'Nothing is waiting for you. Well done!')
      return severalModal({ waiting: waitingFor(waiting, reader), locale: reader.locale })
    },
  })
}

/** Shows the other expense that one looks like, to whoever may see that one. */
export async function openTwin(
  slack: SlackChannel,
  triggerId: string,
  action: ActionDelivery,
): Promise<void> {
  const fill = async (tx: Tx, reader: Reader) => {
    const [expenseId = '', otherId = ''] = action.value.split(' ').map(idOf)
    const expense = await viewExpense(tx, expenseId)
    const { personId } = tx.actor
    const maySee =
      personId !== null &&
      (expense?.submitter.id === personId || (await hasApproval(tx, expenseId, personId)))
    if (!expense || !maySee) throw userError('not_yours', 'This expense is not yours to see.')
    const isNamed = expense.findings.some(({ relatedExpenseId }) => relatedExpenseId === otherId)
    const other = isNamed ? await viewExpense(tx, otherId) : null
    if (!other) {
      throw userError(
        'twin_gone',
        `Nothing looks like ${expense.number} any more, so there is nothing to compare.`,
        { details: { number: expense.number } },
      )
    }
    return twinModal(shownTo(other, reader), other.submitter.id === personId)
  }
  await openAndFill(slack, triggerId, { who: action, title: ({ cards }) => cards.twin.title, fill })
}

/** The expense that the actor is or was asked about by the approval of a button. */
export async function askedExpense(tx: Tx, reader: Reader, approvalId: string): Promise<ExpenseView> {
  const approval = await subjectOfApproval(tx, idOf(approvalId))
  const { personId } = tx.actor
  const isTheirs = approval !== null && personId !== null && approval.mayLook.includes(personId)
  const expense = isTheirs ? await viewExpense(tx, approval.subjectId, approvalId) : null
  if (!expense) throw userError('not_yours', 'This request is not yours to see.')
  return shownTo(expense, reader)
}
