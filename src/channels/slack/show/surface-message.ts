import { approvalCard } from '../../../../templates/slack/approval-card.ts'
import { blockedMessage } from '../../../../templates/slack/blocked-message.ts'
import { codeMessage } from '../../../../templates/slack/code-message.ts'
import { commentMessage } from '../../../../templates/slack/comments.ts'
import { type DigestView, digestMessage, mostInDigest } from '../../../../templates/slack/digest.ts'
import { expenseMessage } from '../../../../templates/slack/expense-message.ts'
import { outcomeMessage, paidMessage } from '../../../../templates/slack/outcome.ts'
import type { SlackMessage } from '../../../../templates/slack/text.ts'
import { undoneMessage } from '../../../../templates/slack/undo.ts'
import { addToOutbox, type Tx } from '../../../database/index.ts'
import { codeOf, getStepUp } from '../../../features/approvals/index.ts'
import {
  type ExpenseView,
  likelyAnswers,
  listWaitingExpenses,
  summarizeWaiting,
  viewExpense,
} from '../../../features/expenses/index.ts'
import { isLatestDigest, type Surface } from '../../../features/notifications/index.ts'
import { getPerson, listDelegations, readerOf } from '../../../features/people/index.ts'
import { permanentError } from '../../../kernel/errors.ts'
import { questionToShow } from '../intake/show-question.ts'
import { shownTo, waitingFor } from '../people/in-their-language.ts'

/** What a message needs that no transaction may wait for. */
export interface Surroundings {
  /** Runs as the person who reads it. */
  asReader: <T>(run: (tx: Tx) => Promise<T>) => Promise<T>
  /** Slack's id of the receipt's picture; null where there is none. */
  picture: (expense: ExpenseView) => Promise<string | null>
  homeLink: () => Promise<string | null>
  dataKey: string
}

/**
 * What a message shows now, in the language and time zone of the person who reads it; null where there is nothing that is
 * worth a message.
 */
export async function messageOf(surface: Surface, around: Surroundings): Promise<SlackMessage | null> {
  if (surface.kind === 'slack.digest') return digestOf(surface, around)
  const { asReader, dataKey } = around
  if (surface.kind === 'slack.question') {
    return asReader((tx) => questionToShow(tx, surface.questionId ?? ''))
  }
  const expense = await asReader((tx) => expenseOf(tx, surface))
  switch (surface.kind) {
    case 'slack.expense':
      return expenseMessage(expense, await asReader((tx) => likelyAnswers(tx, expense)))
    case 'slack.outcome':
      return surface.approvalId === null
        ? blockedMessage(expense)
        : outcomeMessage(expense, surface.approvalId)
    case 'slack.undone':
      return undoneMessage(expense, { approvalId: surface.approvalId ?? '', personId: surface.personId })
    case 'slack.paid':
      return paidMessage(expense)
    case 'slack.approval':
    case 'slack.reminder': {
      const slackFileId = await around.picture(expense)
      return approvalCard({ expense, slackFileId, ...(await asReader((tx) => cardOf(tx, surface, expense))) })
    }
    case 'slack.code':
      return codeMessage({ expense, ...(await asReader((tx) => codeOn(tx, surface, dataKey))) })
    case 'slack.comment': {
      const comment = expense.comments.find(({ id }) => id === surface.commentId)
      if (!comment) throw permanentError('comment_unknown', 'There is no such comment.')
      return commentMessage(expense, comment)
    }
  }
}

/** The expense as the reader of the message sees it. */
async function expenseOf(tx: Tx, { expenseId, approvalId, personId }: Surface): Promise<ExpenseView> {
  const expense = expenseId === null ? null : await viewExpense(tx, expenseId, approvalId)
  if (!expense) throw permanentError('expense_unknown', 'There is no such expense.')
  return shownTo(expense, await readerOf(tx, personId))
}

/** What a card shows that depends on who reads it. */
async function cardOf(tx: Tx, { kind, personId, approvalId: id }: Surface, expense: ExpenseView) {
  const approvalId = id ?? ''
  const asked = expense.steps
    .flatMap(({ approvers }) => approvers)
    .filter((approver) => approver.approvalId === approvalId)
    .flatMap(({ asks }) => asks.filter(({ role }) => role === 'delegate'))
  const own = asked.length === 0 ? [] : await listDelegations(tx, { personId })
  const holding = own.find(
    ({ state, principal, delegate }) =>
      state === 'active' && principal.id === personId && asked.some((ask) => ask.personId === delegate.id),
  )
  const standIn = holding ? { name: holding.delegate.name, until: holding.to } : null
  return { approvalId, personId, standIn, isReminder: kind === 'slack.reminder' }
}

/** The code that a message shows, as long as it is good for something. When that ends, the message is shown anew. */
async function codeOn(tx: Tx, surface: Surface, dataKey: string) {
  const stepUpId = surface.stepUpId ?? ''
  const { provenAt, isReplaced, expiresAt } = await getStepUp(tx, stepUpId)
  const ended = (endedBy: 'use' | 'newer' | 'time') => ({ code: { endedBy }, expiresAt })
  if (provenAt) return ended('use')
  if (isReplaced) return ended('newer')
  if (expiresAt <= tx.now) return ended('time')
  const options = { notBefore: expiresAt, mergeKey: `${surface.id} expires` }
  await addToOutbox(tx, 'surface.render', { surfaceId: surface.id }, options)
  return { code: codeOf(dataKey, stepUpId), expiresAt }
}

/** null as long as there is nothing to say: nobody needs a new message that nothing waits for them. */
async function digestOf(
  surface: Surface,
  { asReader, homeLink }: Surroundings,
): Promise<SlackMessage | null> {
  const view = await asReader((tx) => waitingOf(tx, surface))
  if (surface.messageTs === null && (view.isOld || view.waiting === null)) return null
  return digestMessage({ ...view, homeLink: view.waiting === null ? null : await homeLink() })
}

async function waitingOf(tx: Tx, surface: Surface): Promise<Omit<DigestView, 'homeLink'>> {
  const reader = await readerOf(tx, surface.personId)
  const isOld = !(await isLatestDigest(tx, surface))
  const { active } = await getPerson(tx, surface.personId)
  if (isOld || !active) return { reader, isOld, waiting: null, oldest: [] }
  const waiting = await summarizeWaiting(tx)
  const oldest = waiting === null ? [] : await listWaitingExpenses(tx, { limit: mostInDigest })
  return { reader, isOld, waiting, oldest: waitingFor(oldest, reader) }
}
