import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { headline } from './expense-parts.ts'
import { deciderText, verdictOf, waitingFor, whenAndWhere } from './steps-text.ts'
import { amountText, blockQuote, instantText, message, quote, type SlackMessage, section } from './text.ts'
import { wordsOf } from './words/index.ts'

type Decided = NonNullable<ExpenseView['undone'][number]['decided']>

const marks = {
  approved: ':white_check_mark:',
  rejected: ':x:',
  sent_back: ':leftwards_arrow_with_hook:',
} as const

/** What was decided, as a new message in the submitter's thread: one that Slack tells them of. */
export function outcomeMessage(expense: ExpenseView, approvalId: string): SlackMessage {
  const title = outcome(expense, approvalId)
  return message(`${withoutMarks(title, expense)} ${headline(expense)}`, [section('outcome', title)])
}

/** That the money is on its way, as a new message in the submitter's thread. */
export function paidMessage(expense: ExpenseView): SlackMessage {
  const { number, amount, companyAmount, company, history } = expense
  const words = wordsOf(company.locale)
  const settled = history.findLast(({ event }) => event === 'settled')
  const worth = amountText(amount, companyAmount, company.locale)
  const what = `*${words.cards.outcome.paid(number, worth)}*`
  const title = settled
    ? `:moneybag: ${what} ${words.cards.outcome.by(deciderText(settled, words))}, ${whenAndWhere(settled, expense)}.`
    : `:moneybag: ${what}`
  return message(`${withoutMarks(title, expense)} ${headline(expense)}`, [section('outcome', title)])
}

/** The same words for notifications and screen readers: no marks, dates as text, what was quoted in one line. */
export function withoutMarks(title: string, { company }: Pick<ExpenseView, 'company'>): string {
  const { quoted } = wordsOf(company.locale).common
  return title
    .replace(/(?:\n>[^\n]*)+/g, (lines) => ` ${quoted(lines.replace(/\n>/g, ' ').trim())}`)
    .replace(/:[a-z_]+: /g, '')
    .replace(/\*/g, '')
    .replace(/<!date[^|]*\|([^>]*)>/g, '$1')
    .replace(/\n/g, ' ')
}

/** Who decided, when and where, or why the reader (if it is one of those who were asked) is not asked any more. */
export function outcome(expense: ExpenseView, approvalId: string, readerId: string | null = null): string {
  const { number, company, requestStatus } = expense
  const { outcome: texts } = wordsOf(company.locale).cards
  const undone = expense.undone.find((one) => one.approvalId === approvalId)
  if (undone?.what && undone.decided) {
    const when = instantText(undone.at, company)
    const back = `:arrows_counterclockwise: ${texts.takenBack(when)}`
    return `${sentence(expense, undone.what, undone.decided)}\n${back}`
  }
  const step = expense.steps.find(({ approvers }) => approvers.some((one) => one.approvalId === approvalId))
  const own = step?.approvers.find((approver) => approver.approvalId === approvalId)
  if (own?.status === 'moved') return texts.moved(number)
  if (requestStatus === 'withdrawn') return withdrawn(expense)
  if (own?.status === 'asked' && requestStatus === 'open') return texts.notYours(number, waitingFor(expense))
  const ending = endedBy(expense)
  if (ending?.decided && ending.approvalId !== approvalId) {
    const isOwn = own?.decided?.byId === readerId && own?.status === 'approved'
    const before = isOwn ? ` ${texts.youHadApproved}` : ''
    return `${sentence(expense, ending.status, ending.decided)}${before}`
  }
  if (own?.decided && step && !step.required && own.status !== 'approved')
    return objection(expense, own.decided)
  const decided = own?.decided
    ? own
    : (step?.approvers.find((approver) => approver.decided) ?? lastDecided(expense))
  if (!decided?.decided) return texts.notWaiting(number)
  const said = sentence(expense, decided.status, decided.decided)
  if (requestStatus !== 'open') return said
  return `${said}\n:hourglass_flowing_sand: ${texts.waitingFor(waitingFor(expense))}`
}

/** The decision that ended a request against the submitter: an approver of a required step made it. */
function endedBy({ requestStatus, steps }: ExpenseView) {
  if (requestStatus !== 'rejected' && requestStatus !== 'sent_back') return undefined
  return steps
    .filter(({ required }) => required)
    .flatMap(({ approvers }) => approvers)
    .findLast(({ status, decided }) => decided && status === requestStatus)
}

/** Of an optional step: it is shown to the others and holds nothing up. */
function objection(expense: ExpenseView, decided: Decided): string {
  const words = wordsOf(expense.company.locale)
  const { decided: said, holdsNothingUp } = words.cards.outcome
  const title = said.objected(expense.number, deciderText(decided, words))
  return `:speech_balloon: *${title}*, ${whenAndWhere(decided, expense)}. ${holdsNothingUp}${why(decided)}`
}

function sentence(expense: ExpenseView, status: string, decided: Decided): string {
  const words = wordsOf(expense.company.locale)
  const verdict = verdictOf(status)
  const title = words.cards.outcome.decided[verdict](expense.number, deciderText(decided, words))
  return `${marks[verdict]} *${title}*, ${whenAndWhere(decided, expense)}.${why(decided)}`
}

const why = ({ comment }: Decided) => (comment ? `\n${blockQuote(comment)}` : '')

/** A request ends undecided when its submitter takes it back, and when nobody is left who may decide it. */
function withdrawn({ number, status, submitter, company }: ExpenseView): string {
  const texts = wordsOf(company.locale).cards.outcome
  return status === 'blocked' ? texts.blocked(number) : texts.withdrawn(number, quote(submitter.name, 60))
}

function lastDecided(expense: ExpenseView) {
  return expense.steps.flatMap(({ approvers }) => approvers).findLast(({ decided }) => decided !== null)
}
