import { joined } from '../../../../templates/slack/text.ts'
import type { Tx } from '../../../database/index.ts'
import { decideApproval, subjectOfApproval } from '../../../features/approvals/index.ts'
import { commentOnExpense, type ExpenseView, viewExpense } from '../../../features/expenses/index.ts'
import { subjectsOfThread } from '../../../features/notifications/index.ts'
import { asPerson } from '../people/as-person.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { isFirstDelivery } from '../transport/deliveries.ts'
import { answer, type MessageInHand } from './message-in-hand.ts'

/**
 * What somebody writes in a thread about an expense: the submitter's words answer the open question, or are a remark for
 * those who are asked; an approver's are a remark, or ending with a question mark a question, for the submitter. They
 * decide nothing. A short reply says where they went.
 * @returns whether the thread is about anything of theirs
 */
export async function talkInThread(slack: SlackChannel, inHand: MessageInHand): Promise<boolean> {
  const said = await asPerson(slack, inHand.person, async (tx) => {
    const { channel, threadTs = '' } = inHand.message
    const thread = await subjectsOfThread(tx, { personId: inHand.person.id, channel, threadTs })
    const [card] = thread.approvals
    if (card) return sayAsApprover(slack, tx, inHand, card)
    return thread.expenses.length > 0 ? sayAsSubmitter(slack, tx, inHand, thread.expenses) : null
  })
  if (said === null) return false
  if (said === '') await inHand.work.finishAlone()
  else await answer(slack, inHand, said)
  return true
}

/** Of several expenses of a thread the one that is asked about is meant, else one that is under way. */
const mostExpenses = 10

async function sayAsSubmitter(
  slack: SlackChannel,
  tx: Tx,
  inHand: MessageInHand,
  expenseIds: string[],
): Promise<string> {
  const views: ExpenseView[] = []
  for (const id of expenseIds.slice(0, mostExpenses)) {
    const view = await viewExpense(tx, id)
    if (view) views.push(view)
  }
  const asked = views.find(({ question }) => question !== null)
  const { isDirect, isMention } = inHand.message
  // In a channel the submitter may as well be talking to colleagues.
  if (!asked && !isDirect && !isMention) return ''
  const onItsWay = views.find(({ status }) => status === 'awaiting_approval' || status === 'submitted')
  const about = asked ?? onItsWay ?? views[0]
  if (!about) return ''
  const { talk, common } = inHand.words
  const status = common.statuses[about.status]
  switch (about.status) {
    case 'awaiting_approval':
    case 'submitted': {
      const names = asked?.question ? [asked.question.who] : namesOfAsked(about)
      await once(tx, inHand, () => commentOnExpense(tx, slack.subjects, about.id, inHand.message.text))
      return talk.passedOn(about.number, joined(names, 'and', inHand.reader.locale))
    }
    case 'draft':
    case 'sent_back':
    case 'blocked':
      return talk.stillYours(about.number, status)
    case 'approved':
    case 'rejected':
    case 'settled':
    case 'cancelled':
      return talk.nobodyReads(about.number, status)
  }
}

function namesOfAsked({ steps }: ExpenseView): string[] {
  const asked = steps.flatMap(({ approvers }) => approvers).filter(({ status }) => status === 'asked')
  return [...new Set(asked.map(({ name }) => name))].slice(0, 3)
}

async function sayAsApprover(
  slack: SlackChannel,
  tx: Tx,
  inHand: MessageInHand,
  { expenseId, approvalId }: { expenseId: string; approvalId: string },
): Promise<string> {
  const { talk } = inHand.words
  const view = await viewExpense(tx, expenseId, approvalId)
  const approval = await subjectOfApproval(tx, approvalId)
  if (!view || !approval) return ''
  const { text } = inHand.message
  const approver = view.steps
    .flatMap(({ approvers }) => approvers)
    .find((one) => one.approvalId === approvalId)
  const mayDecide = approver?.mayDecide.includes(inHand.person.id) ?? false
  if (mayDecide && /\?\s*$/.test(text)) {
    await once(tx, inHand, () =>
      decideApproval(tx, slack.subjects, { approvalId, verdict: 'ask', comment: text }),
    )
    return talk.askedSubmitter(view.submitter.name)
  }
  await once(tx, inHand, () => commentOnExpense(tx, slack.subjects, expenseId, text))
  const passedOn = talk.passedOn(view.number, view.submitter.name)
  return mayDecide ? `${passedOn} ${talk.decideByButtons}` : passedOn
}

/** Tried again after a failure, the same words are said once. */
async function once(tx: Tx, { deliveryId }: MessageInHand, say: () => Promise<unknown>): Promise<void> {
  if (await isFirstDelivery(tx, `said:${deliveryId}`)) await say()
}
