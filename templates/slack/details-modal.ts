import type { KnownBlock, ModalView } from '@slack/types'
import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { formatDate } from '../../src/kernel/calendar-date.ts'
import { commentText } from './comments.ts'
import { findingLines } from './expense-parts.ts'
import { drawnBlocks, factPairs, sharesBlocks } from './facts.ts'
import { explainedStepLines } from './steps-text.ts'
import { allFields, blockQuote, context, instantText, plain, quote, section, sections } from './text.ts'

/** https://docs.slack.dev/reference/views/modal-views */
const mostBlocks = 100
/** Slack takes 250 KB. */
const mostBytes = 240_000
/** With these there is nearly always room for everything. */
const mostComments = 40
const mostFindings = 20
const mostHistory = 30

/** Everything about one expense: facts, findings, who is asked and why, all that was said, and its history. */
export function detailsModal(expense: ExpenseView): ModalView {
  const { locale } = expense.company
  const findings = findingLines(expense.findings).slice(0, mostFindings)
  return {
    type: 'modal',
    title: plain(expense.number, 24),
    close: plain('Close', 24),
    blocks: fitting([
      ...allFields('facts', [
        ...factPairs(expense),
        ...paidBy(expense),
        ['Submitted by', quote(expense.submitter.name, 60)],
        ['Team', quote(expense.submitter.team ?? '—', 60)],
      ]),
      ...sharesBlocks(expense),
      ...drawnBlocks(expense),
      ...(expense.rate
        ? [context('rate', `Rate ${expense.rate.value} of ${formatDate(expense.rate.date, locale)}`)]
        : []),
      ...(expense.note ? [section('note', `*Note*\n${blockQuote(expense.note, 2000)}`)] : []),
      ...(findings.length > 0 ? sections('findings', ['*What policy says*', ...findings]) : []),
      ...judgedBy(expense),
      ...approval(expense),
      ...comments(expense),
      ...history(expense),
    ]),
  }
}

function paidBy({ kind, paidBy, submitter }: ExpenseView): [string, string][] {
  if (kind === 'request') return []
  return [['Paid by', paidBy === 'person' ? quote(submitter.name, 60) : 'Company']]
}

/** As many as a form may have; what is left out is said. */
function fitting(blocks: KnownBlock[]): KnownBlock[] {
  const most = blocks.length <= mostBlocks ? mostBlocks : mostBlocks - 1
  let bytes = 0
  const end = blocks.findIndex((block, index) => {
    bytes += Buffer.byteLength(JSON.stringify(block))
    return index === most || bytes > mostBytes
  })
  return end === -1 ? blocks : [...blocks.slice(0, end), context('more', 'There is more than fits here.')]
}

function judgedBy({ policy }: ExpenseView): KnownBlock[] {
  return policy
    ? [context('policy', `Judged by “${quote(policy.name)}”, version ${policy.version} of the policies`)]
    : []
}

function approval(expense: ExpenseView): KnownBlock[] {
  if (expense.steps.length > 0) return sections('steps', ['*Approval*', ...explainedStepLines(expense)])
  if (expense.automatic === null) return []
  return [section('steps', `*Approval*\nNobody has to be asked (${quote(expense.automatic, 200)}).`)]
}

function comments(expense: ExpenseView): KnownBlock[] {
  const shown = expense.comments.slice(-mostComments)
  const left = expense.comments.length - shown.length
  return [
    ...(left > 0 ? [context('comments_before', `${left} earlier comments are not shown.`)] : []),
    ...shown.map((comment, index) => section(`comment_${index + 1}`, commentText(comment, expense, 2000))),
  ]
}

function history({ history, company }: ExpenseView): KnownBlock[] {
  const lines = history
    .slice(-mostHistory)
    .map(
      ({ at, who, what, comment }) =>
        `• ${instantText(at, company.timeZone, company.locale)}: ${what} by ${quote(who, 140)}${comment ? ` (“${quote(comment, 300)}”)` : ''}`,
    )
  return lines.length > 0 ? sections('history', ['*History*', ...lines]) : []
}
