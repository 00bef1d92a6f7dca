import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { formatInstant } from '../../src/kernel/calendar-date.ts'
import { furtherFacts, policyRemarks, quote, verdictWord, waitingFor } from '../expense-words.ts'
import { type Html, html } from '../html.ts'
import { type Notice, renderPage } from './page.ts'
import { factList, figure, quotation, receiptPictures, remarkList, stepList } from './page-parts.ts'

export interface ApprovalPageView {
  /** As seen from this approval: `viewExpense(tx, expenseId, approvalId)`. */
  expense: ExpenseView
  approvalId: string
  /** Where the form posts `decision` (approve, reject, send_back) and `comment`. */
  action: string
  receiptUrl: (receiptId: string) => string
  /** The approver whom the link was made for. */
  viewer: { name: string }
  notice: Notice | null
  /** What was typed before, when the page comes back with an error. */
  comment: string
  commentError: string | null
}

/** The page behind an approver's link. Opening it changes nothing; only the form decides. */
export function approvalPage(view: ApprovalPageView): string {
  const { expense, approvalId, notice, commentError, viewer } = view
  const step = expense.steps.find(({ approvers }) => approvers.some(isOwn(approvalId)))
  const own = step?.approvers.find(isOwn(approvalId))
  const isOpen = own?.status === 'asked' && expense.requestStatus === 'open'
  const head = isOpen ? asks(expense) : stateOf(expense, step, own)
  return renderPage({
    title: `${head.title} (${expense.number})`,
    company: expense.company.name,
    notice,
    mistakes: isOpen && commentError ? [{ field: 'comment', text: commentError }] : [],
    foot: `This page is for you, ${quote(viewer.name, 60)}. Its address works in your name, so please do not pass it on.`,
    body: html`<article class="sheet">
<div class="first">
<p class="number">${expense.number}</p>
<h1>${head.title}</h1>
${head.more}${figure(expense)}${remarkList(policyRemarks(expense))}${factList(furtherFacts(expense, 'approver'))}</div>
${receiptPictures(expense, view.receiptUrl)}<div class="then">
${stepList(expense, 'Approval', head.reason)}${isOpen ? decisionForm(view, own.because) : ''}</div>
</article>`,
  })
}

type Step = ExpenseView['steps'][number]
type Approver = Step['approvers'][number]

const isOwn = (approvalId: string) => (approver: Approver) => approver.approvalId === approvalId

interface Head {
  title: string
  more: Html
  /** The reason that stands there. */
  reason: string | null
}

function asks({ submitter }: ExpenseView): Head {
  return { title: `${quote(submitter.name, 60)} asks for your approval`, more: html``, reason: null }
}

/** Who decided and when, or why there is nothing to decide. */
function stateOf(expense: ExpenseView, step: Step | undefined, own: Approver | undefined): Head {
  const { number, company } = expense
  if (expense.requestStatus === 'withdrawn') {
    return {
      title: `${number} was taken back by ${quote(expense.submitter.name, 60)}`,
      more: html`<p>There is nothing to decide. If it is submitted again, you are asked again.</p>
`,
      reason: null,
    }
  }
  if (own?.status === 'waiting' && expense.requestStatus === 'open') {
    return {
      title: 'It is not your turn yet',
      more: html`<p>It is waiting for ${waitingFor(expense)} now. You are told when it comes to you.</p>
`,
      reason: null,
    }
  }
  const decider = own?.decided ? own : (step?.approvers.find(hasDecided) ?? lastDecided(expense))
  if (!decider?.decided) {
    return {
      title: 'There is nothing to decide',
      more: html`<p>This request is closed.</p>
`,
      reason: null,
    }
  }
  const { by, at, comment } = decider.decided
  const next = expense.requestStatus === 'open' ? ` It is waiting for ${waitingFor(expense)} now.` : ''
  return {
    title: `${number} was ${verdictWord(decider.status)} by ${quote(by, 60)}`,
    more: html`<p>${formatInstant(at, company.timeZone, company.locale)}.${next}</p>
${comment ? quotation(comment) : ''}`,
    reason: comment,
  }
}

const hasDecided = ({ decided }: Approver) => decided !== null

function lastDecided({ steps }: ExpenseView): Approver | undefined {
  return steps.flatMap(({ approvers }) => approvers).findLast(hasDecided)
}

function decisionForm({ expense, action, comment, commentError }: ApprovalPageView, because: string): Html {
  const described = commentError ? 'comment-hint comment-error' : 'comment-hint'
  const invalid = commentError ? html` aria-invalid="true"` : ''
  const error = commentError
    ? html`<p class="error" id="comment-error">${quote(commentError, 300)}</p>
`
    : ''
  // A text area drops its first line break: the one before the value is not part of it.
  return html`<section aria-labelledby="decide">
<h2 id="decide">Your decision</h2>
<p class="muted because">You are asked because ${quote(because, 200)}.</p>
<form method="post" action="${action}" novalidate>
<div class="field">
<label for="comment">Comment (needed to reject or send back)</label>
<p class="hint" id="comment-hint">${quote(expense.submitter.name, 60)} sees it.</p>
${error}<textarea id="comment" name="comment" rows="3" maxlength="2000" aria-describedby="${described}"${invalid}>
${comment}</textarea>
</div>
<div class="buttons">
<button class="main" name="decision" value="approve">Approve</button>
<button class="grave" name="decision" value="reject">Reject</button>
<button name="decision" value="send_back">Send back</button>
</div>
</form>
</section>
`
}
