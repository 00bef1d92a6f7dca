import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { type CalendarDate, formatDate, formatInstant } from '../../src/kernel/calendar-date.ts'
import { numberAndKind, policyRemarks, quote } from '../expense-words.ts'
import { furtherFacts } from '../fact-words.ts'
import { type Html, html } from '../html.ts'
import { askOf, deciderText, ownReason, verdictWord, waitingFor } from '../step-words.ts'
import { isObjection } from '../steps.ts'
import { rollbackOf } from '../undone-words.ts'
import { type CodeStep, codeForm, codeMistakes } from './code-form.ts'
import { type Notice, renderPage } from './page.ts'
import {
  conversationList,
  factList,
  figure,
  quotation,
  receiptPictures,
  remarkList,
  sheetClass,
  stepList,
  writingBox,
} from './page-parts.ts'
import { undoForm, undoneHead } from './undo-parts.ts'

export interface ApprovalPageView {
  /** As seen from this approval: `viewExpense(tx, expenseId, approvalId)`. */
  expense: ExpenseView
  approvalId: string
  /** Where the form posts `decision` (approve, reject, send_back, ask, undo), `comment` and, where it is asked for, `code`. */
  action: string
  /** The page of the approval that stands for this one, where this one was undone and they are asked anew. */
  anewUrl: string | null
  receiptUrl: (receiptId: string) => string
  /** Whom the link was made for: the approver, a delegate, the next one up; also when they are not asked any more. */
  viewer: { id: string; name: string }
  /** Who decides in the place of the viewer at this moment. */
  standIn: { name: string; until: CalendarDate } | null
  /** Where the viewer lets somebody decide for them. */
  delegateUrl: string
  notice: Notice | null
  /** What was typed before, when the page comes back with an error. */
  comment: string
  commentError: string | null
  /** They pressed a button and are to prove that it is them, before it counts. */
  code: CodeStep | null
}

/** The page behind an approver's link. Opening it changes nothing; only the form decides. */
export function approvalPage(view: ApprovalPageView): string {
  const { expense, approvalId, notice, commentError, viewer } = view
  const step = expense.steps.find(({ approvers }) => approvers.some(isOwn(approvalId)))
  const own = step?.approvers.find(isOwn(approvalId))
  const isOpen =
    own?.status === 'asked' && expense.requestStatus === 'open' && own.mayDecide.includes(viewer.id)
  const code = isOpen ? view.code : null
  const rollback = rollbackOf(expense, approvalId)
  const head = isOpen ? asks(view) : rollback ? undoneHead(view, rollback) : stateOf(expense, own)
  return renderPage({
    title: `${head.title} (${expense.number})`,
    company: expense.company.name,
    notice,
    mistakes: code
      ? codeMistakes(code)
      : isOpen && commentError
        ? [{ field: 'comment', text: commentError }]
        : [],
    foot: `This page is for you, ${quote(viewer.name, 60)}. Its address works in your name, so please do not pass it on.`,
    body: html`<article class="${sheetClass(expense)}">
<div class="first">
<p class="number">${numberAndKind(expense)}</p>
<h1>${head.title}</h1>
${head.more}${figure(expense)}${remarkList(policyRemarks(expense))}${factList(furtherFacts(expense, 'approver'))}</div>
${receiptPictures(expense, view.receiptUrl)}<div class="then">
${stepList(expense, { heading: 'Approval', said: head.reason, own: ownReason(approvalId, askOf(expense, approvalId, viewer.id)) })}${conversationList(expense)}${isOpen && expense.question?.approvalId === approvalId ? unanswered : ''}${isOpen ? (code ? '' : decisionForm(view)) : undoForm(view)}${isOpen && !code ? away(view) : ''}</div>
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

function asks(view: ApprovalPageView): Head {
  const { expense, approvalId, viewer, code } = view
  if (code) return { title: 'One more step: is it you?', more: codeForm(view, code), reason: null }
  const title = `${quote(expense.submitter.name, 60)} asks for your approval${expense.kind === 'request' ? ' to spend' : ''}`
  const ask = askOf(expense, approvalId, viewer.id)
  return { title, more: ask ? because(ask) : standInNote(view), reason: null }
}

/** Comes first where it is not their own to decide: they should know in whose place. */
function because(ask: { role: string; because: string }): Html {
  if (ask.role === 'approver') return html``
  return html`<p class="because">You are asked because ${quote(ask.because, 400)}.</p>
`
}

function standInNote({ standIn, expense }: ApprovalPageView): Html {
  if (!standIn) return html``
  const until = formatDate(standIn.until, expense.company.locale)
  return html`<p class="because">${quote(standIn.name, 60)} decides for you until ${until}. You can still decide yourself.</p>
`
}

function away({ delegateUrl }: ApprovalPageView): Html {
  return html`<p><a class="way" href="${delegateUrl}">Away? Let somebody decide for you</a></p>
`
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
  if (own?.status === 'asked' && requestStatus === 'open') {
    return nothing('This is not yours to decide any more', waiting)
  }
  const made = decisiveOf(expense, own)
  if (!made) return nothing('There is nothing to decide', 'This request is closed.')
  const { at, comment } = made.decided
  const by = deciderText(made.decided)
  const when = `${formatInstant(at, company.timeZone, company.locale)}.`
  const { title, more } = isObjection(made.step, made.approver)
    ? nothing(`${by} objected to ${number}`, when, 'This holds nothing up.', waiting)
    : nothing(`${number} was ${verdictWord(made.approver.status)} by ${by}`, when, waiting)
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

function decisionForm(view: ApprovalPageView): Html {
  const { expense, approvalId, viewer, action, comment, commentError } = view
  const ask = askOf(expense, approvalId, viewer.id)
  const box = writingBox({
    name: 'comment',
    label: 'Comment (needed to reject, send back or ask)',
    hint: `${quote(expense.submitter.name, 60)} sees it.`,
    value: comment,
    error: commentError,
  })
  return html`<section aria-labelledby="decide">
<h2 id="decide">Your decision</h2>
${ask?.role === 'approver' ? html`<p class="muted because">You are asked because ${quote(ask.because, 200)}.</p>` : ''}${expense.needsCode ? html`<p class="muted because">Because of the amount, you need a code to decide. It comes when you press a button.</p>` : ''}
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
