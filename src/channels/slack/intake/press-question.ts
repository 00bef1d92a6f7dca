import { actions } from '../../../../templates/slack/expense-parts.ts'
import type { Tx } from '../../../database/index.ts'
import { refreshQuestion } from '../../../features/notifications/index.ts'
import { type ActionDelivery, idOf } from '../payloads.ts'
import { answerQuestion, type Choice } from './questions.ts'

const names: readonly string[] = [
  actions.oneEach,
  actions.together,
  actions.addToExpense,
  actions.addToOther,
  actions.addToThird,
]

/** Whether a button answers what we asked about files. */
export const isAnswer = ({ actionId }: ActionDelivery) => names.includes(actionId)

/** @throws userError `button_unknown`; as `answerQuestion` */
export async function answerByPress(tx: Tx, { actionId, value }: ActionDelivery): Promise<void> {
  const [questionId = '', expenseId = ''] = value.split(' ')
  const choice: Choice =
    actionId === actions.oneEach
      ? { answer: 'one_each' }
      : actionId === actions.together
        ? { answer: 'together' }
        : { answer: 'added', expenseId: idOf(expenseId) }
  await answerQuestion(tx, idOf(questionId), choice)
}

/** The press came to nothing: what was asked is shown as it is now. */
export async function showQuestionOf(tx: Tx, { value }: ActionDelivery): Promise<void> {
  await refreshQuestion(tx, idOf(value.split(' ')[0] ?? ''))
}
