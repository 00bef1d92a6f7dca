import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { headline } from './expense-parts.ts'
import { deciderText, verdictWord, waitingFor } from './steps-text.ts'
import { blockQuote, instantText, message, quote, type SlackMessage, section } from './text.ts'

type Decided = NonNullable<ExpenseView['undone'][number]['decided']>

const marks: Record<string, string> = {
  approved: ':white_check_mark:',
  rejected: ':x:',
  sent_back: ':leftwards_arrow_with_hook:',
}

/** What was decided, as a new message in the submitter's thread: one that Slack tells them of. */
export function outcomeMessage(expense: ExpenseView, approvalId: string): SlackMessage {
  const title = outcome(expense, approvalId)
  return message(`${withoutMarks(title)} ${headline(expense)}`, [section('outcome', title)])
}

/** The same words for notifications and screen readers. */
export function withoutMarks(title: string): string {
  return title
    .replace(/:[a-z_]+: /g, '')
    .replace(/\*/g, '')
    .replace(/<!date[^|]*\|([^>]*)>/g, '$1')
}

/** Who decided and when, or why the reader (if it is one of those who were asked) is not asked any more. */
export function outcome(expense: ExpenseView, approvalId: string, readerId: string | null = null): string {
  const undone = expense.undone.find((one) => one.approvalId === approvalId)
  if (undone?.what && undone.decided) {
    const when = instantText(undone.at, expense.company.timeZone, expense.company.locale)
    return `${sentence(expense, undone.what, undone.decided)}\n:arrows_counterclockwise: Taken back, ${when}.`
  }
  const step = expense.steps.find(({ approvers }) => approvers.some((one) => one.approvalId === approvalId))
  const own = step?.approvers.find((approver) => approver.approvalId === approvalId)
  if (own?.status === 'moved')
    return `*Somebody else decides ${expense.number} now.* There is nothing to do for you.`
  if (expense.requestStatus === 'withdrawn') return withdrawn(expense)
  if (own?.status === 'asked' && expense.requestStatus === 'open') {
    return `*${expense.number} is not yours to decide any more.* It is waiting for ${waitingFor(expense)}.`
  }
  const ending = endedBy(expense)
  if (ending?.decided && ending.approvalId !== approvalId) {
    const isOwn = own?.decided?.byId === readerId && own?.status === 'approved'
    const before = isOwn ? ' You had approved it.' : ''
    return `${sentence(expense, ending.status, ending.decided)}${before}`
  }
  if (own?.decided && step && !step.required && own.status !== 'approved')
    return objection(expense, own.decided)
  const decided = own?.decided
    ? own
    : (step?.approvers.find((approver) => approver.decided) ?? lastDecided(expense))
  if (decided?.decided && expense.requestStatus === 'open') {
    return `${sentence(expense, decided.status, decided.decided)}\n:hourglass_flowing_sand: Now waiting for ${waitingFor(expense)}.`
  }
  if (!decided?.decided) return `*${expense.number} is not waiting for you.* There is nothing to decide.`
  return sentence(expense, decided.status, decided.decided)
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
function objection({ number, company }: ExpenseView, decided: Decided): string {
  const { at, comment } = decided
  const when = instantText(at, company.timeZone, company.locale)
  const why = comment ? `\n${blockQuote(comment)}` : ''
  return `:speech_balloon: *${deciderText(decided)} objected to ${number}*, ${when}. It holds nothing up.${why}`
}

function sentence({ number, company }: ExpenseView, status: string, decided: Decided): string {
  const { at, comment } = decided
  const when = instantText(at, company.timeZone, company.locale)
  const why = comment ? `\n${blockQuote(comment)}` : ''
  return `${marks[status] ?? ''} *${number} was ${verdictWord(status)} by ${deciderText(decided)}*, ${when}.${why}`
}

/** A request ends undecided when its submitter takes it back, and when nobody is left who may decide it. */
function withdrawn({ number, status, submitter }: ExpenseView): string {
  return status === 'blocked'
    ? `*${number} cannot go on as it is.* There is nothing to decide.`
    : `*${number} was taken back by ${quote(submitter.name, 60)}.* There is nothing to decide.`
}

function lastDecided(expense: ExpenseView) {
  return expense.steps.flatMap(({ approvers }) => approvers).findLast(({ decided }) => decided !== null)
}
