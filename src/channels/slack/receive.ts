import { actions } from '../../../templates/slack/expense-parts.ts'
import { messageModal } from '../../../templates/slack/modals.ts'
import type { Tx, WorkInHand } from '../../database/index.ts'
import { decideApproval, subjectOfApproval, undoDecision } from '../../features/approvals/index.ts'
import {
  closeSpendRequest,
  discardExpense,
  submitExpense,
  withdrawExpense,
} from '../../features/expenses/index.ts'
import { refreshSurfaces } from '../../features/notifications/index.ts'
import type { Person } from '../../features/people/index.ts'
import { AppError } from '../../kernel/errors.ts'
import { logger } from '../../kernel/logger.ts'
import { receiveSeveral } from './forms/several.ts'
import { showInNamedForm } from './forms/show-in-form.ts'
import { answerInHome, doneInHome } from './home/home.ts'
import { receivePaid } from './home/unpaid-form.ts'
import { confirmByPress, confirmedExpense, isConfirmation } from './intake/confirm-press.ts'
import { answerByPress, isAnswer, showQuestionOf } from './intake/press-question.ts'
import { receiveChange } from './intake/receive-change.ts'
import { receiveForm, tellOfForm } from './intake/receive-form.ts'
import { receiveMessage } from './intake/receive-message.ts'
import { receiveShortcut, tellInForm } from './intake/receive-shortcut.ts'
import { type ActionDelivery, type Delivery, deliverySchema, idOf } from './payloads.ts'
import { asPerson } from './people/as-person.ts'
import { identify } from './people/identify.ts'
import { inWords } from './people/in-words.ts'
import { meetReader, wordsFor } from './people/reader.ts'
import { reply, whisper } from './people/say.ts'
import type { SlackChannel } from './slack-channel.ts'
import { readDelivery } from './transport/deliveries.ts'

/** Works on a stored delivery of Slack. What the person should mend is told to them; then the delivery is done. */
export async function receiveDelivery(
  slack: SlackChannel,
  deliveryId: string,
  work: WorkInHand,
): Promise<void> {
  const delivery = deliverySchema.parse(await readDelivery(slack.database, deliveryId))
  try {
    await receive(slack, { delivery, deliveryId }, work)
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'user') throw error
    logger.info({ code: error.code }, 'told the person')
    await tell(slack, { delivery, deliveryId }, error, work)
    await work.finishAlone()
  }
}

interface Delivered {
  delivery: Delivery
  deliveryId: string
}

function receive(slack: SlackChannel, { delivery, deliveryId }: Delivered, work: WorkInHand): Promise<void> {
  switch (delivery.kind) {
    case 'message':
      return receiveMessage(slack, delivery, deliveryId, work)
    case 'change':
      return receiveChange(slack, delivery, deliveryId, work)
    case 'shortcut':
      return receiveShortcut(slack, delivery, work)
    case 'action':
      return receiveAction(slack, delivery, work)
    case 'several':
      return receiveSeveral(slack, delivery, work)
    case 'paid':
      return receivePaid(slack, delivery, work)
    case 'form':
      return receiveForm(slack, delivery, { deliveryId, work })
  }
}

async function receiveAction(slack: SlackChannel, action: ActionDelivery, work: WorkInHand): Promise<void> {
  const person = await identify(slack, action)
  try {
    await asPerson(slack, person, async (tx) => {
      await work.finish(tx)
      await meetReader(tx, action)
      await perform(slack, tx, action)
    })
    if (!action.channel) doneInHome(slack, action)
  } catch (error) {
    // The card that was pressed may be stale: show its person how things are.
    const isStale = error instanceof AppError && error.kind === 'user' && error.code !== 'button_unknown'
    if (isStale) await refreshPressed(slack, person, action)
    throw error
  }
}

async function perform(slack: SlackChannel, tx: Tx, action: ActionDelivery): Promise<void> {
  if (isConfirmation(action)) return confirmByPress(tx, action)
  if (isAnswer(action)) return answerByPress(tx, action)
  const id = idOf(action.value)
  switch (action.actionId) {
    case actions.submit:
      await submitExpense(tx, id)
      return
    case actions.discard:
      await discardExpense(tx, id)
      return
    case actions.takeBack:
      await withdrawExpense(tx, id)
      return
    case actions.approve:
      await decideApproval(tx, slack.subjects, { approvalId: id, verdict: 'approve' })
      return
    case actions.close:
      await closeSpendRequest(tx, id)
      return
    case actions.undo:
      await undoDecision(tx, slack.subjects, { approvalId: id })
      return
    default:
      logger.warn({ actionId: action.actionId }, 'unknown button')
  }
}

async function refreshPressed(slack: SlackChannel, person: Person, action: ActionDelivery): Promise<void> {
  await asPerson(slack, person, async (tx) => {
    if (isAnswer(action)) return showQuestionOf(tx, action)
    const isDecision = action.actionId === actions.approve || action.actionId === actions.undo
    const approval = isDecision ? await subjectOfApproval(tx, action.value) : null
    const expenseId = isConfirmation(action) ? confirmedExpense(action) : action.value
    await refreshSurfaces(tx, approval?.subjectId ?? expenseId)
  })
}

/** Answers the person: where they wrote or pressed, in their language. */
async function tell(
  slack: SlackChannel,
  { delivery, deliveryId }: Delivered,
  error: AppError,
  work: WorkInHand,
): Promise<void> {
  const words = wordsFor(delivery)
  const saying = inWords(error, words)
  switch (delivery.kind) {
    case 'message':
      // What is only about the writer is nobody else's to read.
      if (isAboutWriter(error) && !delivery.isDirect) {
        const { threadTs = delivery.ts } = delivery
        return whisper(slack, { ...delivery, threadTs }, saying)
      }
      return reply(slack, delivery, { key: deliveryId, saying, work })
    case 'change':
      return
    case 'shortcut':
      return tellInForm(slack, delivery, saying, words)
    case 'action':
      return delivery.channel ? whisper(slack, delivery, saying) : answerInHome(slack, delivery, saying)
    case 'several':
    case 'paid':
      await showInNamedForm(slack, delivery, messageModal(words.common.notDone, saying, words), work)
      return
    case 'form':
      return tellOfForm(slack, delivery, saying, { deliveryId, work })
  }
}

const isAboutWriter = ({ code }: AppError) => code.startsWith('slack_user_') || code === 'person_inactive'
