import type { KnownBlock } from '@slack/types'
import type { ExpenseView } from '../../src/features/expenses/index.ts'
import * as undone from '../undone-words.ts'
import { actions, actionsBlock, button, headline } from './expense-parts.ts'
import { withoutMarks } from './outcome.ts'
import { whenAndWhere } from './steps-text.ts'
import {
  blockQuote,
  context,
  instantText,
  joined,
  message,
  plain,
  quote,
  type SlackMessage,
  section,
} from './text.ts'
import { wordsOf } from './words/index.ts'

const mark = ':arrows_counterclockwise:'

/** An approval as somebody reads about it who is or was asked to decide it. */
interface Reading {
  approvalId: string
  personId: string
}

/** Takes back one's own decision, as long as that is possible. */
export function undoBlocks(expense: ExpenseView, { approvalId, personId }: Reading): KnownBlock[] {
  const until = undone.undoUntil(expense, approvalId, personId)
  if (!until) return []
  const words = wordsOf(expense.company.locale)
  const texts = words.cards.undo
  return [
    actionsBlock('actions', [
      button(actions.undo, texts.undo, approvalId, {
        accessibility_label: texts.label(expense.number),
        confirm: {
          title: plain(texts.question, 100),
          text: plain(undone.undoConsequencesOf(expense, approvalId, words), 300),
          confirm: plain(texts.undo, 30),
          deny: plain(words.common.keep, 30),
        },
      }),
    ]),
    context('undo_until', texts.until(instantText(until, expense.company))),
  ]
}

/** What the card of an approval says that counts no more. */
export function undoneCardTitle(
  expense: ExpenseView,
  { own, later }: undone.Rollback,
  { approvalId, personId }: Reading,
): string {
  const { number, company } = expense
  const words = wordsOf(company.locale)
  const texts = words.cards.undo
  const when = whenAndWhere(own, expense)
  const mine = later.find((one) => one.approvalId === approvalId)
  if (!mine) {
    const noun = undone.decisionNoun(own, words)
    const what =
      own.byId === personId
        ? texts.youTookBack(noun, number)
        : texts.tookBack(quote(own.by, 60), noun, number)
    return `${mark} *${what}*, ${when}.${whoIsAsked(expense, own, personId)}${reason(own.comment)}`
  }
  const because = texts.tookBackEarlier(quote(own.by, 60), when)
  const what = mine.what === null ? texts.notWaiting(number) : fell(expense, mine, personId)
  return `${mark} *${what}:* ${because}.${whoIsAsked(expense, mine, personId)}${reason(own.comment)}`
}

/** Whom a new message asks: not somebody who decided in the place of another and does so no more. */
function whoIsAsked(
  { steps, company: { locale } }: ExpenseView,
  { freshId, personId: approverId }: undone.Rollback['own'],
  personId: string,
): string {
  const texts = wordsOf(locale).cards.undo
  const anew = steps
    .flatMap(({ approvers }) => approvers)
    .find(({ approvalId }) => freshId !== null && approvalId === freshId)
  if (anew?.status === 'asked') {
    if (anew.asks.some((ask) => ask.personId === personId)) return ` ${texts.asksAgain}`
    const names = anew.asks.map(({ name }) => quote(name, 60))
    return names.length > 0 ? ` ${texts.askedNow(joined(names, 'and', locale), names.length)}` : ''
  }
  const isTheirs = anew?.status === 'waiting' && approverId === personId
  return isTheirs ? ` ${texts.asksLater}` : ''
}

/** `Your approval …`, or `The approval by Bob Smith …` for somebody who was asked about the same. */
function fell({ number, company }: ExpenseView, mine: undone.Rollback['own'], personId: string): string {
  const words = wordsOf(company.locale)
  const noun = undone.decisionNoun(mine, words)
  const { decided } = mine
  return decided === null || decided.byId === personId
    ? words.cards.undo.yoursFell(noun, number)
    : words.cards.undo.fell(noun, quote(decided.by, 60), number)
}

/**
 * Who took back a decision, as a new message: in the submitter's thread, or under the card of somebody whose own decision
 * fell with it.
 */
export function undoneMessage(expense: ExpenseView, { approvalId, personId }: Reading): SlackMessage {
  const rollback = undone.rollbackOf(expense, approvalId)
  const texts = wordsOf(expense.company.locale).cards.undo
  const title = !rollback
    ? texts.toBeDecided(expense.number)
    : personId === expense.submitter.id
      ? takenBackTitle(expense, rollback)
      : undoneCardTitle(expense, rollback, { approvalId, personId })
  return message(`${withoutMarks(title, expense)} ${headline(expense)}`, [section('outcome', title)])
}

function takenBackTitle(expense: ExpenseView, { own }: undone.Rollback): string {
  const words = wordsOf(expense.company.locale)
  const texts = words.cards.undo
  const what = texts.tookBack(quote(own.by, 60), undone.decisionNoun(own, words), expense.number)
  return `${mark} *${what}*, ${whenAndWhere(own, expense)}. ${texts.decideAgain}${reason(own.comment)}`
}

/** What was taken back, a line each, to stand below the steps. */
export function takenBackLines(expense: ExpenseView): string[] {
  const { company } = expense
  const writing: undone.Writing = {
    name: (text) => quote(text, 60),
    instant: (at) => instantText(at, company),
    words: wordsOf(company.locale),
  }
  return undone.takenBackLines(expense, writing).map((line) => `${mark} ${line}`)
}

const reason = (comment: string | null) => (comment ? `\n${blockQuote(comment)}` : '')
