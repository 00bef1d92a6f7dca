import { actions } from '../../../templates/slack/expense-parts.ts'
import { messageModal } from '../../../templates/slack/modals.ts'
import { escapeText } from '../../../templates/slack/text.ts'
import { inCompany, type Tx, type WorkInHand } from '../../database/index.ts'
import { decideApproval, subjectOfApproval, undoDecision } from '../../features/approvals/index.ts'
import {
  closeSpendRequest,
  discardExpense,
  draftExpense,
  submitExpense,
  withdrawExpense,
} from '../../features/expenses/index.ts'
import { refreshSurfaces, showSurface } from '../../features/notifications/index.ts'
import type { Person } from '../../features/people/index.ts'
import { acceptFile, cleanFileName } from '../../features/receipts/index.ts'
import { AppError, userError } from '../../kernel/errors.ts'
import { logger } from '../../kernel/logger.ts'
import { readDelivery } from './deliveries.ts'
import { downloadFile } from './download-file.ts'
import { identify } from './identify.ts'
import { type ActionDelivery, type Delivery, deliverySchema, idOf, type MessageDelivery } from './payloads.ts'
import { identifyWriter } from './request-access.ts'
import { receiveSeveral, showInForm } from './several.ts'
import type { SlackChannel } from './slack-channel.ts'
import { postOnce, slackError } from './slack-client.ts'

/** Works on a stored delivery of Slack. What the person should mend is told to them; then the delivery is done. */
export async function receiveDelivery(
  slack: SlackChannel,
  deliveryId: string,
  work: WorkInHand,
): Promise<void> {
  const delivery = deliverySchema.parse(await readDelivery(slack.database, deliveryId))
  try {
    if (delivery.kind === 'message') await receiveMessage(slack, delivery, deliveryId, work)
    else if (delivery.kind === 'action') await receiveAction(slack, delivery, work)
    else await receiveSeveral(slack, delivery, work)
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'user') throw error
    logger.info({ code: error.code }, 'told the person')
    await tell(slack, delivery, deliveryId, inWords(error), work)
  }
}

/** The card is brought up to date meanwhile: its button opens the form that asks for the code. */
function inWords({ code, message }: AppError): string {
  return code === 'step_up_required'
    ? 'Press Approve… once more on the card: it asks for a code now.'
    : message
}

/** Files first sent by mistake and files not ready look alike for a while; after this many tries it is a mistake. */
const triesForFile = 6
const maxBytesOfMessage = 40 * 1024 * 1024

async function receiveMessage(
  slack: SlackChannel,
  message: MessageDelivery,
  deliveryId: string,
  work: WorkInHand,
): Promise<void> {
  const person = await identifyWriter(slack, message)
  if (message.files.length === 0) {
    await tell(
      slack,
      message,
      deliveryId,
      'Drop a photo or PDF of a receipt here, and I will read it for you.',
      work,
    )
    return
  }
  const problems: string[] = []
  const files: { id: string; name: string; bytes: Uint8Array }[] = []
  let total = 0
  for (const file of message.files) {
    try {
      const name = file.name ?? 'receipt'
      if (total > maxBytesOfMessage) {
        throw userError(
          'too_much',
          `${cleanFileName(name)}: this is too much for one message. Please post it in another.`,
        )
      }
      const bytes = await downloadFile(slack, message.teamId, file.url_private_download ?? '')
      total += bytes.byteLength
      acceptFile({ name, bytes })
      files.push({ id: file.id, name, bytes })
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      if (error.kind !== 'user' && work.failures + 1 < triesForFile) throw error
      problems.push(error.message)
    }
  }
  if (problems.length > 0) await say(slack, message, `${deliveryId}:problems`, problems.join('\n'), work)
  await asPerson(slack, person, async (tx) => {
    await work.finish(tx)
    for (const file of files) {
      const expense = await draftExpense(tx, {
        submitterId: person.id,
        source: 'slack',
        deliveryKey: `slack:${message.teamId}:${message.channel}:${message.ts}:${file.id}`,
        files: [file],
        note: message.text,
      })
      await showSurface(tx, {
        kind: 'slack.expense',
        expenseId: expense.id,
        personId: person.id,
        address: {
          teamId: message.teamId,
          channel: message.channel,
          threadTs: message.threadTs ?? message.ts,
        },
      })
    }
  })
}

async function receiveAction(slack: SlackChannel, action: ActionDelivery, work: WorkInHand): Promise<void> {
  const person = await identify(slack, action.teamId, action.userId)
  try {
    await asPerson(slack, person, async (tx) => {
      await work.finish(tx)
      await perform(slack, tx, action)
    })
  } catch (error) {
    // The card that was pressed may be stale: show its person how things are.
    const isStale = error instanceof AppError && error.kind === 'user' && error.code !== 'button_unknown'
    if (isStale) await refreshPressed(slack, person, action)
    throw error
  }
}

async function perform(slack: SlackChannel, tx: Tx, action: ActionDelivery): Promise<void> {
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
    const isDecision = action.actionId === actions.approve || action.actionId === actions.undo
    const approval = isDecision ? await subjectOfApproval(tx, action.value) : null
    await refreshSurfaces(tx, approval?.subjectId ?? action.value)
  })
}

function asPerson<T>(slack: SlackChannel, person: Person, work: (tx: Tx) => Promise<T>): Promise<T> {
  return inCompany(
    slack.database,
    { companyId: person.companyId, actor: { personId: person.id, channel: 'slack' } },
    work,
  )
}

/** Answers the person, then confirms the delivery. */
async function tell(
  slack: SlackChannel,
  delivery: Delivery,
  deliveryId: string,
  text: string,
  work: WorkInHand,
): Promise<void> {
  if (delivery.kind === 'message') await say(slack, delivery, deliveryId, text, work)
  else if (delivery.kind === 'action') await whisper(slack, delivery, text)
  else await showInForm(slack, delivery, messageModal('Not done', text), work)
  await work.finishAlone()
}

/** A reply in the thread of the person's message. */
async function say(
  slack: SlackChannel,
  message: MessageDelivery,
  key: string,
  text: string,
  work: WorkInHand,
): Promise<void> {
  const { client } = await slack.workspaces.of(message.teamId)
  await postOnce(client, {
    key,
    channel: message.channel,
    threadTs: message.threadTs ?? message.ts,
    message: { text: escapeText(text) },
    maybePostedSince: work.attempt > 1 ? work.since : null,
  }).catch((error: unknown) => {
    throw slackError(error)
  })
}

/** A note that only the person who pressed the button sees. */
async function whisper(slack: SlackChannel, action: ActionDelivery, text: string): Promise<void> {
  if (!action.channel) return
  const { client } = await slack.workspaces.of(action.teamId)
  await client.chat
    .postEphemeral({
      channel: action.channel,
      user: action.userId,
      text: escapeText(text),
      ...(action.threadTs ? { thread_ts: action.threadTs } : {}),
    })
    .catch((error: unknown) => {
      throw slackError(error)
    })
}
