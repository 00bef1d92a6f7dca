import type { KnownBlock } from '@slack/types'
import type { CommentView, ExpenseView } from '../../src/features/expenses/index.ts'
import { actions, actionsBlock, button, headline } from './expense-parts.ts'
import { blockQuote, context, instantText, message, quote, type SlackMessage, section } from './text.ts'

/** Who said something and what: `Frank Miller asked, Nov 20 at 10:00 AM` over the words. */
export function commentText(comment: CommentView, view: ExpenseView, length: number): string {
  const when = instantText(comment.at, view.company.timeZone, view.company.locale)
  return `:speech_balloon: *${quote(comment.who, 60)} ${verbOf(comment, view)}*, ${when}\n${blockQuote(comment.text, length)}`
}

/** What was said last, for an approver. */
export function latestComments(view: ExpenseView, count: number): KnownBlock[] {
  return view.comments
    .slice(-count)
    .map((comment, index) => section(`comment_${index + 1}`, commentText(comment, view, 400)))
}

/** What the submitter was asked since they said something, while there still is something to decide. */
export function openQuestions({ comments, question, submitter }: ExpenseView): CommentView[] {
  if (!question) return []
  const lastAnswer = comments.findLastIndex(({ personId }) => personId === submitter.id)
  return comments.slice(lastAnswer + 1).filter(({ kind }) => kind === 'question')
}

export function answerButton(view: ExpenseView) {
  return button(actions.answer, 'Answer', view.id, {
    style: 'primary',
    accessibility_label: `Answer the question about ${view.number}`,
  })
}

/**
 * A question, an answer or a remark as a message of its own: Slack tells nobody of a change to a message. A question
 * can be answered from it for as long as it is open.
 */
export function commentMessage(view: ExpenseView, comment: CommentView): SlackMessage {
  const who = quote(comment.who, 60)
  const title = {
    asked: `${who} asks about ${view.number}`,
    answered: `${who} answered about ${view.number}`,
    wrote: `${who} wrote about ${view.number}`,
  }[verbOf(comment, view)]
  const blocks: KnownBlock[] = [
    section('comment', `:speech_balloon: *${title}:*\n${blockQuote(comment.text, 2000)}`),
  ]
  blocks.push(context('about', headline(view)))
  if (comment.kind === 'question') {
    const isOpen = openQuestions(view).some(({ id }) => id === comment.id)
    blocks.push(
      isOpen ? actionsBlock('actions', [answerButton(view)]) : context('closed', closing(comment, view)),
    )
  }
  return message(`${title}: ${quote(comment.text, 1000)}`, blocks)
}

/** Why a question has no button any more. */
function closing({ id }: CommentView, { comments, submitter }: ExpenseView): string {
  const since = comments.slice(comments.findIndex((one) => one.id === id) + 1)
  const answer = since.find(({ personId }) => personId === submitter.id)
  return answer
    ? `:white_check_mark: Answered: ${quote(answer.text, 300)}`
    : ':heavy_minus_sign: There is nothing to answer any more.'
}

function verbOf(comment: CommentView, { comments, submitter }: ExpenseView): 'asked' | 'answered' | 'wrote' {
  if (comment.kind === 'question') return 'asked'
  const before = comments.slice(
    0,
    comments.findIndex(({ id }) => id === comment.id),
  )
  const wasAsked = before.some(({ kind }) => kind === 'question')
  return comment.personId === submitter.id && wasAsked ? 'answered' : 'wrote'
}
