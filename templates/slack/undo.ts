import type { KnownBlock } from '@slack/types'
import type { ExpenseView } from '../../src/features/expenses/index.ts'
import * as words from '../undone-words.ts'
import { actions, actionsBlock, button, headline } from './expense-parts.ts'
import { withoutMarks } from './outcome.ts'
import {
  blockQuote,
  context,
  instantText,
  message,
  plain,
  quote,
  type SlackMessage,
  section,
} from './text.ts'

const mark = ':arrows_counterclockwise:'

/** An approval as somebody reads about it who is or was asked to decide it. */
interface Reading {
  approvalId: string
  personId: string
}

/** Takes back one's own decision, as long as that is possible. */
export function undoBlocks(expense: ExpenseView, { approvalId, personId }: Reading): KnownBlock[] {
  const own = expense.canUndo.find((one) => one.approvalId === approvalId && one.personId === personId)
  if (!own) return []
  return [
    actionsBlock('actions', [
      button(actions.undo, 'Undo', approvalId, {
        accessibility_label: `Undo your decision about ${expense.number}`,
        confirm: {
          title: plain('Undo your decision?'),
          text: plain(words.undoConsequencesOf(expense, approvalId), 300),
          confirm: plain('Undo', 30),
          deny: plain('Keep', 30),
        },
      }),
    ]),
    context('undo_until', `You can undo this until ${writing(expense).instant(own.until)}.`),
  ]
}

/** What the card of an approval says that counts no more. */
export function undoneCardTitle(
  expense: ExpenseView,
  { own, later }: words.Rollback,
  { approvalId, personId }: Reading,
): string {
  const { name, instant } = writing(expense)
  const mine = later.find((undone) => undone.approvalId === approvalId)
  if (!mine) {
    const what =
      own.byId === personId
        ? `You took back your ${words.decisionNoun(own)} of ${expense.number}`
        : `${name(own.by)} took back the ${words.decisionNoun(own)} of ${expense.number}`
    return `${mark} *${what}*, ${instant(own.at)}.${whoIsAsked(expense, own, personId)}${reason(own.comment)}`
  }
  const because = `${name(own.by)} took back an earlier decision, ${instant(own.at)}`
  const what =
    mine.what === null
      ? `${expense.number} is not waiting for you any more`
      : `${whose(mine, personId, name)} of ${expense.number} does not count any more`
  return `${mark} *${what}:* ${because}.${whoIsAsked(expense, mine, personId)}${reason(own.comment)}`
}

/** Whom a new message asks: not somebody who decided in the place of another and does so no more. */
function whoIsAsked({ steps }: ExpenseView, undone: words.Rollback['own'], personId: string): string {
  const { freshId } = undone
  const anew = steps
    .flatMap(({ approvers }) => approvers)
    .find(({ approvalId }) => freshId !== null && approvalId === freshId)
  if (anew?.status === 'asked') {
    if (anew.asks.some((ask) => ask.personId === personId)) return ' A new message asks you again.'
    const names = anew.asks.map(({ name }) => quote(name, 60))
    return names.length > 0 ? ` ${names.join(' and ')} ${names.length > 1 ? 'are' : 'is'} asked now.` : ''
  }
  const isTheirs = anew?.status === 'waiting' && undone.personId === personId
  return isTheirs ? ' A new message asks you when it is your turn again.' : ''
}

/** `Your approval`, or `The approval by Bob Smith` for somebody who was asked about the same. */
function whose(undone: words.Rollback['own'], personId: string, name: words.Writing['name']): string {
  const noun = words.decisionNoun(undone)
  const { decided } = undone
  if (decided === null || decided.byId === personId) return `Your ${noun}`
  return `The ${noun} by ${name(decided.by)}`
}

/** Who took back a decision, as a new message in the submitter's thread. */
export function undoneMessage(expense: ExpenseView, approvalId: string): SlackMessage {
  const rollback = words.rollbackOf(expense, approvalId)
  const title = rollback ? takenBackTitle(expense, rollback) : `*${expense.number} is to be decided again.*`
  return message(`${withoutMarks(title)} ${headline(expense)}`, [section('outcome', title)])
}

function takenBackTitle(expense: ExpenseView, { own }: words.Rollback): string {
  const { name, instant } = writing(expense)
  const what = `${name(own.by)} took back the ${words.decisionNoun(own)} of ${expense.number}`
  return `${mark} *${what}*, ${instant(own.at)}. It is to be decided again.${reason(own.comment)}`
}

/** What was taken back, a line each, to stand below the steps. */
export function takenBackLines(expense: ExpenseView): string[] {
  return words.takenBackLines(expense, writing(expense)).map((line) => `${mark} ${line}`)
}

function writing({ company }: ExpenseView): words.Writing {
  return {
    name: (text) => quote(text, 60),
    instant: (at) => instantText(at, company.timeZone, company.locale),
  }
}

const reason = (comment: string | null) => (comment ? `\n${blockQuote(comment)}` : '')
