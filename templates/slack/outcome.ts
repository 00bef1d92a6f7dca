import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { headline } from './expense-parts.ts'
import { verdictWord } from './steps-text.ts'
import { blockQuote, instantText, message, quote, type SlackMessage, section } from './text.ts'

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

/** Who decided and when, or why this approver is not asked any more. */
export function outcome(expense: ExpenseView, approvalId: string): string {
  const step = expense.steps.find(({ approvers }) => approvers.some((one) => one.approvalId === approvalId))
  const own = step?.approvers.find((approver) => approver.approvalId === approvalId)
  if (own?.status === 'moved')
    return `*Somebody else decides ${expense.number} now.* There is nothing to do for you.`
  if (expense.requestStatus === 'withdrawn') return withdrawn(expense)
  const decided = own?.decided
    ? own
    : (step?.approvers.find((approver) => approver.decided) ?? lastDecided(expense))
  if (!decided?.decided) return `*${expense.number} is not waiting for you.* There is nothing to decide.`
  const { by, at, comment } = decided.decided
  const when = instantText(at, expense.company.timeZone, expense.company.locale)
  const why = comment ? `\n${blockQuote(comment)}` : ''
  return `${marks[decided.status] ?? ''} *${expense.number} was ${verdictWord(decided.status)} by ${quote(by, 60)}*, ${when}.${why}`
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
