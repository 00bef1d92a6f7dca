import type { KnownBlock } from '@slack/types'
import type { CommentView, ExpenseView } from '../../src/features/expenses/index.ts'
import { spoke } from '../expense-words.ts'
import { actions, actionsBlock, button, headline } from './expense-parts.ts'
import { blockQuote, context, instantText, message, quote, type SlackMessage, section } from './text.ts'
import { wordsOf } from './words/index.ts'

/** Who said something and what: `Frank Miller asked, Nov 20 at 10:00 AM` over the words. */
export function commentText(comment: CommentView, view: ExpenseView, length: number): string {
  const who = wordsOf(view.company.locale).cards.comments.said[spoke(view, comment)](quote(comment.who, 60))
  const when = instantText(comment.at, view.company)
  return `:speech_balloon: *${who}*, ${when}\n${blockQuote(comment.text, length)}`
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

export function answerButton({ id, number, company }: ExpenseView) {
  const texts = wordsOf(company.locale).cards.comments
  return button(actions.answer, texts.answer, id, {
    style: 'primary',
    accessibility_label: texts.answerLabel(number),
  })
}

/**
 * A question, an answer or a remark as a message of its own: Slack tells nobody of a change to a message. A question
 * can be answered from it for as long as it is open.
 */
export function commentMessage(view: ExpenseView, comment: CommentView): SlackMessage {
  const texts = wordsOf(view.company.locale).cards.comments
  const title = texts.about[spoke(view, comment)](quote(comment.who, 60), view.number)
  const blocks: KnownBlock[] = [
    section('comment', `:speech_balloon: *${title}:*\n${blockQuote(comment.text, 2000)}`),
    context('about', headline(view)),
  ]
  if (comment.kind === 'question') {
    const isOpen = openQuestions(view).some(({ id }) => id === comment.id)
    blocks.push(
      isOpen ? actionsBlock('actions', [answerButton(view)]) : context('closed', closing(comment, view)),
    )
  }
  return message(`${title}: ${quote(comment.text, 1000)}`, blocks)
}

/** Why a question has no button any more. */
function closing({ id }: CommentView, { comments, submitter, company }: ExpenseView): string {
  const texts = wordsOf(company.locale).cards.comments
  const since = comments.slice(comments.findIndex((one) => one.id === id) + 1)
  const answer = since.find(({ personId }) => personId === submitter.id)
  return answer
    ? `:white_check_mark: ${texts.answered(quote(answer.text, 300))}`
    : `:heavy_minus_sign: ${texts.closed}`
}
