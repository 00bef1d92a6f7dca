import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { formatInstant } from '../../src/kernel/calendar-date.ts'
import { furtherFacts, isObjection, policyRemarks, quote, verdictWord, waitingFor } from '../expense-words.ts'
import { type Html, html } from '../html.ts'
import { rollbackOf } from '../undone-words.ts'
import { type Notice, renderPage } from './page.ts'
import {
  conversationList,
  factList,
  figure,
  quotation,
  receiptPictures,
  remarkList,
  stepList,
  writingBox,
} from './page-parts.ts'
import { undoForm, undoneHead } from './undo-parts.ts'

export interface ApprovalPageView {
  /** As seen from this approval: `viewExpense(tx, expenseId, approvalId)`. */
  expense: ExpenseView
  approvalId: string
  /** Where the form posts `decision` (approve, reject, send_back, ask, undo) and `comment`. */
  action: string
  /** The page of the approval that stands for this one, where this one was undone and they are asked anew. */
  anewUrl: string | null
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
  const rollback = rollbackOf(expense, approvalId)
  const head = isOpen ? asks(expense) : rollback ? undoneHead(view, rollback) : stateOf(expense, own)
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
${stepList(expense, { heading: 'Approval', said: head.reason, own: approvalId })}${conversationList(expense)}${isOpen && expense.question?.approvalId === approvalId ? unanswered : ''}${isOpen ? decisionForm(view, own.because) : undoForm(view)}</div>
</article>`,
  })
}

const unanswered = html`<p class="muted">No answer yet. You can decide all the same.</p>
`

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
function stateOf(expense: ExpenseView, own: Approver | undefined): Head {
  const { number, company, requestStatus } = expense
  const waiting = requestStatus === 'open' ? `It is waiting for ${waitingFor(expense)} now.` : ''
  const nothing = (title: string, ...said: string[]): Head => ({
    title,
    more: html`<p>${said.filter(Boolean).join(' ')}</p>
`,
    reason: null,
  })
  if (requestStatus === 'withdrawn') {
    const title =
      expense.status === 'blocked'
        ? `${number} cannot go on for now`
        : `${number} was taken back by ${quote(expense.submitter.name, 60)}`
    return nothing(title, 'There is nothing to decide. If it is submitted again, you are asked again.')
  }
  if (own?.status === 'moved') return nothing('Somebody else is asked in your place', waiting)
  if (own?.status === 'waiting' && requestStatus === 'open') {
    return nothing('It is not your turn yet', waiting, 'You are told when it comes to you.')
  }
  const made = decisiveOf(expense, own)
  if (!made) return nothing('There is nothing to decide', 'This request is closed.')
  const { by, at, comment } = made.decided
  const when = `${formatInstant(at, company.timeZone, company.locale)}.`
  const { title, more } = isObjection(made.step, made.approver)
    ? nothing(`${quote(by, 60)} objected to ${number}`, when, 'This holds nothing up.', waiting)
    : nothing(`${number} was ${verdictWord(made.approver.status)} by ${quote(by, 60)}`, when, waiting)
  return { title, more: html`${more}${comment ? quotation(comment) : ''}`, reason: comment }
}

interface Made {
  step: Step
  approver: Approver
  decided: NonNullable<Approver['decided']>
}

/** The decision that matters to one approver: what ended the request, else their own, else the last of their step or of all. */
function decisiveOf({ steps, requestStatus }: ExpenseView, own: Approver | undefined): Made | undefined {
  const made = steps
    .flatMap((step) =>
      step.approvers.flatMap((approver) =>
        approver.decided ? [{ step, approver, decided: approver.decided }] : [],
      ),
    )
    .sort((a, b) => a.decided.at.getTime() - b.decided.at.getTime())
  return (
    made.find(
      ({ step, approver }) =>
        step.required && approver.status === requestStatus && requestStatus !== 'approved',
    ) ??
    made.find(({ approver }) => approver === own) ??
    made.findLast(({ step }) => own !== undefined && step.approvers.includes(own)) ??
    made.at(-1)
  )
}

function decisionForm({ expense, action, comment, commentError }: ApprovalPageView, because: string): Html {
  const box = writingBox({
    name: 'comment',
    label: 'Comment (needed to reject, send back or ask)',
    hint: `${quote(expense.submitter.name, 60)} sees it.`,
    value: comment,
    error: commentError,
  })
  return html`<section aria-labelledby="decide">
<h2 id="decide">Your decision</h2>
<p class="muted because">You are asked because ${quote(because, 200)}.</p>
<form method="post" action="${action}" novalidate>
${box}<div class="buttons verdicts">
<button class="main" name="decision" value="approve">Approve</button>
<button class="grave" name="decision" value="reject">Reject</button>
<button name="decision" value="send_back">Send back</button>
<button name="decision" value="ask">Ask a question</button>
</div>
</form>
</section>
`
}
